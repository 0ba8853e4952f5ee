/** A known violation: what an SLO is owed, and by when. */
import { Anchor, Group, Stack, Text } from '@mantine/core';
import type { ReactNode } from 'react';
import type { KnownViolation } from '../api/types';
import { asSentence, dueWord } from '../app/words';
import { Said } from './Said';
import { State } from './Status';

interface Props {
  debt: KnownViolation;
  /** What leads to the SLO, where it is not the page's own. */
  of?: ReactNode;
}

export function Debt({ debt: { cause, remedy, mend_by, days_left, tracker }, of }: Props) {
  return (
    <Stack gap={2} style={{ overflowWrap: 'anywhere' }}>
      <Group gap="xs">
        <State code={days_left < 0 ? 'warning' : 'pending'} word={dueWord(days_left)} />
        {of}
        <Text c="dimmed">mend by {mend_by}</Text>
      </Group>
      <Text>
        <Said text={asSentence(cause)} />
      </Text>
      <Text c="dimmed" fz="sm">
        To mend it: <Said text={asSentence(remedy)} />{' '}
        {tracker != null && (
          <Anchor
            inherit
            underline="always"
            href={tracker}
            target="_blank"
            rel="noopener noreferrer"
          >
            Where the work is kept
          </Anchor>
        )}
      </Text>
    </Stack>
  );
}
