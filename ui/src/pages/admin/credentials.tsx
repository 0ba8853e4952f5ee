/** What the lists of tokens and of webhook senders have in common: both let a program in. */
import { Group, Switch, Text } from '@mantine/core';
import { useState, type ReactNode } from 'react';
import { sentenceCase } from '../../app/words';
import { Ago } from '../../parts/Ago';
import { State } from '../../parts/Status';

interface Ending {
  state: string;
  expires_at?: string | null;
}

/** Those in force, and a switch to those that ended. */
export function useInForce<T extends Ending>(items: T[]) {
  const [all, setAll] = useState(false);
  const inForce = items.filter(({ state }) => state === 'active');
  const ended: ReactNode = items.length > inForce.length && (
    <Group>
      <Switch
        label="Show those that ended, too"
        checked={all}
        onChange={(event) => setAll(event.currentTarget.checked)}
      />
    </Group>
  );
  return { inForce, shown: all ? items : inForce, ended };
}

const STATES: Record<string, [code: string, word: string]> = {
  active: ['accepted', 'In force'],
  expired: ['silent', 'Expired'],
  revoked: ['silent', 'Revoked'],
};

export function InForce({ of: { state } }: { of: Ending }) {
  const [code, word] = STATES[state] ?? [state, sentenceCase(state)];
  return <State code={code} word={word} />;
}

export function Expires({ of: { expires_at } }: { of: Ending }) {
  return expires_at == null ? <Dim>never</Dim> : <Ago at={expires_at} />;
}

/** What it is called, its id, and since when it is there. */
export function Called({ of }: { of: { name: string; id: string; created_at: string } }) {
  return (
    <>
      <Text fw={600} style={{ overflowWrap: 'anywhere' }}>
        {of.name}
      </Text>
      <Text c="dimmed" fz="xs" style={{ overflowWrap: 'anywhere' }}>
        {of.id}, made <Ago at={of.created_at} />
      </Text>
    </>
  );
}

export function Dim({ children }: { children: string }) {
  return (
    <Text span inherit c="dimmed">
      {children}
    </Text>
  );
}
