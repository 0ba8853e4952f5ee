/** The panels of an SLO: budget, burn, bad and good events, over one range and under one cursor. */
import { Group, SimpleGrid, Skeleton, Stack, Text } from '@mantine/core';
import { getRouteApi } from '@tanstack/react-router';
import { useMemo } from 'react';
import { useAlerts } from '../../api/alerts';
import { useDeployments } from '../../api/deployments';
import { useHistory, type Span } from '../../api/slos';
import type { Alert, Deployment, Slo } from '../../api/types';
import { defaultRange, iso, weekBefore, zoomed } from '../../app/range';
import { deploymentName, plain } from '../../app/words';
import { useAskWhy } from '../../parts/Figure';
import type { Marks } from '../../parts/marks';
import { Problem } from '../../parts/Problem';
import { RangeControl } from '../../parts/RangeControl';
import { columns, seconds, type Columns, type Stretch } from '../../parts/shape';
import { TimeSeries } from '../../parts/TimeSeries';
import { panels } from './panels';

const route = getRouteApi('/signed-in/slos/$name');

export function Charts({ slo, span }: { slo: Slo; span: Span }) {
  const search = route.useSearch();
  const navigate = route.useNavigate();
  const ask = useAskWhy();
  const shown = useMemo(() => ({ from: seconds(span.from), to: seconds(span.to) }), [span]);
  const { history, shaped, earlier } = useColumns(slo, span);
  const marks = useMarks(slo, span, shown.to, shaped);
  const drawn = useMemo(() => shaped && panels(slo, shaped, earlier), [slo, shaped, earlier]);
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
      {history.isError && (
        <Problem
          error={history.error}
          what="The charts"
          works="The numbers above are still right."
          retry={() => void history.refetch()}
        />
      )}
      <SimpleGrid cols={{ base: 1, md: 2 }} spacing="sm">
        {history.isPending &&
          Array.from({ length: 4 }, (_, panel) => <Skeleton key={panel} height={258} />)}
        {drawn?.map((panel) => (
          <TimeSeries
            key={panel.title}
            {...panel}
            starts={shaped?.starts ?? []}
            times={shaped?.times ?? []}
            marks={marks}
            span={shown}
            onZoom={({ from, to }) => go(zoomed(from, to))}
            onBack={back}
            onPick={(at) => ask(iso(at * 1000))}
          />
        ))}
      </SimpleGrid>
    </Stack>
  );
}

/** The points of a span, and those of the week before it. */
function useColumns(slo: Slo, span: Span) {
  const week = useMemo(() => weekBefore(span), [span]);
  const history = useHistory(slo.name, span);
  const before = useHistory(slo.name, week);
  const until = Math.min(seconds(span.to), Math.floor(seconds(slo.as_of)));
  const shaped = useMemo(() => history.data && columns(history.data, until), [history.data, until]);
  const earlier = useMemo(
    () => (week !== null && before.data ? columns(before.data, until) : null),
    [week, before.data, until],
  );
  return { history, shaped, earlier };
}

/** Deployments, alerts and gaps, the same on every panel. */
function useMarks(slo: Slo, span: Span, until: number, shaped: Columns | undefined): Marks {
  const deployments = useDeployments(slo.service, span);
  const alerts = useAlerts(slo.name);
  const known = knownUntil(slo);
  return useMemo(
    () => ({
      triangles: (deployments.data ?? []).map((deployment) => ({
        at: seconds(deployment.deployed_at),
        label: deploymentLabel(deployment),
      })),
      bands: (alerts.data?.items ?? []).map((alert) => ({
        ...stretchOf(alert, until),
        severity: alert.severity,
        label: alertLabel(alert),
      })),
      hatched:
        shaped === undefined
          ? []
          : [...shaped.unmeasured, ...shaped.gaps.filter((gap) => gap.from < known)],
    }),
    [deployments.data, alerts.data, shaped, until, known],
  );
}

/** Until when the lack of samples is a gap; later ones may still be on their way. */
function knownUntil(slo: Slo): number {
  return slo.status === 'no_data' || slo.watermark == null ? Infinity : seconds(slo.watermark);
}

function stretchOf(alert: Alert, until: number): Stretch {
  return {
    from: seconds(alert.opened_at),
    to: alert.closed_at == null ? until : seconds(alert.closed_at),
  };
}

function deploymentLabel(deployment: Deployment): string {
  return `▲ ${deploymentName(deployment)} to ${deployment.environment} (${plain(deployment.class)})`;
}

function alertLabel(alert: Alert): string {
  return alert.kind === 'no_data' ? 'alert: no data' : `alert: ${alert.severity}`;
}
