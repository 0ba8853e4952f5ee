import { expect, test } from 'vitest';
import { defaultRange, isInstant, readRange, spanOf, stepFor, weekBefore, zoomed } from './range';

const slo = { window: '30d', unmeasured: 0, as_of: '2026-11-20T12:00:20Z' };

test.each([
  [60, 1],
  [360, 1],
  [1440, 5],
  [10_080, 30],
  [43_200, 120],
  [129_600, 360],
])('%s minutes take steps of %s', (minutes, step) => expect(stepFor(minutes)).toBe(step));

test('a named range ends with the minute of the state, and begins on a step', () => {
  expect(spanOf({ range: '1h' }, slo)).toEqual({
    from: '2026-11-20T11:01:00Z',
    to: '2026-11-20T12:01:00Z',
    stepMinutes: 1,
  });
  expect(spanOf({ range: '24h' }, slo)).toEqual({
    from: '2026-11-19T12:00:00Z',
    to: '2026-11-20T12:01:00Z',
    stepMinutes: 5,
  });
});

test('the default is a day, or a shorter window', () => {
  expect(defaultRange(slo)).toBe('24h');
  expect(defaultRange({ window: '1h', unmeasured: 0 })).toBe('window');
  expect(spanOf({}, { ...slo, window: '1h' }).stepMinutes).toBe(1);
});

test('a young SLO begins with what was measured of it', () => {
  expect(defaultRange({ window: '1h', unmeasured: 0.95 })).toBe('15m');
  expect(defaultRange({ window: '30d', unmeasured: 0.999 })).toBe('1h');
  expect(defaultRange({ window: '30d', unmeasured: 0.5 })).toBe('24h');
  expect(defaultRange({ window: '1h', unmeasured: 1 })).toBe('window');
  expect(defaultRange({ window: '10m', unmeasured: 0.5 })).toBe('window');
});

test('a zoom is kept as two instants, at least five minutes apart', () => {
  const search = zoomed(
    Date.parse('2026-11-20T10:00:30Z') / 1000,
    Date.parse('2026-11-20T10:01:10Z') / 1000,
  );
  expect(search).toEqual({
    range: undefined,
    from: '2026-11-20T10:00:00Z',
    to: '2026-11-20T10:05:00Z',
  });
  expect(spanOf(search, slo)).toEqual({
    from: '2026-11-20T10:00:00Z',
    to: '2026-11-20T10:05:00Z',
    stepMinutes: 1,
  });
});

test('the week before has the same length and step', () => {
  const span = spanOf({ range: '24h' }, slo);
  expect(weekBefore(span)).toEqual({
    from: '2026-11-12T12:00:00Z',
    to: '2026-11-13T12:01:00Z',
    stepMinutes: 5,
  });
  expect(weekBefore(spanOf({ range: '30d' }, slo))).toBeNull();
});

test('what is no range in an address is left out', () => {
  expect(readRange({ range: '2h', from: 'yesterday', to: 3 })).toEqual({
    range: undefined,
    from: undefined,
    to: undefined,
  });
  expect(readRange({ range: '7d' }).range).toBe('7d');
});

test('a zoom that ends before it begins is no zoom', () => {
  const search = { from: '2026-11-20T10:00:00Z', to: '2026-11-20T09:00:00Z' };
  expect(spanOf(search, slo)).toEqual(spanOf({}, slo));
});

test.each([
  ['2026-11-20T10:00:00Z', true],
  ['2026-11-20T10:00:00.123456Z', true],
  ['2026-11-20T10:00:00+01:00', true],
  ['2026-11-20T10:00:00', false],
  ['2026-11-20T10:00Z ($(reboot))', false],
  ['2026-13-40T10:00:00Z', false],
  [20, false],
])('%s is an instant: %s', (text, is) => expect(isInstant(text)).toBe(is));
