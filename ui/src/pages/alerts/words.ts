/** The sentences about alerts, and what they suggest doing. */
import type { Alert, Deployment, Service, Slo } from '../../api/types';
import { command } from '../../app/command';
import { burn, duration, inWords, share } from '../../app/format';
import {
  asSentence,
  deploymentName,
  nameOf,
  plain,
  sentenceCase,
  statusWord,
} from '../../app/words';

/** What an alert asks of people, the gravest first. */
export const SEVERITIES = ['page', 'ticket', 'log'];

/** The title of the list: "Two alerts fire: one page and one ticket". */
export function alertsSentence(firing: Pick<Alert, 'severity'>[], more = false): string {
  if (firing.length === 0) return 'No alert fires';
  const kinds = SEVERITIES.map((severity) =>
    counted(firing.filter((alert) => alert.severity === severity).length, severity),
  ).filter((kind) => kind !== '');
  const many = more ? `more than ${inWords(firing.length)}` : inWords(firing.length);
  const verb = firing.length === 1 ? 'alert fires' : 'alerts fire';
  return sentenceCase(`${many} ${verb}: ${listed(kinds)}`);
}

/** Pages before tickets before what is only logged, and the newest first. */
export function graveFirst(alerts: Alert[]): Alert[] {
  const rank = ({ severity }: Alert) => SEVERITIES.indexOf(severity);
  return alerts.toSorted(
    (a, b) => rank(a) - rank(b) || b.firing_since.localeCompare(a.firing_since),
  );
}

/** The title of one alert: what goes wrong, or went wrong, and how badly. */
export function alertSentence(alert: Alert): string {
  const over = alert.phase === 'closed';
  const lasted = over ? ` for ${lastedWords(alert)}` : '';
  if (alert.kind === 'no_data') {
    return over
      ? `${alert.slo} sent no data${lasted}`
      : `${alert.slo} sends no data: how its users fare is unknown`;
  }
  const fastest = fastestBurn(alert);
  if (fastest === null) return `${alert.slo}: ${asSentence(alert.summary).replace(/\.$/, '')}`;
  const times = burn(fastest).replace('×', '');
  return `${alert.slo} ${over ? 'burned' : 'burns'} its budget ${times} times too fast${lasted}`;
}

/** How long it fired, or fires until now. */
export function lastedMs(alert: Pick<Alert, 'firing_since' | 'closed_at'>, now: number): number {
  const end = alert.closed_at == null ? now : Date.parse(alert.closed_at);
  return Math.max(0, end - Date.parse(alert.firing_since));
}

function lastedWords(alert: Alert): string {
  return duration(lastedMs(alert, Date.parse(alert.closed_at ?? alert.firing_since)));
}

/** The highest burn of the arms it fired on. */
export function fastestBurn({ arms }: Pick<Alert, 'arms'>): number | null {
  const burns = arms.filter((arm) => arm.firing).map((arm) => arm.long ?? -1);
  const fastest = Math.max(-1, ...burns);
  return fastest < 0 ? null : fastest;
}

/** A deployment that went out before an alert fired. */
export interface Suspect {
  deployment: Deployment;
  /** How long before. */
  beforeMs: number;
  /** Whether it is the service's own, not one that it calls. */
  own: boolean;
}

/** What went out in the time before, the service's own first, then the nearest. */
export function suspects(alert: Alert, deployments: Deployment[]): Suspect[] {
  const firedAt = Date.parse(alert.firing_since);
  return deployments
    .map((deployment) => ({
      deployment,
      beforeMs: firedAt - Date.parse(deployment.deployed_at),
      own: deployment.service === alert.service,
    }))
    .filter(({ beforeMs }) => beforeMs >= 0)
    .toSorted((a, b) => Number(b.own) - Number(a.own) || a.beforeMs - b.beforeMs);
}

/** Something to do: in words, with a command or a place where it is done. */
export interface Step {
  says: string;
  command?: string;
  to?: { page: 'service'; name: string } | { page: 'telemetry' } | { page: 'explain' };
}

/** What was deployed so shortly before is worth a look first. */
const NEAR_MS = 2 * 3_600_000;

/** What to do, the likeliest help first. It suggests, and never claims to know the cause. */
export function advice(
  alert: Alert,
  found: Suspect[],
  deployments: Deployment[],
  called: Service[],
): Step[] {
  const telemetry: Step = {
    says: 'Look whether its samples still come, and what was dropped of them.',
    to: { page: 'telemetry' },
  };
  if (alert.kind === 'no_data') return [telemetry, ...calledSteps(called)];
  const first = found.find(({ own, beforeMs }) => own && beforeMs <= NEAR_MS);
  return [
    ...(first === undefined ? [] : [rollback(first, deployments)]),
    ...calledSteps(called),
    {
      says: 'See the minutes and series behind the numbers: which events failed, and when it began.',
      to: { page: 'explain' },
    },
  ];
}

function rollback({ deployment, beforeMs }: Suspect, deployments: Deployment[]): Step {
  const name = deploymentName(deployment);
  const ago = `${name} (${plain(deployment.class)}) went out ${duration(beforeMs)} before it fired.`;
  const previous = before(deployment, deployments);
  if (previous === undefined) return { says: `${ago} If it is the cause, go back.` };
  return {
    says: `${ago} If it is the cause, go back to ${deploymentName(previous)}; ask the gate first:`,
    command: command`plimsoll gate check --service ${deployment.service} --environment ${deployment.environment} --artifact ${previous.artifact} --class rollback`,
  };
}

/** What ran there before. */
export function before(deployment: Deployment, all: Deployment[]): Deployment | undefined {
  return all
    .filter(
      (other) =>
        other.service === deployment.service &&
        other.environment === deployment.environment &&
        other.artifact !== deployment.artifact &&
        other.deployed_at < deployment.deployed_at,
    )
    .toSorted((a, b) => b.deployed_at.localeCompare(a.deployed_at))[0];
}

function calledSteps(called: Service[]): Step[] {
  return called
    .filter(({ firing, status }) => (firing ?? 0) > 0 || status === 'exhausted')
    .map((service) => ({
      says: `${nameOf(service)}, which it calls, ${(service.firing ?? 0) > 0 ? 'burns its budget, too' : `is ${statusWord(service.status ?? '').toLowerCase()}`}: look there.`,
      to: { page: 'service', name: service.name },
    }));
}

/** What of the budget was left when it fired, and is left now. */
export function budgetWords(alert: Alert, slo: Slo | undefined): string | null {
  if (alert.budget_remaining == null) return null;
  const then = `${share(alert.budget_remaining)} of the budget was left when it fired`;
  if (slo?.budget_remaining == null) return `${then}.`;
  return `${then}; ${share(slo.budget_remaining)} is left now.`;
}

/** Why nobody was told, as it was when the alert opened: the receivers of today may be others. */
export function nobodySentence({
  timeline,
  severity,
}: Pick<Alert, 'timeline' | 'severity'>): string {
  const said = timeline?.findLast(({ event }) => event === 'unrouted')?.message;
  if (said !== undefined) return `${asSentence(said)} So it was when the alert opened.`;
  if (severity === 'page') return 'No message about it is kept, and nothing here says why.';
  return `Nobody: what has the severity ${severity} is written down here, and told to no one.`;
}

function counted(count: number, what: string): string {
  if (count === 0) return '';
  return `${inWords(count)} ${what}${count === 1 ? '' : 's'}`;
}

/** `one page, two tickets and one log`. */
function listed(kinds: string[]): string {
  return [kinds.slice(0, -1).join(', '), ...kinds.slice(-1)]
    .filter((part) => part !== '')
    .join(' and ');
}
