/** The alerts of an SLO with their evidence, and what happened to the one that is open. */
import { Box, Button, Group, Skeleton, Stack, Text } from '@mantine/core';
import { getRouteApi } from '@tanstack/react-router';
import { useAlert, useAlerts } from '../../api/alerts';
import type { Alert } from '../../api/types';
import {
  bothZones,
  burn,
  duration,
  factor,
  probability,
  share,
  windowText,
} from '../../app/format';
import { asSentence, sentenceCase } from '../../app/words';
import { Ago } from '../../parts/Ago';
import { useAskWhy } from '../../parts/Figure';
import { Problem } from '../../parts/Problem';
import { Section } from '../../parts/Section';
import { State } from '../../parts/Status';

const route = getRouteApi('/signed-in/slos/$name');
const SHOWN_MAX = 5;

export function Alerts({ slo }: { slo: string }) {
  const alerts = useAlerts(slo);
  const { alert: opened } = route.useSearch();
  const items = alerts.data?.items ?? [];
  const shown = items.filter((alert, index) => index < SHOWN_MAX || alert.id === opened);
  return (
    <Section title="Alerts">
      {alerts.isPending && <Skeleton height={80} />}
      {alerts.isError && (
        <Problem
          error={alerts.error}
          what="The alerts"
          retry={() => void alerts.refetch()}
          works="Alerting itself does not depend on this page."
        />
      )}
      {alerts.data && items.length === 0 && (
        <Text c="dimmed">None yet. When an arm fires, the alert and who was told stand here.</Text>
      )}
      <Stack gap="md">
        {shown.map((alert) => (
          <One key={alert.id} alert={alert} opened={alert.id === opened} />
        ))}
      </Stack>
      {items.length > shown.length && (
        <Text c="dimmed" fz="sm">
          and {items.length - shown.length} older ones
        </Text>
      )}
    </Section>
  );
}

function One({ alert, opened }: { alert: Alert; opened: boolean }) {
  const navigate = route.useNavigate();
  const ask = useAskWhy();
  const toggle = () =>
    void navigate({
      search: (before) => ({ ...before, alert: opened ? undefined : alert.id }),
      resetScroll: false,
    });
  return (
    <Stack gap={4} id={alert.id}>
      <Group justify="space-between" gap="xs">
        <Group gap="xs">
          <State code={alert.phase} />
          <Text>{sentenceCase(alert.severity)}</Text>
          <Text c="dimmed" component="div">
            <Ago at={alert.firing_since} />
            {alert.closed_at != null && `, for ${length(alert)}`}
          </Text>
        </Group>
        <Group gap={4}>
          <Button size="compact-xs" variant="subtle" onClick={() => ask(alert.firing_since)}>
            Explain
          </Button>
          <Button size="compact-xs" variant="subtle" onClick={toggle} aria-expanded={opened}>
            Timeline
          </Button>
        </Group>
      </Group>
      <Text>{asSentence(alert.summary)}</Text>
      <Text c="dimmed" fz="sm">
        {evidence(alert)}
      </Text>
      {opened && <Timeline id={alert.id} />}
    </Stack>
  );
}

function Timeline({ id }: { id: string }) {
  const alert = useAlert(id);
  if (alert.isError)
    return <Problem error={alert.error} what="The timeline" retry={() => void alert.refetch()} />;
  if (alert.data === undefined) return <Skeleton height={60} />;
  return (
    <Box
      component="ol"
      m={0}
      pl="md"
      style={{ listStyle: 'none', borderInlineStart: '2px solid var(--rule)' }}
    >
      {(alert.data.timeline ?? []).map((entry) => (
        <Box component="li" key={`${entry.at} ${entry.event} ${entry.message}`} py={3}>
          <Text inherit>
            <b>{sentenceCase(entry.event)}</b>{' '}
            <Text span c="dimmed" title={bothZones(entry.at)}>
              <Ago at={entry.at} />
            </Text>
          </Text>
          <Text c="dimmed" fz="sm" style={{ overflowWrap: 'anywhere' }}>
            {entry.message}
          </Text>
        </Box>
      ))}
    </Box>
  );
}

/** The numbers an alert fired on. */
function evidence(alert: Alert): string {
  const arms = alert.arms.map(
    (arm) =>
      `${burn(arm.long)} over ${windowText(arm.long_window)} and ${burn(arm.short)} over ${windowText(arm.short_window)} against ${factor(arm.factor)}, by chance ${probability(arm.significance)}`,
  );
  const left =
    alert.budget_remaining == null
      ? []
      : [`${share(alert.budget_remaining)} of the budget left then`];
  return [...arms, ...left].join('; ');
}

function length(alert: Alert): string {
  return duration(
    Date.parse(alert.closed_at ?? alert.firing_since) - Date.parse(alert.firing_since),
  );
}
