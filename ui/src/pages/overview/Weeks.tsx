/** Two weeks of counts, day by day: this one solid, the one before faint. */
import { Box, Group, Text } from '@mantine/core';
import { useLatest } from '../../api/alerts';
import { useLatestDeployments } from '../../api/deployments';
import { count } from '../../app/format';
import { useNow } from '../../app/now';
import { AppLink } from '../../parts/AppLink';
import { Cut } from './Cut';
import { Panel } from './Panel';
import { fortnight, weeksOf, weekSentence } from './words';

/** What is counted at most; the API gives no more at a time. */
const COUNTED_MAX = 500;
const MINUTE_MS = 60_000;

export function AlertWeeks() {
  const now = useNow(MINUTE_MS);
  const alerts = useLatest({}, COUNTED_MAX);
  const days = fortnight(
    (alerts.data?.items ?? []).map(({ opened_at }) => opened_at),
    now,
  );
  return (
    <Panel
      title={alerts.data && weekSentence(weeksOf(days), 'alert', 'alerts')}
      what="Alerts of two weeks"
      error={alerts.error}
      retry={() => void alerts.refetch()}
    >
      {alerts.data && <Days days={days} what="alerts" />}
      {alerts.data?.next_cursor != null && <Cut most={COUNTED_MAX} />}
    </Panel>
  );
}

export function DeploymentWeeks() {
  const now = useNow(MINUTE_MS);
  const deployments = useLatestDeployments({}, COUNTED_MAX);
  const days = fortnight(
    (deployments.data ?? []).map(({ deployed_at }) => deployed_at),
    now,
  );
  return (
    <Panel
      title={deployments.data && weekSentence(weeksOf(days), 'deployment', 'deployments')}
      what="Deployments of two weeks"
      error={deployments.error}
      retry={() => void deployments.refetch()}
      more={
        <AppLink
          to="/releases"
          search={{ show: 'deployments' }}
          fz="sm"
          style={{ whiteSpace: 'nowrap' }}
        >
          All deployments
        </AppLink>
      }
    >
      {deployments.data && <Days days={days} what="deployments" />}
      {deployments.data?.length === COUNTED_MAX && <Cut most={COUNTED_MAX} />}
    </Panel>
  );
}

function Days({ days, what }: { days: number[]; what: string }) {
  const most = Math.max(1, ...days);
  const says = `${what} a day for 14 days, the oldest first: ${days.join(', ')}`;
  return (
    <Box role="img" aria-label={says} mt="auto">
      <Group gap={4} wrap="nowrap" align="flex-end" h={84}>
        {days.map((many, index) => (
          <Box key={index} style={{ flex: 1 }} ta="center" ml={index === 7 ? 10 : 0}>
            <Text fz="xs" c="dimmed" lh={1.3}>
              {many > 0 ? count(many) : ''}
            </Text>
            <Box
              h={Math.max(2, (many / most) * 60)}
              style={{
                background: 'var(--line-neutral)',
                opacity: index < 7 ? 0.35 : 1,
                borderRadius: '2px 2px 0 0',
              }}
            />
          </Box>
        ))}
      </Group>
      <Group
        gap={4}
        wrap="nowrap"
        fz="xs"
        c="dimmed"
        style={{ borderTop: '1px solid var(--rule)' }}
        pt={4}
      >
        <Text inherit style={{ flex: 1 }}>
          the 7 days before
        </Text>
        <Text inherit style={{ flex: 1 }} ml={10}>
          the last 7 days
        </Text>
      </Group>
    </Box>
  );
}
