/** Whether a receiver, or a channel of one, took what was sent last. */
import type { Receiver, ReceiverChannel } from '../../../api/types';
import { State } from '../../../parts/Status';
import { conditionOf, gravest, type Condition } from './words';

const WORDS: Record<Condition, [code: string, word: string]> = {
  fault: ['undeliverable', 'Cannot be told'],
  failed: ['failed', 'Refused the last'],
  unused: ['silent', 'Not needed yet'],
  fine: ['accepted', 'Took the last'],
};

export function ReceiverState({ receiver }: { receiver: Receiver }) {
  return <Shown condition={gravest(receiver.channels)} />;
}

export function ChannelState({ channel }: { channel: ReceiverChannel }) {
  return <Shown condition={conditionOf(channel)} />;
}

function Shown({ condition }: { condition: Condition }) {
  const [code, word] = WORDS[condition];
  return <State code={code} word={word} />;
}
