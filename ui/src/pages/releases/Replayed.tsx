/** Deciding again from the stored facts: identical, or what differs. */
import { Button, Code, Group, Stack, Text } from '@mantine/core';
import { useReplay } from '../../api/decisions';
import type { Decision, Replay } from '../../api/types';
import { Problem } from '../../parts/Problem';
import { Section } from '../../parts/Section';
import { State } from '../../parts/Status';
import { verdictWord } from '../../parts/Verdict';

export function Replayed({ decision }: { decision: Decision }) {
  const replay = useReplay(decision.id);
  return (
    <Section
      title="Would it decide so again?"
      says="A replay decides from the stored facts and policy, with the engine of today. It changes nothing."
    >
      <Group>
        <Button variant="default" onClick={() => replay.mutate()} loading={replay.isPending}>
          {replay.data ? 'Replay again' : 'Replay the decision'}
        </Button>
      </Group>
      <div aria-live="polite">
        {replay.isError && <Problem error={replay.error} what="The replay" />}
        {replay.data && <Outcome replay={replay.data} />}
      </div>
    </Section>
  );
}

function Outcome({ replay }: { replay: Replay }) {
  const engines =
    replay.engine_then === replay.engine_now
      ? `by the same engine, ${replay.engine_now}`
      : `by ${replay.engine_then} then and ${replay.engine_now} now`;
  return (
    <Stack gap="xs">
      <State
        code={replay.identical ? 'accepted' : 'failed'}
        word={replay.identical ? 'Identical, byte for byte' : 'It differs'}
      />
      <Text>
        {verdictWord(replay.verdict_then)} then, {verdictWord(replay.verdict_now).toLowerCase()}{' '}
        now, {engines}.
      </Text>
      {replay.differences.length > 0 && (
        <Code block fz="sm" style={{ whiteSpace: 'pre-wrap', overflowWrap: 'anywhere' }}>
          {replay.differences.join('\n')}
        </Code>
      )}
    </Stack>
  );
}
