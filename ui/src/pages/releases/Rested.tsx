/** What a decision rests on: each SLO and each alert as they stood then. */
import { Group, Stack, Text } from '@mantine/core';
import type { Decision } from '../../api/types';
import { share, utc } from '../../app/format';
import { AppLink } from '../../parts/AppLink';
import { BudgetLeft } from '../../parts/BudgetLeft';
import { Section } from '../../parts/Section';
import { State, Status } from '../../parts/Status';
import { factsOf, type AlertFact, type SloFact } from './words';

export function Rested({ decision }: { decision: Decision }) {
  const { slos, alerts, asOf } = factsOf(decision);
  return (
    <Section
      title="The facts it rests on"
      says={asOf === null ? undefined : `As they were at ${utc(asOf)}.`}
    >
      {slos.length === 0 && <Text>The service has no SLO, so there was nothing to go by.</Text>}
      <Stack gap="md">
        {slos.map((slo) => (
          <OfSlo key={slo.name} slo={slo} at={asOf} />
        ))}
        {alerts.map((alert) => (
          <OfAlert key={alert.id} alert={alert} />
        ))}
      </Stack>
      {slos.length > 0 && alerts.length === 0 && <Text c="dimmed">No alert fired.</Text>}
    </Section>
  );
}

function OfSlo({ slo, at }: { slo: SloFact; at: string | null }) {
  return (
    <Stack gap={4}>
      <Group justify="space-between" gap="xs">
        <AppLink
          to="/slos/$name"
          params={{ name: slo.name }}
          search={at === null ? {} : { explain: at }}
          fw={600}
          style={{ overflowWrap: 'anywhere' }}
        >
          {slo.name}
        </AppLink>
        <Status status={slo.status} />
      </Group>
      <Group justify="space-between" gap="md">
        <BudgetLeft slo={slo} />
        <Text c="dimmed" fz="sm">
          at the worst {share(slo.budget_remaining_worst)} left
          <br />
          {share(slo.coverage)} covered, {share(slo.unmeasured)} unmeasured
        </Text>
      </Group>
    </Stack>
  );
}

function OfAlert({ alert }: { alert: AlertFact }) {
  return (
    <Group gap="xs">
      <State code={alert.severity} word={`Fired: ${alert.severity}`} />
      <AppLink to="/alerts/$id" params={{ id: alert.id }} style={{ overflowWrap: 'anywhere' }}>
        {alert.slo}
      </AppLink>
    </Group>
  );
}
