/** Who owns a service, and how much depends on it. */
import { Text } from '@mantine/core';
import type { Service } from '../../api/types';
import { AppLink } from '../../parts/AppLink';
import { Facts } from '../../parts/Facts';
import { Section } from '../../parts/Section';

const TIERS: Record<number, string> = {
  1: '1: most depends on it',
  2: '2: much depends on it',
  3: '3: little depends on it',
  4: '4: hardly anything depends on it',
};

export function About({ service }: { service: Service }) {
  return (
    <Section title="About it">
      <Facts
        facts={[
          ['Name', service.name],
          ['Owner', <Owner key="owner" service={service} />],
          ['Tier', service.tier == null ? 'not stated' : (TIERS[service.tier] ?? service.tier)],
          ['SLOs', service.slos.length],
        ]}
      />
    </Section>
  );
}

function Owner({ service: { owner } }: { service: Service }) {
  if (owner == null)
    return (
      <Text inherit c="var(--warning-ink)">
        nobody: its alerts go to the default receiver
      </Text>
    );
  return (
    <AppLink to="/admin/teams/$name" params={{ name: owner }} inherit>
      {owner}
    </AppLink>
  );
}
