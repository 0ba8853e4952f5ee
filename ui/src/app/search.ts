/** What the addresses of pages keep: filters, orders, ranges, and what is open. */
import { isSort, type Sort } from '../pages/slos/sort';
import { isInstant, readRange, type RangeSearch } from './range';
import { STATUSES } from './words';

type Search = Record<string, unknown>;

/** The words that filters take. */
const WORDS: Record<string, readonly string[]> = {
  enforced: ['true', 'false'],
  phase: ['firing', 'closed'],
  severity: ['page', 'ticket', 'log'],
  state: ['accepted', 'pending', 'superseded', 'undeliverable'],
  status: STATUSES,
  tier: ['1', '2', '3', '4'],
  verdict: ['allow', 'warn', 'deny'],
};

/** A word that its filter does not know. */
export interface Unknown {
  filter: string;
  word: string;
  words: readonly string[];
}

/**
 * The first filter of an address with a word that it does not know. Such a word stays in the
 * address: a list that left it out would show what nobody asked for.
 */
export function unknownWord(search: object): Unknown | undefined {
  for (const [filter, value] of Object.entries(search)) {
    const words = WORDS[filter];
    if (value === undefined || words === undefined || words.includes(String(value))) continue;
    return { filter, word: String(value), words };
  }
  return undefined;
}

export interface SloListSearch {
  q?: string | undefined;
  service?: string | undefined;
  owner?: string | undefined;
  status?: string | undefined;
  sort?: Sort | undefined;
}

export function sloListSearch(search: Search): SloListSearch {
  return {
    q: text(search['q']),
    service: text(search['service']),
    owner: text(search['owner']),
    status: text(search['status']),
    sort: isSort(search['sort']) ? search['sort'] : undefined,
  };
}

export interface SloSearch extends RangeSearch {
  /** The instant whose reasons are open. */
  explain?: string | undefined;
}

export function sloSearch(search: Search): SloSearch {
  return { ...readRange(search), ...explainSearch(search) };
}

export interface TargetsSearch {
  /** What is computed for: `30d` unless it says otherwise. */
  window?: string | undefined;
}

export function targetsSearch(search: Search): TargetsSearch {
  const window = text(search['window']);
  return { window: window !== undefined && /^\d+[mhdw]$/.test(window) ? window : undefined };
}

export interface ExplainSearch {
  /** The instant whose reasons are open. */
  explain?: string | undefined;
}

export function explainSearch(search: Search): ExplainSearch {
  return { explain: isInstant(search['explain']) ? search['explain'] : undefined };
}

export interface ServiceListSearch {
  q?: string | undefined;
  owner?: string | undefined;
  tier?: string | undefined;
  status?: string | undefined;
  sort?: 'name' | 'tier' | undefined;
}

export function serviceListSearch(search: Search): ServiceListSearch {
  return {
    q: text(search['q']),
    owner: text(search['owner']),
    tier: text(search['tier']),
    status: text(search['status']),
    sort: oneOf(['name', 'tier'], search['sort']),
  };
}

export interface AlertListSearch {
  phase?: string | undefined;
  severity?: string | undefined;
  service?: string | undefined;
  slo?: string | undefined;
}

export function alertListSearch(search: Search): AlertListSearch {
  return {
    phase: text(search['phase']),
    severity: text(search['severity']),
    service: text(search['service']),
    slo: text(search['slo']),
  };
}

export interface ReleaseListSearch {
  show?: 'deployments' | undefined;
  service?: string | undefined;
  environment?: string | undefined;
  verdict?: string | undefined;
  /** Whether the verdict bound, or was given in shadow mode. */
  enforced?: boolean | string | undefined;
}

export function releaseListSearch(search: Search): ReleaseListSearch {
  return {
    show: oneOf(['deployments'], search['show']),
    service: text(search['service']),
    environment: text(search['environment']),
    verdict: text(search['verdict']),
    enforced:
      typeof search['enforced'] === 'boolean' ? search['enforced'] : text(search['enforced']),
  };
}

/** Of a list that is read whole. */
export interface WholeListSearch {
  q?: string | undefined;
}

export function wholeListSearch(search: Search): WholeListSearch {
  return { q: text(search['q']) };
}

export interface NotificationsSearch {
  receiver?: string | undefined;
  state?: string | undefined;
}

export function notificationsSearch(search: Search): NotificationsSearch {
  return {
    receiver: text(search['receiver']),
    state: text(search['state']),
  };
}

export interface AuditSearch {
  /** The id of whoever did something. */
  actor?: string | undefined;
  subject?: string | undefined;
  /** The first and the last day, in UTC. */
  from?: string | undefined;
  until?: string | undefined;
}

export function auditSearch(search: Search): AuditSearch {
  return {
    actor: text(search['actor']),
    subject: text(search['subject']),
    from: dayOf(search['from']),
    until: dayOf(search['until']),
  };
}

/** A day as it stands in addresses: `2026-11-20`. */
function dayOf(value: unknown): string | undefined {
  if (typeof value !== 'string' || !/^\d{4}-\d\d-\d\d$/.test(value)) return undefined;
  return Number.isNaN(Date.parse(value)) ? undefined : value;
}

/** A search value as text; a code of digits alone arrives as a number. */
export function text(value: unknown): string | undefined {
  if (typeof value === 'number') return String(value);
  return typeof value === 'string' && value !== '' ? value : undefined;
}

/** A path of this app, so that no link can send a reader elsewhere after signing in. */
export function ownPath(value: unknown): string | undefined {
  return typeof value === 'string' && /^\/(?![/\\])/.test(value) ? value : undefined;
}

function oneOf<Word extends string>(words: readonly Word[], value: unknown): Word | undefined {
  return words.find((word) => word === value);
}
