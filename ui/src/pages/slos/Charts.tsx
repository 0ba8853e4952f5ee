/** The panels of an SLO: budget, burn, bad and good events, over the page's range. */
import { Group, Stack, Text } from '@mantine/core';
import { getRouteApi } from '@tanstack/react-router';
import type { Span } from '../../api/slos';
import type { Slo } from '../../api/types';
import { defaultRange, iso, zoomed } from '../../app/range';
import { useAskWhy } from '../../parts/Figure';
import { RangeControl } from '../../parts/RangeControl';
import { SloPanels } from '../../parts/SloPanels';

const route = getRouteApi('/signed-in/slos/$name');

export function Charts({ slo, span }: { slo: Slo; span: Span }) {
  const search = route.useSearch();
  const navigate = route.useNavigate();
  const ask = useAskWhy();
  const go = (change: object) =>
    void navigate({ search: (before) => ({ ...before, ...change }), resetScroll: false });
  const back = () => go({ from: undefined, to: undefined });
  return (
    <Stack gap="sm" component="section" aria-label="Charts">
      <Group justify="space-between" gap="xs">
        <RangeControl
          search={search}
          fallback={defaultRange(slo)}
          window={slo.window}
          onRange={(range) => go({ range, from: undefined, to: undefined })}
          onBack={back}
        />
        <Text c="dimmed" fz="sm" visibleFrom="md">
          Drag to zoom, double click to go back, click a point to explain it. Times are UTC.
        </Text>
      </Group>
      <SloPanels
        slo={slo}
        span={span}
        onZoom={({ from, to }) => go(zoomed(from, to))}
        onBack={back}
        onPick={(at) => ask(iso(at * 1000))}
      />
    </Stack>
  );
}
