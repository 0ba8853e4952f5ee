/** The orders of the list. */
import type { Slo } from '../../api/types';
import { byGravity, nameOf, pace } from '../../app/words';

export const SORTS = {
  gravity: 'Gravest first',
  name: 'Name',
  budget: 'Least budget left',
  burn: 'Fastest burn',
  objective: 'Strictest objective',
} as const;

export type Sort = keyof typeof SORTS;

export function isSort(value: unknown): value is Sort {
  return typeof value === 'string' && Object.hasOwn(SORTS, value);
}

export function sorted(slos: Slo[], sort: Sort): Slo[] {
  return slos.toSorted(ORDERS[sort]);
}

const ORDERS: Record<Sort, (a: Slo, b: Slo) => number> = {
  gravity: byGravity,
  name: byName,
  budget: (a, b) =>
    (a.budget_remaining ?? Infinity) - (b.budget_remaining ?? Infinity) || byName(a, b),
  burn: (a, b) => (pace(b) ?? -1) - (pace(a) ?? -1) || byName(a, b),
  objective: (a, b) => b.objective - a.objective || byName(a, b),
};

function byName(a: Slo, b: Slo): number {
  return nameOf(a).localeCompare(nameOf(b)) || a.name.localeCompare(b.name);
}
