/** The orders of the list; the server keeps them. */
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
