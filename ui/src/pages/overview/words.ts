/** What a leader reads: each panel's title is a sentence, made here. */
import type { Alert, Decision, KnownViolation, Notification, Standing } from '../../api/types';
import { inWords } from '../../app/format';
import { sentenceCase, someOf } from '../../app/words';
import { notificationsSentence } from '../admin/notifications/words';
import { servicesSentence, tally, withinSentence } from '../services/words';

const DAY_MS = 86_400_000;

/** The title of the page: "Ten of twelve services are within their objectives; one burns now". */
export function overviewSentence({ services }: Standing): string {
  const { total, within, firing } = tally(services);
  if (total === 0) return 'Nothing is measured yet';
  const burning = firing === 0 ? '' : `; ${inWords(firing)} ${firing === 1 ? 'burns' : 'burn'} now`;
  // A single one is said to be what it is: outside, unseen, or promised by nobody.
  if (total === 1 && within === 0) return `${servicesSentence(services)}${burning}`;
  return `${withinSentence(within, total)}${burning}`;
}

/** How many instants fell on each of the last fourteen days, the oldest first. */
export function fortnight(instants: string[], now: number): number[] {
  const days = Array.from({ length: 14 }, () => 0);
  for (const instant of instants) {
    const age = Math.floor((now - Date.parse(instant)) / DAY_MS);
    const day = 13 - age;
    if (age >= 0 && day >= 0) days[day] = (days[day] ?? 0) + 1;
  }
  return days;
}

export interface Weeks {
  /** The last seven days. */
  now: number;
  /** The seven before. */
  before: number;
}

export function weeksOf(days: number[]): Weeks {
  const sum = (part: number[]) => part.reduce((total, day) => total + day, 0);
  return { before: sum(days.slice(0, 7)), now: sum(days.slice(7)) };
}

/** "Four alerts opened this week, three fewer than the week before". */
export function weekSentence({ now, before }: Weeks, one: string, many: string): string {
  const what = now === 1 ? one : many;
  const count = now === 0 ? `no ${one}` : `${inWords(now)} ${what}`;
  const change = now - before;
  if (change === 0) return sentenceCase(`${count} in 7 days, as many as in the 7 before`);
  const much = inWords(Math.abs(change));
  return sentenceCase(`${count} in 7 days, ${much} ${change > 0 ? 'more' : 'fewer'} than before`);
}

/** "One of four releases was denied this week". */
export function deniedSentence(decisions: Pick<Decision, 'verdict'>[], before: number): string {
  const denied = decisions.filter(({ verdict }) => verdict === 'deny').length;
  if (decisions.length === 0) return 'No release was asked about in 7 days';
  const last = before === 0 ? '' : `, ${inWords(before)} in the 7 days before`;
  if (denied === 0) return `No release was denied in 7 days${last}`;
  return sentenceCase(
    `${someOf(denied, decisions.length, 'release')} ${denied === 1 ? 'was' : 'were'} denied in 7 days${last}`,
  );
}

/** "Three alerts fire now"; `more` where there are more than were read. */
export function burningSentence(firing: Alert[], more = false): string {
  if (more) return `More than ${inWords(firing.length)} alerts fire now`;
  if (firing.length === 0) return 'Nothing burns now';
  if (firing.length === 1) return 'One alert fires now';
  return sentenceCase(`${inWords(firing.length)} alerts fire now`);
}

/** Whether everyone who was to be told was told. */
export function toldSentence(items: Notification[], more: boolean, nobody: boolean): string {
  if (nobody) return 'Nobody is told: there is no receiver';
  return notificationsSentence(items, more);
}

/** "One of three known violations is overdue"; `more` where there are more than were read. */
export function owedSentence(debts: Pick<KnownViolation, 'days_left'>[], more = false): string {
  const overdue = debts.filter(({ days_left }) => days_left < 0).length;
  const many = `${more ? 'more than ' : ''}${inWords(debts.length)}`;
  const known = `known ${debts.length === 1 ? 'violation' : 'violations'}`;
  if (overdue === 0) return sentenceCase(`${many} ${known}, none overdue`);
  if (debts.length === 1) return 'The one known violation is overdue';
  return sentenceCase(
    `${inWords(overdue)} of ${many} ${known} ${overdue === 1 ? 'is' : 'are'} overdue`,
  );
}
