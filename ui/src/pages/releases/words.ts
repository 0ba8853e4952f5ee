/** The sentences about releases, and what a decision rests on, read from what is stored with it. */
import type { Decision, Deployment } from '../../api/types';
import { inWords } from '../../app/format';
import { deploymentName, plain, sentenceCase, someOf } from '../../app/words';

const WEEK_MS = 7 * 86_400_000;

/** Whether decisions, newest first, reach back for the week that is spoken of. */
export function reachesWeek(decisions: Decision[], now: number): boolean {
  const oldest = decisions.at(-1);
  return oldest === undefined || now - Date.parse(oldest.decided_at) >= WEEK_MS;
}

/**
 * "Two of five releases were denied in the last 7 days"; of the latest alone where there are more in
 * that time than were read.
 */
export function releasesSentence(decisions: Decision[], now: number, cut = false): string {
  const week = decisions.filter(({ decided_at }) => now - Date.parse(decided_at) < WEEK_MS);
  if (week.length === 0) return 'No release was asked about in the last 7 days';
  const denied = week.filter(({ verdict }) => verdict === 'deny').length;
  if (cut && denied === 0) return `All of the last ${inWords(week.length)} releases might go out`;
  if (cut)
    return sentenceCase(
      `${someOf(denied, week.length, 'release', true)} ${denied === 1 ? 'was' : 'were'} denied`,
    );
  if (denied === 0)
    return sentenceCase(
      `${week.length === 1 ? 'the one release' : `all ${inWords(week.length)} releases`} of the last 7 days might go out`,
    );
  if (week.length === 1) return 'The one release of the last 7 days was denied';
  return sentenceCase(
    `${inWords(denied)} of ${inWords(week.length)} releases ${denied === 1 ? 'was' : 'were'} denied in the last 7 days`,
  );
}

/** "Eight deployments in the last 7 days"; `more` where there may be more than those read. */
export function deploymentsSentence(deployments: Deployment[], now: number, more = false): string {
  const week = deployments.filter(({ deployed_at }) => now - Date.parse(deployed_at) < WEEK_MS);
  if (week.length === 0) return 'Nothing went out in the last 7 days';
  const many = `${inWords(week.length)} ${week.length === 1 ? 'deployment' : 'deployments'}`;
  const whole = !more || week.length < deployments.length;
  return sentenceCase(`${whole ? '' : 'at least '}${many} in the last 7 days`);
}

/** The title of a decision: what may go, or may not. */
export function decisionSentence(decision: Decision): string {
  const { service, environment, verdict, enforced } = decision;
  const what = `${plain(decision.class)} of ${service}`;
  if (verdict === 'deny')
    return sentenceCase(
      `${what} ${enforced ? 'may not' : 'would not be allowed to'} go to ${environment}`,
    );
  return sentenceCase(`${what} may go to ${environment}${verdict === 'warn' ? ', with care' : ''}`);
}

/** The title of a deployment: "checkout 1.5.0 went to production as a feature". */
export function deploymentSentence(deployment: Deployment): string {
  const { service, environment } = deployment;
  return `${service} ${deploymentName(deployment)} went to ${environment} as ${article(plain(deployment.class))}`;
}

export interface SloFact {
  name: string;
  status: string;
  budget_remaining: number | null;
  budget_remaining_worst: number | null;
  unmeasured: number | null;
  coverage: number | null;
  watermark: string | null;
}

export interface AlertFact {
  id: string;
  slo: string;
  severity: string;
}

export interface Facts {
  asOf: string | null;
  owner: string | null;
  tier: number | null;
  slos: SloFact[];
  alerts: AlertFact[];
}

/** The facts a decision rests on. They are stored JSON, so nothing is taken on trust. */
export function factsOf({ facts }: Pick<Decision, 'facts'>): Facts {
  return {
    asOf: text(field(facts, 'as_of')),
    owner: text(field(facts, 'owner')),
    tier: number(field(facts, 'tier')),
    slos: list(field(facts, 'slos')).map((slo) => ({
      name: text(field(slo, 'name')) ?? '',
      status: text(field(slo, 'status')) ?? 'unknown',
      budget_remaining: number(field(slo, 'budget_remaining')),
      budget_remaining_worst: number(field(slo, 'budget_remaining_worst')),
      unmeasured: number(field(slo, 'unmeasured')),
      coverage: number(field(slo, 'coverage')),
      watermark: text(field(slo, 'watermark')),
    })),
    alerts: list(field(facts, 'alerts')).map((alert) => ({
      id: text(field(alert, 'id')) ?? '',
      slo: text(field(alert, 'slo')) ?? '',
      severity: text(field(alert, 'severity')) ?? '',
    })),
  };
}

export interface Rule {
  status: string;
  otherwise: string;
  except: [string, string][];
  advice: string | null;
}

export interface Policy {
  name: string;
  rules: Rule[];
}

/** The policy a decision was made by, its rules gravest first. */
export function policyOf({ policy }: Pick<Decision, 'policy'>): Policy {
  const rules = Object.entries(record(field(policy, 'rules'))).map(([status, rule]) => ({
    status,
    otherwise: text(field(rule, 'default')) ?? 'deny',
    except: Object.entries(record(field(rule, 'except'))).map(
      ([name, verdict]): [string, string] => [name, text(verdict) ?? 'deny'],
    ),
    advice: text(field(rule, 'advice')),
  }));
  const rank = ({ status }: Rule) => (ORDER.indexOf(status) + ORDER.length) % ORDER.length;
  return {
    name: text(field(policy, 'name')) ?? 'unnamed',
    rules: rules.toSorted((a, b) => rank(a) - rank(b)),
  };
}

const ORDER = ['exhausted', 'no_data', 'unmeasured', 'warning', 'no_traffic', 'caution', 'healthy'];

/** The classes that might go out as things stood: allowed by the rule of each status there was. */
export function allowedClasses(decision: Decision): string[] {
  const { slos } = factsOf(decision);
  const { rules } = policyOf(decision);
  const ruled = slos.map(({ status }) => rules.find((rule) => rule.status === status));
  if (ruled.length === 0 || ruled.some((rule) => rule === undefined)) return [];
  return CLASSES.filter((name) =>
    ruled.every((rule) => {
      const exception = rule?.except.find(([known]) => known === name)?.[1];
      return (exception ?? rule?.otherwise) === 'allow';
    }),
  );
}

const CLASSES = [
  'rollback',
  'reliability_fix',
  'security_patch',
  'compliance',
  'configuration',
  'migration',
  'refactor',
  'experiment',
  'feature',
];

function article(noun: string): string {
  return `${/^[aeiou]/.test(noun) ? 'an' : 'a'} ${noun}`;
}

function field(of: unknown, name: string): unknown {
  return record(of)[name];
}

function record(value: unknown): Record<string, unknown> {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
}

function list(value: unknown): unknown[] {
  return Array.isArray(value) ? value : [];
}

function text(value: unknown): string | null {
  return typeof value === 'string' ? value : null;
}

function number(value: unknown): number | null {
  return typeof value === 'number' ? value : null;
}
