/** Below the title of an SLO's page: its states, what it is, and the alert that fires. */
import { Button, Group, Paper, Stack, Text } from '@mantine/core';
import { useAlert } from '../../api/alerts';
import type { Slo } from '../../api/types';
import { asSentence, goodWhen } from '../../app/words';
import { AppLink } from '../../parts/AppLink';
import { Ago } from '../../parts/Ago';
import { useAskWhy } from '../../parts/Figure';
import { Problem } from '../../parts/Problem';
import { Said } from '../../parts/Said';
import { State, Status } from '../../parts/Status';

export function Head({ slo }: { slo: Slo }) {
  const good = goodWhen(slo.indicator);
  return (
    <Stack gap="xs">
      <Group gap="md">
        <Status status={slo.status} />
        {slo.alert != null && <State code="firing" />}
        <Text c="dimmed">
          {slo.owner == null ? 'nobody owns this service' : `owned by ${slo.owner}`}
        </Text>
        <Text c="dimmed" component="div">
          {slo.watermark == null ? (
            'no data yet'
          ) : (
            <>
              data up to <Ago at={slo.watermark} />
            </>
          )}
        </Text>
      </Group>
      {(slo.description != null || good !== null) && (
        <Text c="dimmed" maw={900} style={{ overflowWrap: 'anywhere' }}>
          <Said
            text={[slo.description, good]
              .filter((text) => text != null)
              .map(asSentence)
              .join(' ')}
          />
        </Text>
      )}
      {slo.alert != null && <FiringAlert id={slo.alert} />}
    </Stack>
  );
}

/** What fires, in its own words, with a way to its reasons. */
function FiringAlert({ id }: { id: string }) {
  const alert = useAlert(id);
  const ask = useAskWhy();
  if (alert.data === undefined && alert.isError) return <Unread id={id} error={alert.error} />;
  if (alert.data === undefined || alert.data.phase !== 'firing') return null;
  const { severity, firing_since, summary } = alert.data;
  return (
    <Paper
      withBorder
      p="sm"
      bg="var(--surface)"
      role="status"
      // That it fires is read out, and not each time it fires for longer.
      aria-atomic={false}
      aria-relevant="additions"
      style={{
        borderInlineStart: `4px solid var(--${severity === 'page' ? 'exhausted' : 'warning'}-fill)`,
      }}
    >
      <Group justify="space-between" gap="xs">
        <Stack gap={0} miw={0} style={{ flex: '1 1 260px' }}>
          <Group gap="xs">
            <State code="firing" word={`Firing: ${severity}`} />
            <Text c="dimmed" component="div">
              since <Ago at={firing_since} />
            </Text>
          </Group>
          <Text>{asSentence(summary)}</Text>
        </Stack>
        <Group gap="xs">
          <Button variant="default" size="xs" onClick={() => ask(firing_since)}>
            Why it fired
          </Button>
          <AppLink to="/alerts/$id" params={{ id }} fw={600}>
            Open the alert
          </AppLink>
        </Group>
      </Group>
    </Paper>
  );
}

/** That something fires is known, although not what. */
function Unread({ id, error }: { id: string; error: unknown }) {
  return (
    <Stack gap={4}>
      <Problem error={error} what="The alert that fires" />
      <AppLink to="/alerts/$id" params={{ id }} fw={600}>
        Open the alert
      </AppLink>
    </Stack>
  );
}
