/**
 * The window of an SLO: the last so long, or the period of a calendar from its beginning until now.
 */
import type { Slo } from '../api/types';
import { calendarLength, windowMinutes, windowText } from './format';

/** What is known of an SLO's window. */
export type Windowed = Pick<Slo, 'window' | 'period' | 'as_of'>;

/** How many minutes it has lasted; null when it cannot be read. */
export function lastedMinutes({ window, period, as_of }: Windowed): number | null {
  if (period == null) return windowMinutes(window);
  return Math.max(0, (Date.parse(as_of) - Date.parse(period.from)) / 60_000);
}

/** Within which time things were counted: `30 d`, `this month so far`. */
export function withinText({ window, period }: Pick<Slo, 'window' | 'period'>): string {
  const length = period == null ? null : calendarLength(window);
  if (length === null) return windowText(window);
  const { count, unit } = length;
  return count === 1 ? `this ${unit} so far` : `these ${count} ${unit}s so far`;
}

/**
 * When the budget is gone at a pace above 1, from now on; null when it never is: a window that rolls
 * ends never, and the period of a calendar before that.
 */
export function goneAt(slo: Windowed, left: number, pace: number): number | null {
  const lasted = lastedMinutes(slo);
  if (lasted === null || pace <= 1 || left <= 0) return null;
  const now = Date.parse(slo.as_of);
  if (slo.period == null) return now + (left * lasted * 60_000) / pace;
  // With every minute that passes a calendar allows a minute's share more.
  const gone = now + (left * lasted * 60_000) / (pace - 1);
  return gone < Date.parse(slo.period.to) ? gone : null;
}
