/** What is said about receivers. */
import type { Receiver, ReceiverChannel } from '../../../api/types';
import { allOf, sentenceCase, someOf } from '../../../app/words';

/** How a channel did the last time, or why it cannot. */
export type Condition = 'fault' | 'failed' | 'unused' | 'fine';

export function conditionOf({ fault, last }: ReceiverChannel): Condition {
  if (fault != null) return 'fault';
  if (last == null) return 'unused';
  return last.outcome === 'accepted' ? 'fine' : 'failed';
}

/** Of several channels, as the gravest. */
export function gravest(channels: ReceiverChannel[]): Condition {
  const grave: Condition[] = ['fault', 'failed', 'unused', 'fine'];
  const found = channels.map(conditionOf);
  return grave.find((condition) => found.includes(condition)) ?? 'unused';
}

/** The title of the list. */
export function receiversSentence(receivers: Receiver[]): string {
  if (receivers.length === 0) return 'Nobody is told: there is no receiver';
  const channels = receivers.flatMap((receiver) => receiver.channels);
  const bad = channels.filter((channel) => ['fault', 'failed'].includes(conditionOf(channel)));
  if (bad.length > 0)
    return sentenceCase(
      `${someOf(bad.length, channels.length, 'channel')} ${bad.length === 1 ? 'does' : 'do'} not take what is sent`,
    );
  const tried = channels.filter((channel) => conditionOf(channel) === 'fine').length;
  if (tried === 0) return 'No channel was needed yet; a test shows whether it works';
  if (tried < channels.length)
    return sentenceCase(
      `${someOf(tried, channels.length, 'channel')} took what was sent last; ${channels.length - tried === 1 ? 'the other was' : 'the others were'} not needed yet`,
    );
  return sentenceCase(`${allOf(channels.length, 'channel')} took what was sent last`);
}

/** The title of a receiver's page: of what it hears, and whether that arrives. */
export function receiverSentence(receiver: Receiver): string {
  const said = {
    fault: 'and cannot be told over every channel',
    failed: 'and did not take the last message over every channel',
    unused: 'and was not needed yet',
    fine: 'and took what was sent last',
  };
  return `${receiver.name} ${hears(receiver)}, ${said[gravest(receiver.channels)]}`;
}

/** Of what it hears: "hears of what team-shop owns". */
export function hears({ team, default: fallback }: Receiver): string {
  const rest = 'what has no receiver of its own';
  if (team != null) return `hears of what ${team} owns${fallback ? `, and of ${rest}` : ''}`;
  return fallback ? `hears of ${rest}` : 'hears of nothing: it has no team, and is no default';
}

/** How often an alert that goes on is told again. */
export function reminded({ repeat_minutes }: Receiver): string {
  if (repeat_minutes == null) return 'never';
  if (repeat_minutes % 60 === 0) return `every ${repeat_minutes / 60}\u00a0h`;
  return `every ${repeat_minutes}\u00a0min`;
}

/** `webhook:chat` as people say it. */
export function channelName(name: string): string {
  const [kind = name, of] = name.split(':');
  const word = kind === 'email' ? 'E-mail' : sentenceCase(kind);
  return of === undefined ? word : `${word} ${of}`;
}

/** How long an answer took: `80 ms`, `1.2 s`. */
export function took(ms: number): string {
  return ms < 1000 ? `${ms}\u00a0ms` : `${(ms / 1000).toFixed(1)}\u00a0s`;
}
