import { QueryClient } from '@tanstack/react-query';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { Stream } from '../test/stream';
import { listen, nounOf } from './live';

beforeEach(() => {
  Stream.opened = [];
  vi.useFakeTimers();
});
afterEach(() => vi.useRealTimers());

function start() {
  const queries = new QueryClient();
  const asked = vi.spyOn(queries, 'invalidateQueries').mockResolvedValue();
  const told: boolean[] = [];
  const stop = listen('/events', queries, (up) => told.push(up));
  const latest = () => Stream.opened.at(-1) as Stream;
  return { asked, told, stop, latest };
}

test('changes that come together are asked for once', () => {
  const { asked, latest, stop } = start();
  latest().say('hello');
  for (let i = 0; i < 5; i += 1) latest().say('changed', { noun: 'slos', name: null });
  latest().say('changed', { noun: 'unheard_of', name: null });
  vi.advanceTimersByTime(1000);
  expect(asked.mock.calls).toEqual([[{ queryKey: ['slos'] }]]);
  stop();
});

test('a lost connection is told, tried again with growing waits, and everything asked for when it is back', () => {
  const { asked, told, latest, stop } = start();
  latest().say('hello');
  latest().breakOff();
  expect(told).toEqual([true, false]);
  vi.advanceTimersByTime(1500);
  expect(Stream.opened).toHaveLength(2);
  latest().breakOff();
  vi.advanceTimersByTime(1400);
  expect(Stream.opened).toHaveLength(2);
  vi.advanceTimersByTime(1200);
  expect(Stream.opened).toHaveLength(3);
  expect(asked).not.toHaveBeenCalled();
  latest().say('hello');
  expect(asked).toHaveBeenCalledTimes(1);
  expect(told.at(-1)).toBe(true);
  stop();
  expect(latest().closed).toBe(true);
});

test('an event that cannot be read names nothing', () => {
  expect(nounOf('{"noun":"alerts","name":null}')).toBe('alerts');
  expect(nounOf('not json')).toBeNull();
  expect(nounOf('{"noun":7}')).toBeNull();
  expect(nounOf('null')).toBeNull();
});
