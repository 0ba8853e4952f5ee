import { expect, test } from 'vitest';
import { arm, point, slo } from '../test/samples';
import { columns, seconds } from './shape';
import { spaces } from '../test/spaces';
import { burnTop, hiddenThresholds, panels, thresholdsOf } from './panels';

const ARMS = [
  arm({ factor: 14.4, long_window: '1h' }),
  arm({ factor: 6, long_window: '6h' }),
  arm({ factor: 3, long_window: '1d', severity: 'ticket' }),
];

test('each factor is one threshold, named by its arms, the lowest first', () => {
  expect(thresholdsOf(ARMS).map((threshold) => spaces(threshold.label))).toEqual([
    'ticket 3× over 1 d',
    'page 6× over 6 h',
    'page 14.4× over 1 h',
  ]);
  const shared = thresholdsOf([
    arm({ factor: 3 }),
    arm({ factor: 3, severity: 'ticket', long_window: '6h' }),
  ]);
  expect(shared.map((threshold) => spaces(threshold.label))).toEqual([
    'page and ticket 3× over 1 h, 6 h',
  ]);
});

test('the burn axis holds the data and the nearest threshold, and says which it hides', () => {
  const thresholds = thresholdsOf(ARMS);
  expect(burnTop(0.5, thresholds)).toBeCloseTo(3.45);
  expect(burnTop(20, thresholds)).toBeCloseTo(23);
  expect(spaces(hiddenThresholds(thresholds, 4))).toBe(
    'Above this axis: page 6× over 6 h; page 14.4× over 1 h.',
  );
  expect(hiddenThresholds(thresholds, 23)).toBeNull();
});

test('the first panel is the budget, and none of it is cut off', () => {
  const at = '2026-11-20T12:00:00Z';
  const shaped = columns(
    { step_minutes: 1, points: [point(at, { budget_remaining: -2 })] },
    seconds(at) + 60,
  );
  const [budget] = panels(slo({ burn: ARMS }), shaped, null);
  expect(budget?.title).toBe('Budget left');
  expect(budget?.axis(-2, 0.5)).toEqual([-2.16, 1]);
  expect(budget?.thresholds).toEqual([{ value: 0, label: 'all spent' }]);
});
