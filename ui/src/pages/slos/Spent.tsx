/** What the budget was spent on: each cause with its share, the largest first. */
import { Box, Group, Stack, Text } from '@mantine/core';
import type { ReactNode } from 'react';
import { useLedger } from '../../api/slos';
import type { Deployment, Ledger, LedgerEntry } from '../../api/types';
import { count, duration, share, windowText } from '../../app/format';
import { deploymentName, plain } from '../../app/words';
import { Ago } from '../../parts/Ago';
import { AppLink } from '../../parts/AppLink';
import { arrival, Arriving } from '../../parts/Arriving';
import { Asked } from '../../parts/Figure';
import { Hint } from '../../parts/Hint';
import { Icon } from '../../parts/icons';
import { LoadingBlock } from '../../parts/Loading';
import { Section } from '../../parts/Section';

/** Five causes, and the others. */
const SHOWN = 6;

export function Spent({ slo }: { slo: string }) {
  const ledger = useLedger(slo, SHOWN);
  const asked = arrival(ledger);
  return (
    <Section
      title="What the budget was spent on"
      says={ledger.data && <Rule ledger={ledger.data} />}
    >
      {asked.isPending && <LoadingBlock of="what the budget was spent on" height={120} />}
      <Arriving asked={{ ...asked, isPending: false }} of="what the budget was spent on" />
      {ledger.data && <Entries ledger={ledger.data} />}
    </Section>
  );
}

/** What is put down to what. */
function Rule({ ledger }: { ledger: Ledger }) {
  const { deployment_window, environments } = ledger;
  const to = environments.length === 0 ? '' : ` to ${environments.join(', ')}`;
  return (
    <>
      Every bad {ledger.time_slice == null ? 'event' : 'slice'} of the window, once. A deployment
      {to} answers for {windowText(deployment_window)},{' '}
      <Hint says="And for an outage that begins in that time, however long it lasts. The error-budget policy says how long it is, and which environments count.">
        and for outages that begin in it
      </Hint>
      .
    </>
  );
}

function Entries({ ledger }: { ledger: Ledger }) {
  if (ledger.entries.length === 0) {
    return <Text c="dimmed">Nothing was spent.</Text>;
  }
  return (
    <Stack gap="sm">
      <Stack gap="sm" component="ul" m={0} p={0} style={{ listStyle: 'none' }}>
        {ledger.entries.map((entry) => (
          <One key={keyOf(entry)} entry={entry} />
        ))}
      </Stack>
      <WithoutDeployments ledger={ledger} />
      {ledger.causes_left_out && (
        <Text c="dimmed" fz="sm">
          There were more alerts or deployments than are looked at: what the older ones took has no
          known cause here.
        </Text>
      )}
    </Stack>
  );
}

function keyOf({ cause, deployment, alerts }: LedgerEntry): string {
  return deployment?.id ?? alerts[0] ?? cause;
}

function One({ entry }: { entry: LedgerEntry }) {
  return (
    <Stack gap={3} component="li">
      <Group justify="space-between" gap="md" wrap="nowrap" align="baseline">
        <Box miw={0}>
          <Cause entry={entry} />
        </Box>
        <Text fw={600} style={{ whiteSpace: 'nowrap' }}>
          {share(entry.budget)}{' '}
          <Text span fz="sm" fw={400} c="dimmed">
            of the budget
          </Text>
        </Text>
      </Group>
      <Bar entry={entry} />
      <Text component="div" c="dimmed" fz="sm">
        <Asked name="What was bad" at={entry.to ?? undefined}>
          {count(entry.bad)} bad
        </Asked>
        {entry.minutes != null && ` in ${duration(entry.minutes * 60_000)}`}
        {entry.cause === 'gap' && ', and when they happened is not known'}
        {entry.deployment != null && <Outages alerts={entry.alerts} />}
      </Text>
    </Stack>
  );
}

function Cause({ entry }: { entry: LedgerEntry }): ReactNode {
  const { cause, deployment, alerts, from } = entry;
  if (deployment != null) return <OfDeployment deployment={deployment} />;
  if (cause === 'alert') {
    return (
      <Group gap="xs" component="span">
        <AppLink to="/alerts/$id" params={{ id: alerts[0] ?? '' }} fw={600}>
          An outage
        </AppLink>
        {from != null && (
          <Text span c="dimmed">
            <Ago at={from} />
          </Text>
        )}
      </Group>
    );
  }
  return <Text fw={600}>{IN_WORDS[cause]?.(entry) ?? plain(cause)}</Text>;
}

const IN_WORDS: Record<string, (entry: LedgerEntry) => string> = {
  gap: () => 'Gaps in the telemetry',
  unknown: () => 'No cause that is known',
  others: ({ causes }) => `${count(causes)} others`,
};

function OfDeployment({ deployment }: { deployment: Deployment }) {
  return (
    <Group gap="xs" component="span">
      <Text span lh={0}>
        <Icon name="deploy" size={12} />
      </Text>
      <AppLink
        to="/releases/deployments/$id"
        params={{ id: deployment.id }}
        fw={600}
        style={{ overflowWrap: 'anywhere' }}
      >
        {deploymentName(deployment)}
      </AppLink>
      <Text span>
        {plain(deployment.class)} to {deployment.environment}
      </Text>
      <Text span c="dimmed">
        <Ago at={deployment.deployed_at} />
      </Text>
    </Group>
  );
}

function Outages({ alerts }: { alerts: string[] }) {
  if (alerts.length === 0) return null;
  return (
    <>
      , with{' '}
      {alerts.map((id, index) => (
        <span key={id}>
          {index > 0 && ', '}
          <AppLink to="/alerts/$id" params={{ id }} inherit>
            {alerts.length === 1 ? 'an outage' : `outage ${index + 1}`}
          </AppLink>
        </span>
      ))}
    </>
  );
}

/** As long as its share of all that was spent; paler where no cause is known. */
function Bar({ entry }: { entry: LedgerEntry }) {
  const known = entry.cause === 'deployment' || entry.cause === 'alert';
  return (
    <Box h={8} style={{ background: 'var(--area-neutral)', borderRadius: 2 }} aria-hidden>
      <Box
        h="100%"
        w={`${Math.min(1, entry.share) * 100}%`}
        miw={2}
        style={{
          background: known ? 'var(--line-neutral)' : 'var(--unknown-fill)',
          borderRadius: 2,
        }}
      />
    </Box>
  );
}

/** The same window as if what deployments answer for had not been: the service between releases. */
function WithoutDeployments({
  ledger: { spent, without_deployments: without },
}: {
  ledger: Ledger;
}) {
  if (spent.total === without.total) return null;
  return (
    <Text fz="sm">
      Without deployments:{' '}
      {without.budget == null ? (
        'nothing is left to count.'
      ) : (
        <>
          <b>{share(without.budget)}</b> of the budget spent instead of {share(spent.budget)}.
        </>
      )}
    </Text>
  );
}
