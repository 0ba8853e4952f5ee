import { screen } from '@testing-library/react';
import { expect, test } from 'vitest';
import { open, page, Refused } from '../../test/app';
import { HOSTILE, notification } from '../../test/samples';
import { spaces } from '../../test/spaces';
import { notificationsSentence, notificationsTitle } from './notifications/words';
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
test.each([
  [TELEMETRY, '1\u202f000 samples were counted, and none that counts was lost'],
  [{ ...TELEMETRY, over_cap: 3 }, '1\u202f000 samples were counted, and 3 were lost'],
  [{ ...TELEMETRY, accepted: 0 }, 'No sample was counted since the server started'],
  [
    { ...TELEMETRY, scrapes: [{ target: 'a', error: 'refused' }, { target: 'b' }] },
    'One of two scrape targets fails',
  ],
  [{ ...TELEMETRY, scrapes: [{ target: 'a', error: 'refused' }] }, 'The one scrape target fails'],
  [{ ...TELEMETRY, accepted: 1, unfit: 1 }, 'One sample was counted, and one was lost'],
])('%#: %s', (counts, sentence) => expect(telemetrySentence(counts)).toBe(sentence));

test('notifications say whether everything arrived', () => {
  const of = (...states: string[]) => states.map((state) => notification({ state }));
  expect(notificationsSentence([], false)).toBe('Nobody was told anything yet');
  expect(notificationsSentence(of('accepted'), false)).toBe('The one message was delivered');
  expect(notificationsSentence(of('accepted', 'pending'), false)).toBe(
    'One of two messages is on its way',
  );
  expect(notificationsSentence(of('accepted', 'undeliverable'), true)).toBe(
    'One of the last two messages was undeliverable',
  );
  expect(notificationsSentence(of('undeliverable'), false)).toBe(
    'The one message was undeliverable',
  );
  expect(notificationsTitle([], false, { receiver: 'shop', state: 'pending' })).toBe(
    'No messages for shop: on its way',
  );
  expect(notificationsSentence(of('superseded'), false)).toBe('The one message was no longer news');
  expect(notificationsSentence(of('accepted', 'superseded'), false)).toBe(
    'One of two messages was no longer news',
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
  const attempt = await screen.findByText(/Attempt 1: failed/);
  expect(spaces(attempt.textContent)).toContain('HTTP 500');
  expect(screen.getAllByText('On its way').length).toBeGreaterThan(0);
});

test('a reminder that was superseded says its channel, its number and why', async () => {
  open('/admin/notifications', {
    '/api/v1/notifications': page(
      notification({
        state: 'superseded',
        channel: 'email',
        reminder: 2,
        reason: 'a newer message about this alert tells more',
        attempts: [],
      }),
    ),
  });
  expect(await screen.findByText('reminder 2 that an alert fires, over email')).toBeTruthy();
  expect(screen.getAllByText('Superseded').length).toBeGreaterThan(0);
  expect(screen.getByText('A newer message about this alert tells more')).toBeTruthy();
});

test('the address narrows the log to a receiver and an outcome', async () => {
  const { requests } = open('/admin/notifications?receiver=shop-inbox&state=undeliverable', {
    '/api/v1/notifications': page(notification({ state: 'undeliverable' })),
  });
  expect(
    await screen.findByRole('heading', { name: 'One message for shop-inbox: undeliverable' }),
  ).toBeTruthy();
  const asked = requests.find(({ url }) => url.includes('/notifications'))?.url ?? '';
  expect(new URL(asked).searchParams.get('receiver')).toBe('shop-inbox');
  expect(new URL(asked).searchParams.get('state')).toBe('undeliverable');
});

test('a log that the reader may not see says so', async () => {
  open('/admin/notifications', {
    '/api/v1/notifications': new Refused(403, 'forbidden', 'This needs the permission read.'),
  });
  expect((await screen.findByRole('alert')).textContent).toContain('This needs the permission');
});
