/**
 * Points of a history as the columns of a chart.
 *
 * A point stands at the end of its minutes, where its budget and burn hold, so a click on it
 * explains the numbers it shows. Time that nothing covered holds no value, and what lies on its
 * sides is never joined.
 */
import type { History, Point } from '../api/types';

/** A stretch of time, in seconds. */
export interface Stretch {
  from: number;
  to: number;
}

type Column = (number | null)[];

export interface Columns {
  /** How long a step is, in minutes. */
  stepMinutes: number;
  /** The starts of the points, in seconds. */
  starts: number[];
  /** Their ends. */
  times: number[];
  good: Column;
  bad: Column;
  budget: Column;
  burnLong: Column;
  burnShort: Column;
  /** Time without samples, after the first one. */
  gaps: Stretch[];
  /** Time before the first sample, or between two declarations. */
  unmeasured: Stretch[];
}

/** The columns of a history, up to `until` (seconds), where its last point may still be open. */
export function columns(history: History, until: number): Columns {
  const step = history.step_minutes * 60;
  const made: Columns = {
    stepMinutes: history.step_minutes,
    starts: [],
    times: [],
    good: [],
    bad: [],
    budget: [],
    burnLong: [],
    burnShort: [],
    gaps: [],
    unmeasured: [],
  };
  let end: number | null = null;
  for (const point of history.points) {
    const start = seconds(point.at);
    if (end !== null && start - end > step / 2) {
      push(made, end, Math.min(end + step, start), null);
      extend(made.gaps, { from: end, to: start });
    }
    end = start + step;
    const stop = Math.max(start + 1, Math.min(end, until));
    push(made, start, stop, isCovered(point) ? point : null);
    if (point.coverage == null) extend(made.unmeasured, { from: start, to: stop });
    else if (!isCovered(point)) extend(made.gaps, { from: start, to: stop });
  }
  return made;
}

/**
 * A column of an earlier history, laid under the points that come `later` seconds after its own.
 */
export function laid(under: Columns, earlier: Columns, column: Column, later: number): Column {
  const values = new Map(
    earlier.starts.map((start, index) => [start + later, column[index] ?? null]),
  );
  return under.starts.map((start) => values.get(start) ?? null);
}

/** The last value of a column. */
export function last(column: Column): number | null {
  return column.findLast((value) => value !== null) ?? null;
}

/** The largest value of columns; null when there is none. */
export function largest(...all: Column[]): number | null {
  return extreme(all, Math.max);
}

/** The smallest value of columns; null when there is none. */
export function smallest(...all: Column[]): number | null {
  return extreme(all, Math.min);
}

/** Indices of values that have no neighbour: without a dot they would not be seen. */
export function lonely(column: ArrayLike<number | null | undefined>): number[] {
  const found: number[] = [];
  for (let i = 0; i < column.length; i += 1) {
    if (column[i] != null && column[i - 1] == null && column[i + 1] == null) found.push(i);
  }
  return found;
}

export function seconds(at: string): number {
  return Date.parse(at) / 1000;
}

function isCovered(point: Point): boolean {
  return point.coverage != null && point.coverage > 0;
}

function push(made: Columns, start: number, time: number, point: Point | null): void {
  made.starts.push(start);
  made.times.push(time);
  made.good.push(point === null ? null : point.good);
  made.bad.push(point === null ? null : Math.max(0, point.total - point.good));
  made.budget.push(point?.budget_remaining ?? null);
  made.burnLong.push(point?.burn_long ?? null);
  made.burnShort.push(point?.burn_short ?? null);
}

/** Adds a stretch, joined with the last one where they meet. */
function extend(stretches: Stretch[], next: Stretch): void {
  const before = stretches.at(-1);
  if (before !== undefined && next.from <= before.to + 1) before.to = next.to;
  else stretches.push(next);
}

function extreme(all: Column[], pick: (a: number, b: number) => number): number | null {
  return all
    .flat()
    .reduce<number | null>(
      (found, value) => (value === null ? found : found === null ? value : pick(found, value)),
      null,
    );
}
