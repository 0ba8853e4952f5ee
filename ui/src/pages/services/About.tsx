/** Who owns a service, how much depends on it, and how it is deployed. */
import { Text } from '@mantine/core';
import type { ReactNode } from 'react';
import type { Service } from '../../api/types';
import { count } from '../../app/format';
import { AppLink } from '../../parts/AppLink';
import { Facts } from '../../parts/Facts';
import { Origin } from '../../parts/Origin';
import { Said } from '../../parts/Said';
import { Section } from '../../parts/Section';

/** What the advice comes from. */
const GUIDE = { kind: 'ObjectiveGuide', name: 'default' };

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
          ...cadence(service),
        ]}
      />
    </Section>
  );
}

/** How often it is deployed, and what the guide says to that. */
function cadence({ cadence }: Service): [string, ReactNode][] {
  if (cadence == null) return [];
  const { deployments, advice } = cadence;
  const many = deployments === 1 ? 'once' : `${count(deployments)} times`;
  const deployed: [string, ReactNode] = ['Deployed', `${many} in the last 28 days`];
  if (advice == null) return [deployed];
  return [deployed, ['As it stands', <Advice key="advice" text={advice} />]];
}

function Advice({ text }: { text: string }) {
  return (
    <>
      <Said text={text} />
      <Origin of={GUIDE} subject="By the" />
    </>
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
