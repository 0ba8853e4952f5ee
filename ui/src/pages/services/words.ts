/** The sentences about services: whether their users get what they were promised. */
import type { Counts, Service, Slo } from '../../api/types';
import { burn, inWords, share } from '../../app/format';
import { allOf, firingBurn, isBlind, nameOf, sentenceCase, someOf } from '../../app/words';

/** How many services stand how, by what their users would say. */
export interface Tally {
  total: number;
  within: number;
  outside: number;
  unseen: number;
  unpromised: number;
  firing: number;
}

export function tally({ total, firing, by_status }: Counts): Tally {
  const of = (...statuses: string[]) =>
    statuses.reduce((sum, status) => sum + (by_status[status] ?? 0), 0);
  const known = Object.values(by_status).reduce((sum, count) => sum + count, 0);
  return {
    total,
    firing,
    within: of('healthy', 'caution', 'warning', 'no_traffic'),
    outside: of('exhausted'),
    unseen: of('no_data', 'unmeasured'),
    unpromised: total - known,
  };
}

/** "Two of twelve services are outside their objectives, and one cannot be seen". */
export function servicesSentence(counts: Counts): string {
  const { total, outside, unseen, firing, within } = tally(counts);
  if (total === 0) return 'No service is known yet';
  const blind = unseen === 0 ? '' : `, and ${inWords(unseen)} cannot be seen`;
  const some = (many: number, one: string, several: string) =>
    sentenceCase(`${someOf(many, total, 'service')} ${many === 1 ? one : several}`);
  const burning = firing === 0 ? '' : `; ${inWords(firing)} ${firing === 1 ? 'burns' : 'burn'} now`;
  if (outside > 0)
    return `${some(outside, 'is outside its objectives', 'are outside their objectives')}${blind}${burning}`;
  if (firing > 0) return `${some(firing, 'burns its budget', 'burn their budgets')}${blind}`;
  if (unseen > 0)
    return `${some(unseen, 'cannot be seen', 'cannot be seen')}${unseen < total ? '; the others are calm' : ''}`;
  if (total === 1 && within === 0) return 'The one service has promised nothing yet';
  return withinSentence(within, total);
}

/** How many keep what they promise: "all three services are within their objectives". */
export function withinSentence(within: number, total: number): string {
  const who = within === total ? allOf(total, 'service') : someOf(within, total, 'service');
  const are =
    within === 1 || total === 1 ? 'is within its objectives' : 'are within their objectives';
  return sentenceCase(`${who} ${are}`);
}

/** How what a service calls does: calm only where all of it is seen, and does well. */
export function callsSentence(calls: Service[], unknown: number): string {
  if (calls.length + unknown === 0) return 'What it leans on, and who leans on it.';
  const sick = calls.filter(isSick).length;
  const unseen = calls.filter((service) => !isSick(service) && isUnseen(service)).length + unknown;
  const parts = [
    ...(sick === 0 ? [] : [`${inWords(sick)} ${sick === 1 ? 'does' : 'do'} badly`]),
    ...(unseen === 0 ? [] : [`${inWords(unseen)} cannot be seen`]),
  ];
  return parts.length === 0 ? 'What it calls is calm.' : `Of what it calls, ${parts.join(', ')}.`;
}

const isSick = ({ firing, status }: Service) => (firing ?? 0) > 0 || status === 'exhausted';
const isUnseen = ({ slos, status }: Service) =>
  slos.length === 0 || status === 'no_data' || status === 'unmeasured';

/** Whether the users of a service are happy: the title of its page. */
export function serviceSentence(service: Service, slos: Slo[]): string {
  const users = `users of ${nameOf(service)}`;
  if (service.slos.length === 0) return sentenceCase(`what ${users} can rely on, nobody has said`);
  const burning = slos.filter((slo) => slo.alert != null);
  const fastest = Math.max(0, ...burning.map((slo) => firingBurn(slo) ?? 0));
  if (burning.length > 0) {
    const pace = fastest > 0 ? `, ${burn(fastest).replace('×', '')} times faster than it may` : '';
    return `${sentenceCase(users)} are being failed: a budget burns${pace}`;
  }
  const spent = slos.filter(({ status }) => status === 'exhausted').length;
  if (spent > 0) return `${sentenceCase(users)} were failed more often than promised`;
  if (slos.every(isBlind)) return `How ${users} fare, nobody can see`;
  const least = Math.min(...slos.map((slo) => slo.budget_remaining ?? Infinity));
  const blind = slos.filter(isBlind).length;
  const unseen = blind === 0 ? '' : `; ${inWords(blind)} of its SLOs cannot be seen`;
  if (slos.some(({ status }) => status === 'warning'))
    return `${sentenceCase(users)} are served as promised, with ${share(least)} of a budget left${unseen}`;
  return `${sentenceCase(users)} are served as promised${unseen}`;
}
