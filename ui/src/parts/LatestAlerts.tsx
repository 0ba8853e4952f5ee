/** The latest alerts of an SLO or a service, each a way to its own page. */
import { Group, Stack, Text } from '@mantine/core';
import { useLatest, type AlertFilters } from '../api/alerts';
import type { Alert } from '../api/types';
import { duration } from '../app/format';
import { asSentence } from '../app/words';
import { Ago } from './Ago';
import { AppLink } from './AppLink';
import { arrival } from './Arriving';
import { Latest, SHOWN_MAX } from './Latest';
import { State } from './Status';

export function LatestAlerts({ of }: { of: Pick<AlertFilters, 'slo' | 'service'> }) {
  const alerts = useLatest(of, SHOWN_MAX);
  return (
    <Latest
      title="Alerts"
      all={
        <AppLink to="/alerts" search={of} fz="sm">
          All of them
        </AppLink>
      }
      asked={arrival(alerts)}
      of="the alerts"
      works="Alerting itself does not depend on this page."
      items={alerts.data?.items ?? []}
      keyOf={({ id }) => id}
      one={(alert) => <One alert={alert} named={of.slo === undefined} />}
      none={
        <Text c="dimmed">None yet. When an arm fires, the alert and who was told stand here.</Text>
      }
    />
  );
}

function One({ alert, named }: { alert: Alert; named: boolean }) {
  const firing = alert.phase === 'firing';
  return (
    <Stack gap={0}>
      <Group gap="xs">
        <AppLink to="/alerts/$id" params={{ id: alert.id }} underline="hover">
          <State
            code={firing ? alert.severity : 'closed'}
            word={`${firing ? 'Firing' : 'Over'}: ${alert.severity}`}
          />
        </AppLink>
        {named && <Text fw={600}>{alert.slo}</Text>}
        <Text c="dimmed" component="div">
          <Ago at={alert.firing_since} />
          {alert.closed_at != null && `, for ${length(alert)}`}
        </Text>
      </Group>
      <Text fz="sm" style={{ overflowWrap: 'anywhere' }}>
        {asSentence(alert.summary)}
      </Text>
    </Stack>
  );
}

function length({ closed_at, firing_since }: Alert): string {
  return duration(Date.parse(closed_at ?? firing_since) - Date.parse(firing_since));
}
