/** How far a message has come, and what its attempts said: a provider's words, shown as text. */
import { Stack, Text } from '@mantine/core';
import type { Notification } from '../api/types';
import { sentenceCase } from '../app/words';
import { Ago } from './Ago';
import { InboxLink } from './InboxLink';
import { State } from './Status';

const WORDS: Record<string, string> = {
  accepted: 'Delivered',
  pending: 'On its way',
  undeliverable: 'Undeliverable',
  superseded: 'Superseded',
};

/** What it tells of: "that an alert opened, over email". `whose` is what it calls the alert. */
export function newsOf({ reminder, transition, channel }: Notification, whose: string): string {
  const many = reminder ?? 0;
  const news =
    many > 0
      ? `reminder ${many} that ${whose} fires`
      : `that ${whose} ${TRANSITIONS[transition] ?? transition}`;
  return channel == null || channel === '' ? news : `${news}, over ${channel}`;
}

const TRANSITIONS: Record<string, string> = {
  opened: 'opened',
  escalated: 'became graver',
  closed: 'is over',
  reopened: 'fires again',
};

export const stateWord = (state: string): string => WORDS[state] ?? sentenceCase(state);

export function DeliveryState({ message }: { message: Notification }) {
  return <State code={message.state} word={stateWord(message.state)} />;
}

/** The last attempt; all of them where one failed. */
export function Attempts({ message }: { message: Notification }) {
  const { attempts, reason, next_attempt_at, state } = message;
  const failed = attempts.some(({ outcome }) => outcome !== 'accepted');
  const shown = failed ? attempts : attempts.slice(-1);
  return (
    <Stack gap={0} fz="sm" c="dimmed" style={{ overflowWrap: 'anywhere' }}>
      {reason != null && (
        <Text inherit {...(state === 'superseded' ? {} : { c: 'var(--exhausted-ink)' })}>
          {sentenceCase(reason)}
        </Text>
      )}
      {shown.map(({ number, outcome, message, at }) => (
        <Text inherit key={number} component="div">
          {failed && `Attempt ${number}: `}
          {outcome}, “{message}”, <Ago at={at} />
        </Text>
      ))}
      {state === 'pending' && next_attempt_at != null && (
        <Text inherit component="div">
          next attempt <Ago at={next_attempt_at} />
        </Text>
      )}
      <InboxLink message={message} />
    </Stack>
  );
}
