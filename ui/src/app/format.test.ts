import { describe, expect, test } from 'vitest';
import { spaces } from '../test/spaces';
import * as format from './format';

describe('a share', () => {
  test.each([
    [0.613, '61 %'],
    [0.0613, '6.1 %'],
    [0.00421, '0.42 %'],
    [0.00001234, '0.001 %'],
    [-0.85, '−85 %'],
    [-8.5, '−850 %'],
    [0, '0 %'],
    [1, '100 %'],
    [0.9996, '99.96 %'],
    [0.9999999, '99.99 %'],
    [null, '–'],
    [undefined, '–'],
    [NaN, '–'],
  ])('%s reads %s', (value, text) => expect(spaces(format.share(value))).toBe(text));

  test('shows no more digits than its bounds allow', () => {
    expect(spaces(format.share(0.0613, { worst: 0.06, best: 0.063 }))).toBe('6.1 %');
    expect(spaces(format.share(0.0613, { worst: 0.02, best: 0.1 }))).toBe('6 %');
    expect(spaces(format.share(0.0613, { worst: 0.0613, best: 0.0613 }))).toBe('6.1 %');
  });

  test('is an interval only where its ends differ', () => {
    expect(spaces(format.interval({ worst: 0.58, best: 0.64 }))).toBe('58 % to 64 %');
    expect(spaces(format.interval({ worst: 0.61, best: 0.61 }))).toBeNull();
    expect(spaces(format.interval({ worst: null, best: 0.6 }))).toBeNull();
  });

  test('someone wrote down keeps every digit', () => {
    expect(spaces(format.exactShare(0.9995))).toBe('99.95 %');
    expect(spaces(format.exactShare(1 - 0.999))).toBe('0.1 %');
  });
});

test.each([
  [0.826, '0.83×'],
  [3.21, '3.2×'],
  [14.4, '14×'],
  [1200.3, '1\u202f200×'],
  [0, '0×'],
  [null, '–'],
])('a burn of %s reads %s', (value, text) => expect(format.burn(value)).toBe(text));

test('a factor keeps its digits', () => expect(format.factor(14.4)).toBe('14.4×'));

test.each([
  [1482331, '1\u202f482\u202f331'],
  [0, '0'],
  [12.25, '12.3'],
  [-3, '−3'],
  [1.23456e9, '1235 M'],
  [null, '–'],
])('a count of %s reads %s', (value, text) => expect(spaces(format.count(value))).toBe(text));

test.each([
  [1234, '1.23 k'],
  [2e6, '2 M'],
  [0.5, '0.5'],
  [0, '0'],
])('on an axis %s reads %s', (value, text) => expect(spaces(format.shortCount(value))).toBe(text));

test.each([
  [0.31, '0.31'],
  [0.001, '0.001'],
  [3.2e-7, '3 × 10⁻⁷'],
  [9.7e-5, '10⁻⁴'],
  [1e-5, '10⁻⁵'],
  [3e-17, '< 10⁻¹²'],
  [0, '< 10⁻¹²'],
])('a probability of %s reads %s', (value, text) => expect(format.probability(value)).toBe(text));

test.each([
  [20_000, '20 s'],
  [119_000, '119 s'],
  [150_000, '3 min'],
  [3 * 3_600_000 + 20 * 60_000, '3 h 20 min'],
  [47 * 3_600_000, '47 h'],
  [50 * 3_600_000, '2 d 2 h'],
  [30 * 86_400_000, '30 d'],
])('%s ms last %s', (ms, text) => expect(spaces(format.duration(ms))).toBe(text));

test('minutes carry their window', () => {
  expect(spaces(format.minutesOf(43.21, '30d'))).toBe('43.2 min of 30 d');
  expect(spaces(format.minutesOf(2880, '30d'))).toBe('2 d of 30 d');
});

test.each([
  ['30d', 43_200],
  ['1h', 60],
  ['90m', 90],
  ['1h30m', 90],
  ['4w', 40_320],
  ['1M', 43_200],
  ['1Q', 129_600],
  ['1Y', 525_600],
  ['soon', null],
  ['', null],
])('the window %s is %s minutes', (window, minutes) =>
  expect(format.windowMinutes(window)).toBe(minutes),
);

test('a window reads with its units apart', () => {
  expect(spaces(format.windowText('30d'))).toBe('30 d');
  expect(spaces(format.windowText('5m'))).toBe('5 min');
  expect(spaces(format.windowText('1h30m'))).toBe('1 h 30 min');
  expect(spaces(format.windowText('1M'))).toBe('1 month');
  expect(spaces(format.windowText('2Q'))).toBe('2 quarters');
});

test('time that passed and time to come', () => {
  const now = Date.parse('2026-11-20T12:00:00Z');
  expect(spaces(format.relative('2026-11-20T11:59:40Z', now))).toBe('20 s ago');
  expect(spaces(format.relative('2026-11-20T12:03:00Z', now))).toBe('in 3 min');
  expect(spaces(format.relative('2026-11-20T12:00:01Z', now))).toBe('just now');
});

test('an instant in UTC stands beside the reader’s zone', () => {
  const at = '2026-11-20T12:03:05Z';
  expect(format.bothZones(at, 'Europe/Berlin')).toBe(
    '20 Nov 2026, 12:03:05 UTC · 20 Nov 2026, 13:03:05 CET',
  );
  expect(format.bothZones(at, 'UTC')).toBe('20 Nov 2026, 12:03:05 UTC');
});

test.each([
  [0, '0 B'],
  [1023, '1023 B'],
  [1024, '1 KiB'],
  [8 * 2 ** 20 - 1, '7.9 MiB'],
  [150.7 * 2 ** 30, '150 GiB'],
  [2 ** 40, '1 TiB'],
])('%d bytes are %s', (size, said) => expect(spaces(format.bytes(size))).toBe(said));

test.each([
  [573, '573'],
  [1482331, '1\u202f482\u202f331'],
  [0.0421, '0.0421'],
  [12.3456789, '12.3457'],
  [-0.5, '−0.5'],
  [3.2e-9, '3.200e-9'],
  [null, '–'],
])('a sample of %s reads %s', (value, said) => expect(format.sampled(value)).toBe(said));

test.each([
  [45, '45 s'],
  [2592, '43.2 min'],
  [31_536, '8.76 h'],
  [259_200, '3 d'],
])('an outage of %s s is %s', (seconds, said) => expect(spaces(format.outage(seconds))).toBe(said));

test('a time on a long chart has its day', () => {
  expect(spaces(format.dayAndClock('2026-11-20T12:03:05Z'))).toBe('20 Nov, 12:03 UTC');
});
