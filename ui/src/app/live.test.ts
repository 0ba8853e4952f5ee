import { QueryClient } from '@tanstack/react-query';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { Stream } from '../test/stream';
import { changeOf, listen, shows } from './live';

beforeEach(() => {
  Stream.opened = [];
  vi.useFakeTimers();
});
afterEach(() => vi.useRealTimers());

function start() {
  const queries = new QueryClient();
  const told: boolean[] = [];
  const stop = listen('/events', queries, (up) => told.push(up));
  const latest = () => Stream.opened.at(-1) as Stream;
  return { queries, told, stop, latest };
}

test('changes that come together are asked for once, and lists less often', () => {
  const { queries, latest, stop } = start();
  const keys = [
    ['slos', 'one', 'a'],
    ['slos', 'one', 'b'],
    ['slos', 'explain', 'a'],
    ['slos', 'list', {}],
    ['me'],
  ];
  keys.forEach((key) => queries.setQueryData(key, 'known'));
  const asked = () => keys.filter((key) => queries.getQueryState(key)?.isInvalidated);
  for (let i = 0; i < 5; i += 1) latest().say('changed', { noun: 'slo', name: 'a' });
  latest().say('changed', { noun: 'unheard_of', name: null });
  vi.advanceTimersByTime(1000);
  expect(asked()).toEqual([['slos', 'one', 'a']]);
  vi.advanceTimersByTime(2000);
  expect(asked()).toEqual([
    ['slos', 'one', 'a'],
    ['slos', 'list', {}],
  ]);
  stop();
});

test('a lost connection is told, tried again with growing waits, and everything asked for when it is back', () => {
  const { queries, told, latest, stop } = start();
  latest().say('hello');
  vi.advanceTimersByTime(3000);
  queries.setQueryData(['decisions', 'a'], 'known');
  latest().breakOff();
  expect(told).toEqual([true, false]);
  vi.advanceTimersByTime(1500);
  expect(Stream.opened).toHaveLength(2);
  latest().breakOff();
  vi.advanceTimersByTime(1400);
  expect(Stream.opened).toHaveLength(2);
  vi.advanceTimersByTime(1200);
  expect(Stream.opened).toHaveLength(3);
  expect(queries.getQueryState(['decisions', 'a'])?.isInvalidated).toBe(false);
  latest().say('hello');
  vi.advanceTimersByTime(1000);
  expect(queries.getQueryState(['decisions', 'a'])?.isInvalidated).toBe(true);
  expect(told.at(-1)).toBe(true);
  stop();
  expect(latest().closed).toBe(true);
});

test('an event names what changed, or nothing', () => {
  expect(changeOf('{"noun":"alerts","name":null}')).toEqual({ noun: 'alert', name: null });
  expect(changeOf('{"noun":"slo","name":"a"}')).toEqual({ noun: 'slo', name: 'a' });
  expect(changeOf('{"noun":"all","name":""}')).toEqual({ noun: 'all', name: null });
  expect(changeOf('not json')).toBeNull();
  expect(changeOf('{"noun":7}')).toBeNull();
  expect(changeOf('null')).toBeNull();
});

test.each([
  ['slo', 'a', ['slos', 'history', 'a', {}], true],
  ['slo', 'a', ['slos', 'history', 'b', {}], false],
  ['slo', null, ['slos', 'history', 'b', {}], true],
  ['alert', 'alr_1', ['alerts', 'one', 'alr_1'], true],
  ['deployment', 'checkout', ['deployments', 'checkout', undefined], true],
  ['deployment', 'checkout', ['deployments', 'search', undefined], false],
  ['definition', null, ['services'], true],
  ['webhook', 'whk_1', ['webhooks'], true],
  ['webhook', 'whk_1', ['tokens'], false],
  ['all', null, ['me'], false],
])('%s %s and %j: %s', (noun, name, key, shown) => expect(shows(key, { noun, name })).toBe(shown));

test('what was read before the first stream stood is asked for again', () => {
  const { queries, latest, stop } = start();
  queries.setQueryData(['alerts', 'list', {}], 'none yet');
  vi.advanceTimersByTime(60_000);
  expect(queries.getQueryState(['alerts', 'list', {}])?.isInvalidated).toBe(false);
  latest().say('hello');
  vi.advanceTimersByTime(3000);
  expect(queries.getQueryState(['alerts', 'list', {}])?.isInvalidated).toBe(true);
  stop();
});
