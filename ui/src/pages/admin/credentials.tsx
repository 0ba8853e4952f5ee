/** What the lists of tokens and of webhook senders have in common: both let a program in. */
import { Group, Stack, Switch, Text } from '@mantine/core';
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

/** What it is called, its id, and since when it is there where that is said nowhere else. */
export function Called({ of, made }: { of: { name: string; id: string }; made?: string }) {
  return (
    <Stack gap={0} miw={0}>
      <Text fw={600} style={{ overflowWrap: 'anywhere' }}>
        {of.name}
      </Text>
      <Text c="dimmed" fz="xs" style={{ overflowWrap: 'anywhere' }} component="div">
        {of.id}
        {made !== undefined && (
          <>
            <br />
            made <Ago at={made} />
          </>
        )}
      </Text>
    </Stack>
  );
}

/** What belongs to no team alone. */
export function Whole() {
  return <Dim>the whole installation</Dim>;
}

export function Dim({ children }: { children: string }) {
  return (
    <Text span inherit c="dimmed">
      {children}
    </Text>
  );
}
