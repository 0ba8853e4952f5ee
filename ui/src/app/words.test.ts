import { describe, expect, test } from 'vitest';
import { arm, slo } from '../test/samples';
import { spaces } from '../test/spaces';
import { day, factor } from './format';
import * as words from './words';

const counts = (by_status: Record<string, number>, attention = 0) => ({
  total: Object.values(by_status).reduce((sum, count) => sum + count, 0),
  firing: 0,
  attention,
  by_status,
});

describe('the list says', () => {
  test.each([
    [counts({}), 'No SLO here'],
    [counts({ healthy: 1 }), 'The one SLO here is calm'],
    [counts({ exhausted: 1 }, 1), 'The one SLO here needs attention'],
    [counts({ no_data: 1 }), 'The one SLO here cannot be seen'],
    [counts({ healthy: 3 }), 'All three SLOs are healthy'],
    [counts({ healthy: 1, caution: 1 }), 'None of two SLOs needs attention'],
    [counts({ healthy: 2, warning: 1 }, 1), 'One of three SLOs needs attention'],
    [counts({ healthy: 2, exhausted: 1 }, 2), 'Two of three SLOs need attention'],
    [
      counts({ warning: 1, no_data: 1, unmeasured: 1 }, 1),
      'One of three SLOs needs attention, and two cannot be seen',
    ],
    [counts({ healthy: 1, unmeasured: 1 }), 'One of two SLOs cannot be seen; the others are calm'],
    [counts({ healthy: 100_000 }), 'All 100\u202f000 SLOs are healthy'],
  ])('%#: %s', (stand, sentence) => expect(spaces(words.listSentence(stand))).toBe(sentence));
});

describe('an SLO’s page says', () => {
  test.each([
    [
      slo({ burn: [arm({ long: 0.5 })] }),
      'Checkout has 61 % of its budget left; at this pace it does not run out',
    ],
    [
      slo({ burn: [arm({ long: 1.3 })] }),
      'Checkout has 61 % of its budget left; at this pace it lasts until 4 December',
    ],
    [slo({ burn: [] }), 'Checkout has 61 % of its budget left'],
    [
      slo({ window: '1h', burn: [arm({ long: 2 })] }),
      'Checkout has 61 % of its budget left; at this pace it lasts 18 min more',
    ],
    [
      slo({ burn: [arm({ long: 40, firing: true })] }),
      'Checkout burns its budget 40 times too fast: 61 % is left, and lasts until 22:59 UTC',
    ],
    [
      slo({ status: 'exhausted', budget_remaining: -0.85 }),
      'Checkout has overspent its budget by 85 %',
    ],
    [slo({ status: 'exhausted', budget_remaining: 0 }), 'Checkout has spent all of its budget'],
    [
      slo({ status: 'exhausted', budget_remaining: -0.2, burn: [arm({ long: 24, firing: true })] }),
      'Checkout has overspent its budget by 20 % and still burns it 24 times too fast',
    ],
    [
      slo({ status: 'no_data', budget_remaining: null }),
      'Checkout has sent no data since 12:00 UTC; how it does is unknown',
    ],
    [
      slo({ status: 'unmeasured', budget_remaining: null, watermark: null }),
      'Checkout has never been measured: no sample has arrived yet',
    ],
    [
      slo({ status: 'no_traffic', budget_remaining: null }),
      'Checkout saw no traffic in the last 30 d',
    ],
    [slo({ display_name: null, burn: [] }), 'checkout-availability has 61 % of its budget left'],
  ])('%#: %s', (slo, sentence) => expect(spaces(words.sloSentence(slo))).toBe(sentence));
});

test('the pace is that of what fires, else that of the longest window', () => {
  const arms = [
    arm({ long: 9, long_window: '1h' }),
    arm({ long: 0.4, long_window: '3d' }),
    arm({ long: null, long_window: '7d' }),
  ];
  expect(words.pace({ burn: arms })).toBe(0.4);
  expect(words.pace({ burn: [...arms, arm({ long: 20, firing: true })] })).toBe(20);
  expect(words.pace({ burn: [] })).toBeNull();
});

test('what was allowed stands against what happened', () => {
  expect(spaces(words.allowanceSentence(slo()))).toBe(
    'Of 100\u202f000 events in 30 d, 100 were allowed to be bad and 39 were.',
  );
  expect(spaces(words.allowanceSentence(slo({ total: 0, good: 0 })))).toBeNull();
  expect(spaces(words.allowanceSentence(slo({ status: 'no_data' })))).toBeNull();
});

test('an arm says why it fires or not', () => {
  expect(words.armSentence(arm({ firing: true }))).toContain('Both windows');
  expect(words.armSentence(arm({ long: null }))).toBe('No traffic in the long window.');
  expect(words.armSentence(arm({ long: 20, short: null }))).toBe('No traffic in the short window.');
  expect(words.armSentence(arm({ long: 20, short: 3 }))).toBe('The short window has calmed down.');
  expect(words.armSentence(arm({ long: 20, short: 30 }))).toContain('chance could explain');
  expect(words.armSentence(arm({ long: 14.4, short: 30 }))).toContain('The long window');
});

test('a finder matches every word typed', () => {
  expect(words.matches('che lat', 'checkout-latency')).toBe(true);
  expect(words.matches('che mail', 'checkout-latency', null)).toBe(false);
  expect(words.matches('', 'anything')).toBe(true);
});

describe('an indicator says what is good', () => {
  test.each([
    [{ kind: 'latency', op: 'lte', bound: 0.3 }, 'observations ≤ 0.3 are good'],
    [{ kind: 'latency', op: 'gt', bound: 2 }, 'observations > 2 are good'],
    [{ kind: 'gauge', op: 'lt', bound: 80 }, 'samples < 80 are good'],
    [{ kind: 'gauge', op: 'gte', bound: 0 }, 'samples ≥ 0 are good'],
    [{ kind: 'ratio', op: null, bound: null }, null],
  ])('%#: %s', (indicator, phrase) => expect(words.goodWhen(indicator)).toBe(phrase));
});

test('a day of another year has its year', () => {
  const now = Date.parse('2026-11-20T12:00:00Z');
  expect(day('2026-05-03T00:00:00Z', now)).toBe('3 May');
  expect(day('2025-05-03T00:00:00Z', now)).toBe('3 May 2025');
});

test('a factor scaled to another window has no more digits than it needs', () => {
  expect([14.4, 13.44, 14 / 15].map(factor)).toEqual(['14.4×', '13.44×', '0.9333×']);
});

test.each([
  ['no data', 'No data.'],
  ['really? ', 'Really?'],
  [
    'no telemetry since 2026-11-30T12:55:48Z; unknown',
    'No telemetry since 30 Nov, 12:55\u00a0UTC; unknown.',
  ],
  ['until 2026-12-01T08:00:00.25Z', 'Until 1 Dec, 08:00\u00a0UTC.'],
  ['`--at 2026-11-30T12:55:48Z` shows it', '`--at 2026-11-30T12:55:48Z` shows it.'],
])('a line of the server, %s, is a sentence', (line, sentence) =>
  expect(words.asSentence(line)).toBe(sentence),
);
