import { expect, test } from 'vitest';
import { goneAt, lastedMinutes, withinText } from './window';

const rolling = { window: '30d', as_of: '2026-11-11T00:00:00Z' };
const november = {
  window: '1M',
  as_of: '2026-11-11T00:00:00Z',
  period: { from: '2026-11-01T00:00:00Z', to: '2026-12-01T00:00:00Z', time_zone: 'UTC' },
};

test('a rolling window has always lasted its length, a period since it began', () => {
  expect(lastedMinutes(rolling)).toBe(30 * 1440);
  expect(lastedMinutes(november)).toBe(10 * 1440);
  expect(lastedMinutes({ ...november, as_of: '2026-10-31T23:59:59Z' })).toBe(0);
  expect(lastedMinutes({ ...rolling, window: 'soon' })).toBeNull();
});

test('a period is this one so far', () => {
  expect(withinText(rolling)).toBe('30\u00a0d');
  expect(withinText(november)).toBe('this month so far');
  expect(withinText({ ...november, window: '1d' })).toBe('this day so far');
  expect(withinText({ ...november, window: '2w' })).toBe('these 2 weeks so far');
  expect(withinText({ ...november, window: '1Q' })).toBe('this quarter so far');
});

test('a budget is gone when what is left of it is, at the pace it burns', () => {
  const day = (at: number | null) => (at === null ? null : new Date(at).toISOString().slice(0, 10));
  expect(day(goneAt(rolling, 0.5, 3))).toBe('2026-11-16');
  // Ten days gone with half of their allowance: at 3× two more days' worth is spent each day, net.
  expect(day(goneAt(november, 0.5, 2))).toBe('2026-11-16');
  expect(day(goneAt(november, 0.5, 3))).toBe('2026-11-13');
  // Not before the month ends, when it begins anew.
  expect(goneAt(november, 0.5, 1.2)).toBeNull();
  expect(goneAt(november, 0.5, 1)).toBeNull();
  expect(goneAt(november, 0, 5)).toBeNull();
});
