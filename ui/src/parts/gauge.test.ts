import { describe, expect, test } from 'vitest';
import { chord, ladder, levels, slice } from './gauge';

describe('levels', () => {
  test('lie within the circle and in order', () => {
    expect(levels(0.61, 0.58, 0.64)).toEqual({ sure: 0.58, level: 0.61, hoped: 0.64 });
    expect(levels(-0.85, -1.2, -0.5)).toEqual({ sure: 0, level: 0, hoped: 0 });
    expect(levels(1.3, null, null)).toEqual({ sure: 1, level: 1, hoped: 1 });
    expect(levels(0.5, 0.7, 0.2)).toEqual({ sure: 0.5, level: 0.5, hoped: 0.5 });
  });

  test('are unknown when the budget is', () => {
    expect(levels(null, 0.1, 0.9)).toBeNull();
    expect(levels(undefined, null, null)).toBeNull();
  });
});

describe('a chord', () => {
  test('is widest at half and a point at the ends', () => {
    expect(chord(0.5, 36, 50)).toEqual({ left: 14, right: 86, y: 50 });
    expect(chord(0, 36, 50)).toEqual({ left: 50, right: 50, y: 86 });
    expect(chord(1, 36, 50)).toEqual({ left: 50, right: 50, y: 14 });
  });
});

describe('a slice', () => {
  test('of nothing is nothing', () => {
    expect(slice(0, 0, 36, 50)).toBe('');
    expect(slice(0.6, 0.4, 36, 50)).toBe('');
  });

  test('of less than half is the small arc below', () => {
    expect(slice(0, 0.5, 36, 50)).toBe('M14 50A36 36 0 0 0 86 50Z');
    expect(slice(0, 0.25, 36, 50)).toMatch(/^M18\.82 68A36 36 0 0 0 81\.18 68Z$/);
  });

  test('of more than half is the large arc', () => {
    expect(slice(0, 0.75, 36, 50)).toMatch(/A36 36 0 1 0/);
  });

  test('of all is the circle', () => {
    expect(slice(0, 1, 36, 50)).toBe('M50 86A36 36 0 0 0 50 14A36 36 0 0 0 50 86Z');
  });

  test('between two levels has both chords', () => {
    const path = slice(0.4, 0.6, 36, 50);
    expect(path.match(/A/g)).toHaveLength(2);
    expect(path).toContain('L');
  });
});

describe('the ladder', () => {
  const marks = { healthy_above: 0.6, caution_above: 0.3, warning_above: 0 };

  test('has the load line first, then every other mark once', () => {
    expect(ladder({ ...marks, escalate_below: 0.1, unused_above: 0.9 })).toEqual([0.6, 1, 0.3, 0]);
    expect(
      ladder({ ...marks, warning_above: 0.05, escalate_below: null, unused_above: null }),
    ).toEqual([0.6, 1, 0.3, 0.05, 0]);
  });

  test('without a policy has half, whole and nothing', () => {
    expect(ladder(undefined)).toEqual([0.5, 1, 0]);
  });
});
