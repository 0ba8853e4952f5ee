import { QueryClient } from '@tanstack/react-query';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { seed } from '../app/seed';
import { answered, begin, forgetBegun, takeOrAsk } from './begun';

const ME = { address: '/api/v1/me', key: ['me'] };
const LIST = { address: '/api/v1/slos?limit=100', key: ['slos'], paged: true };

const asked = vi.fn<(request: Request | string) => Promise<Response>>();
const ask = (address: string, init?: RequestInit) =>
  takeOrAsk(new Request(`${location.origin}${address}`, init));

beforeEach(() => {
  forgetBegun();
  asked.mockReset().mockImplementation(() => Promise.resolve(Response.json({ name: 'mara' })));
  vi.stubGlobal('fetch', asked);
});
afterEach(() => void vi.useRealTimers());

test('an answer is given out once', async () => {
  begin(ME);
  expect(await (await ask(ME.address)).json()).toEqual({ name: 'mara' });
  expect(asked).toHaveBeenCalledTimes(1);
  await ask(ME.address);
  expect(asked).toHaveBeenCalledTimes(2);
});

test('only whoever asks for the same is given it', async () => {
  begin(LIST);
  await ask('/api/v1/slos?limit=20');
  await ask(LIST.address, { method: 'POST' });
  expect(asked).toHaveBeenCalledTimes(3);
});

test.each([
  ['a refusal', () => Promise.resolve(new Response(null, { status: 401 }))],
  ['a failure', () => Promise.reject(new Error('down'))],
])('after %s it is asked again', async (_, outcome) => {
  asked.mockImplementationOnce(outcome);
  begin(ME);
  expect((await ask(ME.address)).ok).toBe(true);
  expect(asked).toHaveBeenCalledTimes(2);
});

test('what is old, or of another reader, is asked again', async () => {
  vi.useFakeTimers({ toFake: ['performance'] });
  begin(ME);
  vi.advanceTimersByTime(11_000);
  await ask(ME.address);
  expect(asked).toHaveBeenCalledTimes(2);
  begin(ME);
  forgetBegun();
  await ask(ME.address);
  expect(asked).toHaveBeenCalledTimes(4);
});

test('what is old when the app starts is not known to it, and what is not keeps its age', async () => {
  vi.useFakeTimers({ toFake: ['performance', 'Date'] });
  const began = Date.now();
  begin(ME);
  begin(LIST);
  await answered(LIST.address);
  await answered(ME.address);
  vi.advanceTimersByTime(4000);
  const queries = new QueryClient();
  await seed(queries);
  expect(queries.getQueryState(LIST.key)?.dataUpdatedAt).toBe(began);
  begin(LIST);
  await answered(LIST.address);
  vi.advanceTimersByTime(11_000);
  const others = new QueryClient();
  await seed(others);
  expect(others.getQueryData(LIST.key)).toBeUndefined();
});

test('what arrived a while ago is not handed out as if it were given now', async () => {
  vi.useFakeTimers({ toFake: ['performance', 'Date'] });
  begin(ME);
  await answered(ME.address);
  vi.advanceTimersByTime(3000);
  await ask(ME.address);
  expect(asked).toHaveBeenCalledTimes(2);
});

test('what is answered when the app starts is known to it, and what is not is waited for', async () => {
  let arrive: (response: Response) => void = () => undefined;
  const late = new Promise<Response>((resolve) => (arrive = resolve));
  asked.mockImplementation((request) =>
    String(request).includes('standing') ? late : Promise.resolve(Response.json({ items: [] })),
  );
  begin({ address: '/api/v1/standing', key: ['standing'] });
  begin(LIST);
  begin(ME);
  await answered(LIST.address);
  const queries = new QueryClient();
  await seed(queries);
  expect(queries.getQueryData(ME.key)).toEqual({ items: [] });
  expect(queries.getQueryData(LIST.key)).toEqual({
    pages: [{ items: [] }],
    pageParams: [undefined],
  });
  expect(queries.getQueryData(['standing'])).toBeUndefined();
  arrive(Response.json({ slos: 1 }));
  expect(await (await ask('/api/v1/standing')).json()).toEqual({ slos: 1 });
  expect(asked).toHaveBeenCalledTimes(3);
});

test('without an answer the app starts all the same', async () => {
  asked.mockImplementation(() => Promise.resolve(new Response(null, { status: 401 })));
  begin(ME);
  const queries = new QueryClient();
  await seed(queries);
  expect(queries.getQueryData(ME.key)).toBeUndefined();
});
