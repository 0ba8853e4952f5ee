import { fireEvent, screen, waitFor, within } from '@testing-library/react';
import { expect, test } from 'vitest';
import { DONE, open, page, Refused } from '../../test/app';
import { HOSTILE, notification } from '../../test/samples';
import { spaces } from '../../test/spaces';
import { notificationsSentence } from './Notifications';
import { telemetrySentence } from './telemetry/words';

const TELEMETRY = {
  accepted: 1000,
  undeclared: 7,
  duplicate_or_late: 0,
  future: 0,
  over_cap: 0,
  not_elected: 0,
  unfit: 0,
  series: 12,
  log_bytes: 2048,
  offenders: [],
  scrapes: [],
};
const CI = {
  id: 'tok_1',
  name: 'ci',
  role: 'responder',
  created_at: '2026-11-20T11:00:00Z',
  revoked_at: null,
};

test.each([
  [TELEMETRY, '1\u202f000 samples were counted, and none that counts was lost'],
  [{ ...TELEMETRY, over_cap: 3 }, '1\u202f000 samples were counted, and 3 were lost'],
  [{ ...TELEMETRY, accepted: 0 }, 'No sample was counted since the server started'],
  [
    { ...TELEMETRY, scrapes: [{ target: 'a', error: 'refused' }, { target: 'b' }] },
    'One of two scrape targets fails',
  ],
])('%#: %s', (counts, sentence) => expect(telemetrySentence(counts)).toBe(sentence));

test('notifications say whether everything arrived', () => {
  const of = (...states: string[]) => states.map((state) => notification({ state }));
  expect(notificationsSentence([], false)).toBe('Nobody had to be told anything yet');
  expect(notificationsSentence(of('accepted'), false)).toBe('The one message was delivered');
  expect(notificationsSentence(of('accepted', 'pending'), false)).toBe(
    'One of two messages is on its way',
  );
  expect(notificationsSentence(of('accepted', 'undeliverable'), true)).toBe(
    'One of the last two messages was undeliverable',
  );
});

test('what came in, what failed, and who sends too much, as text', async () => {
  open('/admin/telemetry', {
    '/api/v1/telemetry': {
      ...TELEMETRY,
      offenders: [{ sender: HOSTILE, over_cap: 5 }],
      scrapes: [{ target: 'checkout', last_at: null, error: `no route to ${HOSTILE}` }],
    },
  });
  expect(await screen.findByText(/no route to <img src=x/)).toBeTruthy();
  expect(screen.getByText(HOSTILE)).toBeTruthy();
  expect(document.querySelector('main img')).toBeNull();
});

test('an admin makes a token and sees its secret once', async () => {
  const { requests, server } = open('/admin/tokens', { '/api/v1/tokens': page() });
  await screen.findByRole('heading', { name: 'Let a program in' });
  server['POST /api/v1/tokens'] = () => {
    server['/api/v1/tokens'] = page(CI);
    return { ...CI, secret: 'plm_secret' };
  };
  fireEvent.click(screen.getByRole('button', { name: 'Make a token' }));
  fireEvent.change(await screen.findByLabelText('Name'), { target: { value: ' ci ' } });
  fireEvent.click(screen.getByRole('button', { name: 'Make the token' }));
  expect(await screen.findByText('plm_secret')).toBeTruthy();
  const sent = requests.find(({ method }) => method === 'POST');
  expect(await sent?.json()).toEqual({ name: 'ci', role: 'responder' });
  fireEvent.click(screen.getByRole('button', { name: 'I have kept it' }));
  await waitFor(() => expect(screen.queryByText('plm_secret')).toBeNull());
  expect(await screen.findByText('One token is in force')).toBeTruthy();
});

test('a token is revoked only after it was said what that means', async () => {
  const { requests, server } = open('/admin/tokens', { '/api/v1/tokens': page(CI) });
  server['DELETE /api/v1/tokens/tok_1'] = () => {
    server['/api/v1/tokens'] = page({ ...CI, revoked_at: '2026-11-20T12:00:00Z' });
    return DONE;
  };
  fireEvent.click(await screen.findByRole('button', { name: 'Revoke ci' }));
  const asked = within(await screen.findByRole('dialog'));
  expect(asked.getByText(/cannot be brought back/)).toBeTruthy();
  expect(requests.some(({ method }) => method === 'DELETE')).toBe(false);
  fireEvent.click(asked.getByRole('button', { name: 'Revoke the token' }));
  expect(await screen.findByText('No token is in force')).toBeTruthy();
  expect(requests.some(({ method }) => method === 'DELETE')).toBe(true);
});

test('a refusal of the server stays in the dialog', async () => {
  open('/admin/tokens', {
    '/api/v1/tokens': page(CI),
    'DELETE /api/v1/tokens/tok_1': new Refused(409, 'conflict', 'It was revoked meanwhile.'),
  });
  fireEvent.click(await screen.findByRole('button', { name: 'Revoke ci' }));
  fireEvent.click(await screen.findByRole('button', { name: 'Revoke the token' }));
  expect((await screen.findByRole('alert')).textContent).toContain('It was revoked meanwhile.');
});

test('who may not see tokens is told who can, and the server is not asked', async () => {
  const { requests } = open('/admin/tokens', {
    '/api/v1/me': { name: 'vic', kind: 'person', role: 'viewer' },
  });
  expect(
    await screen.findByRole('heading', { name: 'Tokens are for the role admin' }),
  ).toBeTruthy();
  expect(screen.getByText(/is an admin of this Plimsoll can give you another/)).toBeTruthy();
  expect(requests.some(({ url }) => url.includes('/tokens'))).toBe(false);
});

test('names of people and of tokens are text', async () => {
  open('/admin/people', {
    '/api/v1/people': page({
      id: 'per_1',
      name: HOSTILE,
      role: 'admin',
      created_at: '2026-11-20T11:00:00Z',
    }),
  });
  expect(await screen.findByText(HOSTILE)).toBeTruthy();
  expect(screen.getByRole('heading', { name: 'One person signs in here' })).toBeTruthy();
});

test('the log of notifications shows every attempt of what did not arrive', async () => {
  open('/admin/notifications', {
    '/api/v1/notifications': page(
      notification({
        state: 'pending',
        next_attempt_at: '2999-01-01T00:00:00Z',
        attempts: [
          { number: 1, at: '2026-11-20T11:30:01Z', outcome: 'failed', message: 'HTTP 500' },
        ],
      }),
    ),
  });
  expect(await screen.findByText('On its way')).toBeTruthy();
  expect(spaces(screen.getByText(/Attempt 1: failed/).textContent)).toContain('HTTP 500');
});
