import { describe, expect, test } from 'vitest';
import { point } from '../test/samples';
import { columns, laid, last, largest, lonely, seconds, smallest } from './shape';

const at = (minute: number) => `2026-11-20T12:${String(minute).padStart(2, '0')}:00Z`;
const zero = seconds(at(0));
const shape = (points: ReturnType<typeof point>[], step = 1, until = zero + 3600) =>
  columns({ step_minutes: step, points }, until);

describe('columns', () => {
  test('stand at the end of their minutes', () => {
    const shaped = shape([point(at(0)), point(at(1), { good: 90 })]);
    expect(shaped.times).toEqual([zero + 60, zero + 120]);
    expect(shaped.bad).toEqual([1, 10]);
    expect(shaped.gaps).toEqual([]);
  });

  test('end where the open point ends', () => {
    expect(shape([point(at(0))], 5, zero + 90).times).toEqual([zero + 90]);
  });

  test('are broken where nothing covered the time', () => {
    const gap = { coverage: 0, good: 0, total: 0 };
    const shaped = shape([point(at(0)), point(at(1), gap), point(at(2), gap), point(at(3))]);
    expect(shaped.budget).toEqual([0.6, null, null, 0.6]);
    expect(shaped.good).toEqual([99, null, null, 99]);
    expect(shaped.gaps).toEqual([{ from: zero + 60, to: zero + 180 }]);
  });

  test('are broken where points are missing', () => {
    const shaped = shape([point(at(0)), point(at(10))]);
    expect(shaped.times).toEqual([zero + 60, zero + 120, zero + 660]);
    expect(shaped.burnLong).toEqual([1, null, 1]);
    expect(shaped.gaps).toEqual([{ from: zero + 60, to: zero + 600 }]);
  });

  test('keep what was never measured apart from gaps', () => {
    const shaped = shape([point(at(0), { coverage: null, budget_remaining: null }), point(at(1))]);
    expect(shaped.unmeasured).toEqual([{ from: zero, to: zero + 60 }]);
    expect(shaped.gaps).toEqual([]);
    expect(shaped.good).toEqual([null, 99]);
  });

  test('keep minutes that were covered in part', () => {
    expect(shape([point(at(0), { coverage: 0.2 })]).good).toEqual([99]);
  });

  test('never have two points at one time', () => {
    const { times } = shape([point(at(0)), point(at(2)), point(at(3))], 1);
    expect(new Set(times).size).toBe(times.length);
    expect(times).toEqual(times.toSorted((a, b) => a - b));
  });
});

test('an earlier history lies under the points of the same time of its week', () => {
  const WEEK = 7 * 86_400;
  const earlier = columns(
    {
      step_minutes: 1,
      points: [
        point('2026-11-13T12:01:00Z', { good: 7 }),
        point('2026-11-13T12:02:00Z', { good: 8 }),
      ],
    },
    zero,
  );
  const under = shape([point(at(0)), point(at(1)), point(at(2))], 1, zero + 130);
  expect(laid(under, earlier, earlier.good, WEEK)).toEqual([null, 7, 8]);
});

test('a value between two gaps needs a dot', () => {
  expect(lonely([1, null, 2, null, 3, 4])).toEqual([0, 2]);
  expect(lonely([null, null])).toEqual([]);
});

test('extremes pass over what is not known', () => {
  expect(last([1, 2, null])).toBe(2);
  expect(largest([null, 3], [1])).toBe(3);
  expect(smallest([null], [])).toBeNull();
});
