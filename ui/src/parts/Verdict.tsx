/** What a gate said, and whether it bound anyone. */
import { Group, Text } from '@mantine/core';
import type { Decision } from '../api/types';
import { plain } from '../app/words';
import { State } from './Status';

const WORDS: Record<string, string> = {
  allow: 'Allowed',
  warn: 'Allowed, with care',
  deny: 'Denied',
};

export const verdictWord = (verdict: string): string => WORDS[verdict] ?? plain(verdict);

export function Verdict({ decision }: { decision: Pick<Decision, 'verdict' | 'enforced'> }) {
  return (
    <Group component="span" gap="xs" display="inline-flex">
      <State code={decision.verdict} word={verdictWord(decision.verdict)} />
      {!decision.enforced && (
        <Text span c="dimmed" title="The gate decides but does not bind yet">
          in shadow mode
        </Text>
      )}
    </Group>
  );
}
