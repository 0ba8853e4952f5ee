/**
 * The time range of a page: named and moving with the clock, or two instants a reader zoomed to.
 */
import type { Span } from '../api/slos';
import type { Slo } from '../api/types';
import { windowMinutes } from './format';
import { lastedMinutes, type Windowed } from './window';

export const RANGES = ['15m', '1h', '6h', '24h', '7d', '30d', 'window'] as const;
export type RangeName = (typeof RANGES)[number];

/** What the URL keeps. */
export interface RangeSearch {
  range?: RangeName | undefined;
  from?: string | undefined;
  to?: string | undefined;
}

/** Steps a point may have, in minutes. */
const STEPS = [1, 2, 5, 10, 15, 30, 60, 120, 180, 360, 720, 1440];
/** More points than this are no sharper on a panel. */
const POINTS_MAX = 360;
const MINUTE_MS = 60_000;
const DAY_MS = 1440 * MINUTE_MS;
const RFC_3339 = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)$/;
export const WEEK_MS = 7 * DAY_MS;

/** Ranges that suit what was measured lately, the shortest first. */
const YOUNG = ['15m', '1h', '6h'] as const;

/**
 * A day, or the window where that is shorter; but no longer than it takes to hold all that was
 * measured, so that a young SLO is not a sliver at the edge of its charts.
 */
export function defaultRange({
  window,
  unmeasured,
}: Pick<Slo, 'window' | 'unmeasured'>): RangeName {
  const length = windowMinutes(window) ?? Infinity;
  const measured = (1 - unmeasured) * length;
  const young = YOUNG.find((range) => measured <= (windowMinutes(range) ?? 0) * 0.9);
  if (measured > 0 && young !== undefined && (windowMinutes(young) ?? 0) < length) return young;
  return length < 1440 ? 'window' : '24h';
}

/** The span to ask for; its edges lie on its step, so that points stay put while time moves. */
export function spanOf(search: RangeSearch, slo: Windowed & Pick<Slo, 'unmeasured'>): Span {
  if (
    isInstant(search.from) &&
    isInstant(search.to) &&
    Date.parse(search.from) < Date.parse(search.to)
  ) {
    return span(Date.parse(search.from), Date.parse(search.to));
  }
  const range = search.range ?? defaultRange(slo);
  const minutes = (range === 'window' ? lastedMinutes(slo) : windowMinutes(range)) ?? 1440;
  const to = Math.ceil(Date.parse(slo.as_of) / MINUTE_MS) * MINUTE_MS;
  return span(to - minutes * MINUTE_MS, to);
}

/** The same span a week earlier; null where more than a day of it would overlap. */
export function weekBefore({ from, to, stepMinutes }: Span): Span | null {
  if (Date.parse(to) - Date.parse(from) > WEEK_MS + DAY_MS) return null;
  const earlier = (at: string) => iso(Date.parse(at) - WEEK_MS);
  return { from: earlier(from), to: earlier(to), stepMinutes };
}

/** The smallest step that keeps a span of minutes within the points of a panel. */
export function stepFor(minutes: number): number {
  return (
    STEPS.find((step) => minutes / step <= POINTS_MAX) ??
    Math.ceil(minutes / POINTS_MAX / 1440) * 1440
  );
}

/** Two instants in seconds as what the URL keeps; at least five minutes. */
export function zoomed(from: number, to: number): RangeSearch {
  const start = Math.floor(from / 60) * MINUTE_MS;
  const end = Math.max(Math.ceil(to / 60) * MINUTE_MS, start + 5 * MINUTE_MS);
  return { range: undefined, from: iso(start), to: iso(end) };
}

/** The search of a URL as a range; what is none is left out. */
export function readRange(search: Record<string, unknown>): RangeSearch {
  const range = RANGES.find((name) => name === search['range']);
  return {
    range,
    from: isInstant(search['from']) ? search['from'] : undefined,
    to: isInstant(search['to']) ? search['to'] : undefined,
  };
}

/** An instant as the API writes it, to the second. */
export function iso(ms: number): string {
  return new Date(ms).toISOString().replace('.000Z', 'Z');
}

/** An instant of RFC 3339: with its zone, and nothing behind it. */
export function isInstant(value: unknown): value is string {
  return typeof value === 'string' && RFC_3339.test(value) && !Number.isNaN(Date.parse(value));
}

/** A span between two instants (milliseconds), with the step that suits its length. */
export function span(from: number, to: number): Span {
  const stepMinutes = stepFor((to - from) / MINUTE_MS);
  const step = stepMinutes * MINUTE_MS;
  return { from: iso(Math.floor(from / step) * step), to: iso(to), stepMinutes };
}
