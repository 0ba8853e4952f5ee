/** A test of a receiver: a message over every channel, now, and what each provider answers. */
import { Button, Group, Loader, Stack, Text } from '@mantine/core';
import { Failure } from '../../../api/client';
import { useTestReceiver } from '../../../api/receivers';
import type { ChannelTest, Receiver } from '../../../api/types';
import { asSentence, sentenceCase } from '../../../app/words';
import { Refusal } from '../../../parts/Refusal';
import { Section } from '../../../parts/Section';
import { State } from '../../../parts/Status';
import { channelName, took } from './words';

export function Test({ receiver, may }: { receiver: Receiver; may: boolean }) {
  const test = useTestReceiver(receiver.name);
  return (
    <Section
      title="Does it work?"
      says="A test sends a message that says it is one over every channel, and is noted in the history."
      aside={
        may && (
          <Button size="xs" loading={test.isPending} onClick={() => test.mutate()}>
            Send a test
          </Button>
        )
      }
    >
      {!may && (
        <Text c="dimmed">
          Editors{' '}
          {receiver.default || receiver.team == null ? 'of the installation' : 'of its team'} can
          test it.
        </Text>
      )}
      <Stack gap="sm" aria-live="polite">
        {test.isPending && <Waiting receiver={receiver} />}
        {test.isError && <NotSent error={test.error} />}
        {test.data && (
          <Text fw={600}>
            {test.data.passed ? 'Every channel took it.' : 'Not every channel took it.'}
          </Text>
        )}
        {test.data?.channels.map((channel) => (
          <Answer key={channel.channel} answer={channel} />
        ))}
      </Stack>
    </Section>
  );
}

function Waiting({ receiver }: { receiver: Receiver }) {
  return (
    <>
      {receiver.channels.map(({ name }) => (
        <Group key={name} gap="xs">
          <Loader size={14} />
          <Text>{channelName(name)} is asked; an answer takes eight seconds at most.</Text>
        </Group>
      ))}
    </>
  );
}

/** Being told too often is a harm, too: then nothing was sent, and it is said when it can be. */
function NotSent({ error }: { error: Error }) {
  const throttled = error instanceof Failure && error.problem.status === 429;
  if (!throttled) return <Refusal error={error} />;
  return (
    <Text role="alert" c="var(--warning-ink)">
      <b>Nothing was sent.</b> A receiver is tested once in 30 seconds, and six receivers in a
      minute, since a test tells people. {asSentence(error.problem.title)}
    </Text>
  );
}

function Answer({ answer }: { answer: ChannelTest }) {
  return (
    <Stack gap={0}>
      <Group justify="space-between" gap="xs">
        <Text fw={600}>{channelName(answer.channel)}</Text>
        <State code={answer.outcome} word={sentenceCase(answer.outcome)} />
      </Group>
      <Text fz="sm" c="dimmed" style={{ overflowWrap: 'anywhere' }}>
        “{answer.message}”, after {took(answer.duration_ms)}
      </Text>
    </Stack>
  );
}
