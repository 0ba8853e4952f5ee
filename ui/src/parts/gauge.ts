/**
 * The geometry of the load line: a circle that fills with what is left of the budget.
 *
 * The bottom of the circle is an empty budget, its top a whole one, and the line across it is where
 * the policy has health end, half unless it says otherwise: under it a budget needs care. A budget
 * that is overspent is an empty circle; the words say by how much.
 */

import type { Marks } from '../api/types';

/** Drawn in a box of 100, so that the line can reach beyond the disc. */
export const CENTRE = 50;
export const RADIUS = 36;

/** Where the line is drawn when no policy is at hand: below it a budget is in caution. */
export const LOAD_LINE = 0.5;

/** The shares that a large gauge marks, the load line first: where the statuses begin. */
export function ladder(marks: Marks | undefined): number[] {
  if (marks === undefined) return [LOAD_LINE, 1, 0];
  const { healthy_above, caution_above, warning_above } = marks;
  return [healthy_above, ...new Set([1, caution_above, warning_above, 0])];
}

export interface Levels {
  /** Left even if every unseen event was bad. */
  sure: number;
  /** Left by the headline. */
  level: number;
  /** Left if every unseen event was good. */
  hoped: number;
}

type Maybe = number | null | undefined;

/** The three levels within the circle; null when nothing is known. */
export function levels(level: Maybe, worst: Maybe, best: Maybe): Levels | null {
  if (level == null || !Number.isFinite(level)) return null;
  const at = within(level);
  return {
    sure: Math.min(at, within(worst ?? level)),
    level: at,
    hoped: Math.max(at, within(best ?? level)),
  };
}

/** The path of the slice of a circle between two shares of its height, measured from its bottom. */
export function slice(from: number, to: number, radius: number, centre: number): string {
  if (to <= from) return '';
  const [low, high] = [chord(from, radius, centre), chord(to, radius, centre)];
  const arc = (x: number, y: number, large: boolean) =>
    `A${radius} ${radius} 0 ${large ? 1 : 0} 0 ${coordinate(x)} ${coordinate(y)}`;
  if (from <= 0 && to >= 1) {
    return `M${coordinate(centre)} ${coordinate(low.y)}${arc(centre, high.y, false)}${arc(centre, low.y, false)}Z`;
  }
  const closed = from <= 0 && to > 0.5;
  const open = to >= 1 && from < 0.5;
  if (from <= 0)
    return `M${coordinate(high.left)} ${coordinate(high.y)}${arc(high.right, high.y, closed)}Z`;
  if (to >= 1)
    return `M${coordinate(low.right)} ${coordinate(low.y)}${arc(low.left, low.y, open)}Z`;
  return (
    `M${coordinate(low.right)} ${coordinate(low.y)}${arc(high.right, high.y, false)}` +
    `L${coordinate(high.left)} ${coordinate(high.y)}${arc(low.left, low.y, false)}Z`
  );
}

/** Where the surface meets the circle at a share of its height. */
export function chord(share: number, radius: number, centre: number) {
  const y = centre + radius - 2 * radius * share;
  const half = Math.sqrt(Math.max(0, radius * radius - (y - centre) ** 2));
  return { left: centre - half, right: centre + half, y };
}

function within(share: number): number {
  return Math.min(1, Math.max(0, share));
}

function coordinate(value: number): number {
  return Math.round(value * 100) / 100;
}
