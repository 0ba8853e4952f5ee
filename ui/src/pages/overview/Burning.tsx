/** What burns now. */
import { Stack, Text } from '@mantine/core';
import { FIRING_MAX, useLatest } from '../../api/alerts';
import { asSentence } from '../../app/words';
import { AppLink } from '../../parts/AppLink';
import { State } from '../../parts/Status';
import { graveFirst } from '../alerts/words';
import { Noted } from './Noted';
import { Panel } from './Panel';
import { burningSentence } from './words';

const SHOWN = 4;

export function Burning() {
  const firing = useLatest({ phase: 'firing' }, FIRING_MAX);
  const items = graveFirst(firing.data?.items ?? []);
  const more = firing.data?.next_cursor != null;
  return (
    <Panel
      title={firing.data && burningSentence(items, more)}
      what="What burns"
      error={firing.error}
      retry={() => void firing.refetch()}
      more={
        <AppLink to="/alerts" fz="sm" style={{ whiteSpace: 'nowrap' }}>
          All alerts
        </AppLink>
      }
    >
      {firing.data && items.length === 0 && (
        <Text c="dimmed">No budget burns so fast that someone should act.</Text>
      )}
      <Stack gap="sm">
        {items.slice(0, SHOWN).map((alert) => (
          <Noted
            key={alert.id}
            state={<State code={alert.severity} />}
            link={
              <AppLink to="/alerts/$id" params={{ id: alert.id }} fw={600}>
                {alert.slo}
              </AppLink>
            }
            at={alert.firing_since}
            says={asSentence(alert.summary)}
          />
        ))}
      </Stack>
      {items.length > SHOWN && (
        <Text c="dimmed">
          and {more && 'at least '}
          {items.length - SHOWN} more
        </Text>
      )}
    </Panel>
  );
}
