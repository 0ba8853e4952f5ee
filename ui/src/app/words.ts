/**
 * The sentences of the app, made from codes and numbers.
 *
 * A page's title says where things stand; these functions are the only place that finds the words.
 * They must not claim more than the numbers do: an unknown state is called unknown.
 */
import type { Arm, Counts, Deployment, Indicator, Provenance, Slo, TimeSlice } from '../api/types';
import { now as clockNow } from './now';
import {
  burn,
  clock,
  count,
  day,
  dayAndClock,
  duration,
  exactShare,
  inWords,
  share,
  windowMinutes,
  windowText,
} from './format';
import { goneAt, withinText } from './window';

/** What an SLO can be, gravest first. */
export const STATUSES = [
  'exhausted',
  'no_data',
  'warning',
  'unmeasured',
  'caution',
  'no_traffic',
  'healthy',
];

const STATUS_WORDS: Record<string, string> = {
  healthy: 'Healthy',
  caution: 'Caution',
  warning: 'Warning',
  exhausted: 'Exhausted',
  no_traffic: 'No traffic',
  no_data: 'No data',
  unmeasured: 'Unmeasured',
};

/** Where the statuses begin is the policy's to say: see `statusBounds`. */
const STATUS_MEANINGS: Record<string, string> = {
  healthy: 'Enough of the budget is left for normal speed.',
  caution: 'Less of the budget is left: risky changes need more care.',
  warning: 'Little of the budget is left.',
  exhausted: 'The budget is used up.',
  no_traffic: 'Measured, and nothing happened.',
  no_data: 'Every series fell silent; the state is unknown.',
  unmeasured: 'No sample was ever accepted; the state is unknown.',
};

export const statusWord = (status: string): string => STATUS_WORDS[status] ?? sentenceCase(status);
export const statusMeaning = (status: string): string =>
  STATUS_MEANINGS[status] ?? 'A state this page does not know.';

/** What several of a status are or do: "are healthy", "have no data". */
export function statusVerb(status: string, many: number): string {
  const [one, several] = STATUS_VERBS[status] ?? ['is', 'are'];
  return `${many === 1 ? one : several} ${statusWord(status).toLowerCase()}`;
}

const STATUS_VERBS: Record<string, [one: string, several: string]> = {
  no_data: ['has', 'have'],
  no_traffic: ['has', 'have'],
};

/** Between which shares of the budget the status lies, by the policy's marks. */
export function statusBounds({ status, marks }: Pick<Slo, 'status' | 'marks'>): string | null {
  const { healthy_above, caution_above, warning_above } = marks;
  const [healthy, caution, warning] = [healthy_above, caution_above, warning_above].map(exactShare);
  switch (status) {
    case 'healthy':
      return `Healthy is above ${healthy} of the budget.`;
    case 'caution':
      return `Caution is above ${caution} and up to ${healthy} of the budget.`;
    case 'warning':
      return `Warning is above ${warning} and up to ${caution} of the budget.`;
    case 'exhausted':
      return `Exhausted is at most ${warning} of the budget.`;
    default:
      return null;
  }
}

/** Whose a definition is: "default, shipped with 0.1.0" or "yours, applied by mara on 3 May". */
export function originSentence(
  whose: Pick<Provenance, 'origin' | 'version' | 'changed_at' | 'changed_by'>,
): string {
  if (whose.origin === 'default')
    return whose.version == null ? 'the default' : `the default, shipped with ${whose.version}`;
  const by = whose.changed_by == null ? '' : ` by ${whose.changed_by}`;
  const at = whose.changed_at == null ? '' : ` on ${day(whose.changed_at, clockNow())}`;
  return `yours, applied${by}${at}`;
}

/** What people call it. */
export function nameOf(thing: { name: string; display_name?: string | null }): string {
  return thing.display_name ?? thing.name;
}

/** Whether nobody can tell how it does. */
export function isBlind(slo: Pick<Slo, 'status'>): boolean {
  return slo.status === 'no_data' || slo.status === 'unmeasured';
}

/** Some of all: "two of nine SLOs", "the one SLO"; `last` where only the latest were counted. */
export function someOf(some: number, all: number, noun: string, last = false): string {
  if (all === 1) return `the ${last ? 'last' : 'one'} ${noun}`;
  return `${inWords(some)} of ${last ? 'the last ' : ''}${inWords(all)} ${noun}s`;
}

/** All of them: "all nine SLOs", "the one SLO". */
export function allOf(all: number, noun: string): string {
  return all === 1 ? `the one ${noun}` : `all ${inWords(all)} ${noun}s`;
}

/** The title of the list: "Two of nine SLOs need attention". */
export function listSentence({ total, attention, by_status }: Counts): string {
  if (total === 0) return 'No SLO here';
  const blind = (by_status['no_data'] ?? 0) + (by_status['unmeasured'] ?? 0);
  if (total === 1) return soleSentence(attention, blind);
  const unseen = blind === 0 ? '' : `, and ${inWords(blind)} cannot be seen`;
  if (attention > 0) {
    return sentenceCase(
      `${inWords(attention)} of ${inWords(total)} SLOs ${attention === 1 ? 'needs' : 'need'} attention${unseen}`,
    );
  }
  if (blind > 0)
    return sentenceCase(
      `${inWords(blind)} of ${inWords(total)} SLOs cannot be seen; the others are calm`,
    );
  if (by_status['healthy'] === total) return sentenceCase(`all ${inWords(total)} SLOs are healthy`);
  return sentenceCase(`none of ${inWords(total)} SLOs needs attention`);
}

/** The title of an SLO's page: what is left, and until when. */
export function sloSentence(slo: Slo): string {
  const name = nameOf(slo);
  if (slo.status === 'unmeasured')
    return `${name} has never been measured: no sample has arrived yet`;
  if (slo.status === 'no_data') {
    const since =
      slo.watermark == null ? '' : ` since ${moment(slo.watermark, Date.parse(slo.as_of))}`;
    return `${name} has sent no data${since}; how it does is unknown`;
  }
  if (slo.status === 'no_traffic')
    return slo.period == null
      ? `${name} saw no traffic in the last ${windowText(slo.window)}`
      : `${name} saw no traffic ${withinText(slo)}`;
  const left = slo.budget_remaining;
  if (left == null) return `${name} has no budget to speak of yet`;
  const fire = firingBurn(slo);
  const tooFast = fire === null ? null : `${burn(fire).replace('×', '')} times too fast`;
  if (left <= 0) {
    const spent =
      left === 0 ? 'spent all of its budget' : `overspent its budget by ${share(-left)}`;
    return `${name} has ${spent}${tooFast === null ? '' : ` and still burns it ${tooFast}`}`;
  }
  const lasts = lasting(slo);
  if (tooFast !== null) {
    return `${name} burns its budget ${tooFast}: ${leftWords(slo)} is left${lasts === null ? '' : `, and lasts ${lasts}`}`;
  }
  return `${name} has ${leftWords(slo)} of its budget left${lasts === null ? keeping(slo) : `; at this pace it lasts ${lasts}`}`;
}

/** What an SLO counts: events, or slices of time. */
export function counted({ time_slice }: Pick<Slo, 'time_slice'>): 'events' | 'slices' {
  return time_slice == null ? 'events' : 'slices';
}

/** How its slices count: "slices of 5 min, good when 95 % of their events are". */
export function sliceSentence({ window, target }: TimeSlice): string {
  const slices = `slices of ${windowText(window)}`;
  if (target == null) return `${slices}, for their share of good events`;
  const needed = target === 1 ? 'all' : exactShare(target);
  return `${slices}, good when ${needed} of their events are`;
}

/** Allowed against happened: "48 bad events were allowed in 30 d, and 19 happened". */
export function allowanceSentence(slo: Slo): string | null {
  if (slo.total <= 0 || isBlind(slo)) return null;
  const bad = slo.total - slo.good;
  return `Of ${count(slo.total)} ${counted(slo)} ${slo.period == null ? 'in ' : ''}${withinText(slo)}, ${count(allowedBad(slo))} were allowed to be bad and ${count(bad)} ${bad === 1 ? 'was' : 'were'}.`;
}

/** How many bad events the objective allows of those there were. */
export function allowedBad({ total, objective }: Pick<Slo, 'total' | 'objective'>): number {
  // A whole number that is a hair short of itself is still that number.
  return Math.floor(total * (1 - objective) + 1e-6);
}

/** The burn that matters: that of the arms that fire. */
export function firingBurn(slo: Pick<Slo, 'burn'>): number | null {
  const arm = paceArm(slo);
  return arm?.firing ? (arm.long ?? null) : null;
}

/**
 * The pace the budget is spent at: of what fires, else over the longest window that has traffic.
 */
export function pace(slo: Pick<Slo, 'burn'>): number | null {
  return paceArm(slo)?.long ?? null;
}

/** The arm whose long window tells the pace. */
export function paceArm({ burn }: Pick<Slo, 'burn'>): Arm | null {
  const seen = burn.filter((arm) => arm.long != null);
  const fastest = seen.filter((arm) => arm.firing).sort((a, b) => (b.long ?? 0) - (a.long ?? 0))[0];
  const longest = seen.sort(
    (a, b) => (windowMinutes(b.long_window) ?? 0) - (windowMinutes(a.long_window) ?? 0),
  )[0];
  return fastest ?? longest ?? null;
}

/** When the budget is gone at this pace; null when the pace can be kept for ever, or is unknown. */
function exhaustedAt(slo: Slo): number | null {
  const rate = pace(slo);
  return rate === null ? null : goneAt(slo, slo.budget_remaining ?? 0, rate);
}

const SIGNS: Record<string, string> = { lt: '<', lte: '≤', gt: '>', gte: '≥' };

/** What makes an event good: "observations ≤ 0.3 are good"; null where its counter says so. */
export function goodWhen({ kind, op, bound }: Indicator): string | null {
  if (op == null || bound == null) return null;
  const events = kind === 'gauge' ? 'samples' : 'observations';
  return `${events} ${SIGNS[op] ?? op} ${bound} are good`;
}

/** Why an arm fires, or why it does not; without data, `blind`, nobody knows of traffic. */
export function armSentence(arm: Arm, blind = false): string {
  const none = blind ? 'No data' : 'No traffic';
  if (arm.firing)
    return 'Both windows burn faster than the factor, and chance does not explain it.';
  if (arm.long == null) return `${none} in the long window.`;
  if (arm.long <= arm.factor) return 'The long window burns slower than the factor.';
  if (arm.short == null) return `${none} in the short window.`;
  if (arm.short <= arm.factor) return 'The short window has calmed down.';
  return 'Fast, but so few failures that chance could explain them.';
}

/** What went out: "v1.4.2 (feature)". */
export function deploymentName(deployment: Deployment): string {
  return deployment.version ?? deployment.commit?.slice(0, 10) ?? shortDigest(deployment.artifact);
}

/** `sha256:0123456789…` as `0123456789`. */
export function shortDigest(artifact: string): string {
  return artifact.replace(/^[a-z0-9]+:/, '').slice(0, 12);
}

/** An instant as the server writes it. */
const INSTANT = /\b\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d+)?)?Z/g;

/** A line from the server as a sentence: with a capital, a full stop, and times as people read them. */
export function asSentence(line: string): string {
  // What stands in backticks is to be typed as it is.
  const pieces = line.trim().split('`');
  const text = pieces
    .map((piece, at) =>
      at % 2 === 0 ? piece.replace(INSTANT, (time) => dayAndClock(time)) : piece,
    )
    .join('`');
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}${/[.!?…]$/.test(text) ? '' : '.'}`;
}

/** `reliability_fix` as `reliability fix`. */
export const plain = (code: string): string => code.replaceAll('_', ' ');

export function sentenceCase(text: string): string {
  const words = plain(text);
  return words.charAt(0).toUpperCase() + words.slice(1);
}

/** Whether every word of what was typed is in one of the names. */
export function matches(typed: string, ...names: (string | null | undefined)[]): boolean {
  const hay = names.join(' ').toLowerCase();
  return typed
    .toLowerCase()
    .split(/\s+/)
    .every((word) => hay.includes(word));
}

/** A moment, as near as a sentence needs it: a time of day within a day, else the day. */
export function moment(at: string | number, now: number): string {
  const time = new Date(at).getTime();
  return Math.abs(time - now) < 20 * 3_600_000 ? clock(time) : day(time, now);
}

/** How long the budget lasts at this pace; null when it does not run out, or nobody knows. */
function lasting(slo: Slo): string | null {
  const end = exhaustedAt(slo);
  if (end === null) return null;
  const now = Date.parse(slo.as_of);
  return end - now < 3_600_000 ? `${duration(end - now)} more` : `until ${moment(end, now)}`;
}

function keeping(slo: Slo): string {
  return pace(slo) === null ? '' : '; at this pace it does not run out';
}

function leftWords(slo: Slo): string {
  return share(slo.budget_remaining, {
    worst: slo.budget_remaining_worst,
    best: slo.budget_remaining_best,
  });
}

function soleSentence(attention: number, blind: number): string {
  if (attention > 0) return 'The one SLO here needs attention';
  return blind > 0 ? 'The one SLO here cannot be seen' : 'The one SLO here is calm';
}

/** By when something is owed: "Overdue for two days", "Due today", "Due in 30 days". */
export function dueWord(daysLeft: number): string {
  const days = (count: number) => (count === 1 ? 'a day' : `${inWords(count)} days`);
  if (daysLeft < 0) return `Overdue for ${days(-daysLeft)}`;
  return daysLeft === 0 ? 'Due today' : `Due in ${days(daysLeft)}`;
}
