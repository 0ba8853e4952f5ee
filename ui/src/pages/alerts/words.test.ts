import { describe, expect, test } from 'vitest';
import { alert, arm, deployment, service } from '../../test/samples';
import { spaces } from '../../test/spaces';
import * as words from './words';

const severity = (severity: string) => ({ severity });

test.each([
  [[], 'No alert fires'],
  [[severity('page')], 'One alert fires: one page'],
  [
    [severity('page'), severity('ticket'), severity('ticket')],
    'Three alerts fire: one page and two tickets',
  ],
  [[severity('log')], 'One alert fires: one log'],
  [
    [severity('page'), severity('ticket'), severity('log')],
    'Three alerts fire: one page, one ticket and one log',
  ],
])('%#: %s', (firing, sentence) => expect(words.alertsSentence(firing)).toBe(sentence));

describe('one alert says', () => {
  const over = { phase: 'closed', closed_at: '2026-11-20T11:42:00Z' };
  test.each([
    [alert(), 'checkout-availability burns its budget 24 times too fast'],
    [alert(over), 'checkout-availability burned its budget 24 times too fast for 12 min'],
    [
      alert({ kind: 'no_data', arms: [] }),
      'checkout-availability sends no data: how its users fare is unknown',
    ],
    [alert({ kind: 'no_data', ...over }), 'checkout-availability sent no data for 12 min'],
    [alert({ arms: [], summary: '4.0 % is left' }), 'checkout-availability: 4.0 % is left'],
    [
      alert({ arms: [arm({ long: 30 }), arm({ long: 7, firing: true })] }),
      'checkout-availability burns its budget 7 times too fast',
    ],
  ])('%#: %s', (one, sentence) => expect(spaces(words.alertSentence(one))).toBe(sentence));
});

test('suspects went out before it fired, the service’s own first and the nearest', () => {
  const found = words.suspects(alert(), [
    deployment({ id: 'late', deployed_at: '2026-11-20T11:31:00Z' }),
    deployment({ id: 'called', service: 'payments', deployed_at: '2026-11-20T11:29:00Z' }),
    deployment({ id: 'far', deployed_at: '2026-11-20T01:00:00Z' }),
    deployment({ id: 'near', deployed_at: '2026-11-20T11:20:00Z' }),
  ]);
  expect(found.map(({ deployment }) => deployment.id)).toEqual(['near', 'far', 'called']);
  expect(found[0]?.beforeMs).toBe(600_000);
});

describe('advice', () => {
  const near = words.suspects(alert(), [deployment()]);

  test('goes back to what ran before, in the same environment', () => {
    const all = [
      deployment(),
      deployment({ id: 'other', environment: 'staging', artifact: 'sha256:c', version: '9' }),
      deployment({
        id: 'before',
        artifact: 'sha256:a',
        version: '1.4.0',
        deployed_at: '2026-11-01T00:00:00Z',
      }),
    ];
    const [first] = words.advice(alert(), near, all, []);
    expect(spaces(first?.says ?? '')).toBe(
      '1.5.0 (feature) went out 10 min before it fired. If it is the cause, go back to 1.4.0; ask the gate first:',
    );
    expect(first?.command).toContain('--artifact sha256:a --class rollback');
  });

  test('does not suspect what went out long ago', () => {
    const old = words.suspects(alert(), [deployment({ deployed_at: '2026-11-20T02:00:00Z' })]);
    expect(words.advice(alert(), old, [], []).map((step) => step.to?.page)).toEqual(['explain']);
  });

  test('without data looks at what comes in first', () => {
    const silent = alert({ kind: 'no_data' });
    expect(words.advice(silent, near, [], [])[0]?.to).toEqual({ page: 'telemetry' });
  });

  test('names what is sick among what it calls, and not what is well', () => {
    const called = [
      service({ name: 'payments', display_name: null, status: 'exhausted' }),
      service({ name: 'stock', display_name: null }),
    ];
    const says = words.advice(alert(), [], [], called).map((step) => step.says);
    expect(says[0]).toBe('payments, which it calls, is exhausted: look there.');
    expect(says.some((line) => line.includes('stock'))).toBe(false);
  });
});
