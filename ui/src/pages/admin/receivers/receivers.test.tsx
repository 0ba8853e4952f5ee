import { fireEvent, screen, within } from '@testing-library/react';
import { expect, test } from 'vitest';
import { NEVER, open, page, Refused } from '../../../test/app';
import { channel, HOSTILE, receiver } from '../../../test/samples';
import { hears, receiversSentence, reminded, took } from './words';

const failing = channel({ last: { ...LAST(), outcome: 'refused' } });
const idle = channel({ last: null });

function LAST() {
  return {
    at: '2026-11-20T11:30:01Z',
    message: 'HTTP 204',
    notification: 'ntf_1',
    outcome: 'accepted',
  };
}

test.each([
  [[], 'Nobody is told: there is no receiver'],
  [[receiver()], 'The one channel took what was sent last'],
  [[receiver({ channels: [idle] })], 'No channel was needed yet; a test shows whether it works'],
  [[receiver({ channels: [failing] })], 'The one channel does not take what is sent'],
  [
    [receiver({ channels: [channel(), failing] })],
    'One of two channels does not take what is sent',
  ],
  [
    [receiver({ channels: [channel(), idle] })],
    'One of two channels took what was sent last; the other was not needed yet',
  ],
  [
    [receiver({ channels: [channel({ fault: 'no mail server' }), failing] })],
    'Two of two channels do not take what is sent',
  ],
])('%#: %s', (receivers, sentence) => expect(receiversSentence(receivers)).toBe(sentence));

test('what a receiver hears, how often it reminds, and how long an answer took', () => {
  expect(hears(receiver())).toBe('hears of what shop owns');
  expect(hears(receiver({ team: null, default: true }))).toBe(
    'hears of what has no receiver of its own',
  );
  expect(hears(receiver({ team: null }))).toContain('hears of nothing');
  expect(reminded(receiver({ repeat_minutes: 240 }))).toBe('every 4\u00a0h');
  expect(reminded(receiver({ repeat_minutes: 45 }))).toBe('every 45\u00a0min');
  expect(reminded(receiver({ repeat_minutes: null }))).toBe('never');
  expect(took(80)).toBe('80\u00a0ms');
  expect(took(1234)).toBe('1.2\u00a0s');
});

const ONE = '/admin/receivers/shop-inbox';
const TEST = 'POST /api/v1/receivers/shop-inbox/test';
const ANSWERS = {
  '/api/v1/receivers': page(receiver({ channels: [channel(), channel({ name: 'email' })] })),
  '/api/v1/definitions/Receiver/shop-inbox': {
    api_version: 'plimsoll/v1',
    kind: 'Receiver',
    name: 'shop-inbox',
    origin: 'yours',
    yaml: `kind: Receiver # ${HOSTILE}`,
  },
};

test('without a receiver the page teaches what one is', async () => {
  open('/admin/receivers', { '/api/v1/receivers': page() });
  expect(await screen.findByRole('heading', { name: 'Say who is to be told' })).toBeTruthy();
  expect(screen.getByRole('region', { name: 'A receiver' }).textContent).toContain(
    'kind: Receiver',
  );
});

test('a receiver shows its channels and its document, as text', async () => {
  open(ONE, {
    ...ANSWERS,
    '/api/v1/receivers': page(
      receiver({ channels: [channel({ last: { ...LAST(), message: HOSTILE } })] }),
    ),
  });
  const channels = within(await screen.findByRole('list', { name: 'Channels' }));
  expect(channels.getByText(/<img src=x/)).toBeTruthy();
  expect(channels.getByText('took 3 of 4 messages, 1 on their way')).toBeTruthy();
  expect((await screen.findByRole('region', { name: 'The document' })).textContent).toContain(
    HOSTILE,
  );
  expect(document.querySelector('main img')).toBeNull();
});

test('a test shows what each provider answered', async () => {
  const { requests } = open(ONE, {
    ...ANSWERS,
    [TEST]: {
      receiver: 'shop-inbox',
      passed: false,
      channels: [
        { channel: 'webhook', outcome: 'accepted', message: 'HTTP 204', duration_ms: 41 },
        { channel: 'email', outcome: 'refused', message: `550 ${HOSTILE}`, duration_ms: 1900 },
      ],
    },
  });
  fireEvent.click(await screen.findByRole('button', { name: 'Send a test' }));
  expect(await screen.findByText('Not every channel took it.')).toBeTruthy();
  const tried = within(screen.getByRole('region', { name: 'Does it work?' }));
  expect(tried.getByText('“HTTP 204”, after 41 ms')).toBeTruthy();
  expect(tried.getByText(/“550 <img/)).toBeTruthy();
  expect(requests.filter(({ method }) => method === 'POST')).toHaveLength(1);
});

test('what a test of one receiver showed is not said of the next', async () => {
  const { router } = open(ONE, {
    ...ANSWERS,
    '/api/v1/receivers': page(receiver(), receiver({ name: 'other' })),
    [TEST]: { receiver: 'shop-inbox', passed: true, channels: [] },
  });
  fireEvent.click(await screen.findByRole('button', { name: 'Send a test' }));
  expect(await screen.findByText('Every channel took it.')).toBeTruthy();
  await router.navigate({ to: '/admin/receivers/$name', params: { name: 'other' } });
  expect(await screen.findByRole('heading', { name: /^other hears/ })).toBeTruthy();
  expect(screen.queryByText('Every channel took it.')).toBeNull();
});

test('while providers are asked, it says whom', async () => {
  open(ONE, { ...ANSWERS, [TEST]: NEVER });
  fireEvent.click(await screen.findByRole('button', { name: 'Send a test' }));
  expect(await screen.findByText(/^Webhook is asked/)).toBeTruthy();
  expect(screen.getByText(/^E-mail is asked/)).toBeTruthy();
});

test('a test that is refused for being too soon says that nothing was sent, and when it can be', async () => {
  open(ONE, {
    ...ANSWERS,
    [TEST]: new Refused(429, 'throttled', 'too many attempts; try again in 28 s'),
  });
  fireEvent.click(await screen.findByRole('button', { name: 'Send a test' }));
  const alert = await screen.findByRole('alert');
  expect(alert.textContent).toContain('Nothing was sent.');
  expect(alert.textContent).toContain('try again in 28 s.');
});

test.each([
  ['the editor of its team', [{ team: 'shop', role: 'editor' }], false, true],
  ['the editor of its team, of a default one,', [{ team: 'shop', role: 'editor' }], true, false],
  ['a viewer', [], false, false],
])('%s may test it or is told who may', async (_, teams, fallback, may) => {
  open(ONE, {
    ...ANSWERS,
    '/api/v1/receivers': page(receiver({ default: fallback })),
    '/api/v1/me': { id: 'per_vic', name: 'vic', kind: 'person', role: 'viewer', teams },
  });
  await screen.findByRole('list', { name: 'Channels' });
  expect(screen.queryByRole('button', { name: 'Send a test' }) !== null).toBe(may);
  expect(screen.queryByText(/can test it/) === null).toBe(may);
});

test('a receiver that is not there is said', async () => {
  open('/admin/receivers/gone', ANSWERS);
  expect(await screen.findByRole('heading', { name: 'There is no such receiver' })).toBeTruthy();
});
