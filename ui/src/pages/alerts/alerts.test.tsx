import { fireEvent, screen, within } from '@testing-library/react';
import { expect, test } from 'vitest';
import { NEVER, open, page, Refused } from '../../test/app';
import { alert, deployment, HOSTILE, notification, service, slo } from '../../test/samples';

const ONE = '/api/v1/alerts/alr_1';
const ADDRESS = '/alerts/alr_1';
const OVER = alert({
  id: 'alr_2',
  slo: 'search-latency',
  service: 'search',
  severity: 'ticket',
  phase: 'closed',
  closed_at: '2026-11-20T11:45:00Z',
});
const LOADED = {
  [ONE]: alert({
    timeline: [
      { at: '2026-11-20T11:30:00Z', event: 'opened', message: 'the budget burns' },
      { at: '2026-11-20T11:30:01Z', event: 'notified', message: 'shop-inbox was told: opened' },
    ],
  }),
  '/api/v1/slos/checkout-availability': slo(),
  '/api/v1/services/checkout': service(),
};

/** Answers as the server does: those of the phase and the severity that are asked for. */
const byPhase = (query: URLSearchParams) =>
  page(
    ...[alert(), OVER].filter(
      ({ phase, severity }) =>
        phase === (query.get('phase') ?? phase) && severity === (query.get('severity') ?? severity),
    ),
  );

test('while alerts load, the list shows where they will stand', async () => {
  open('/alerts', { '/api/v1/alerts': NEVER });
  expect(await screen.findByLabelText('Loading the alerts')).toBeTruthy();
});

test('what fires stands first, and the title counts it', async () => {
  open('/alerts', { '/api/v1/alerts': byPhase });
  expect(await screen.findByRole('heading', { name: 'One alert fires: one page' })).toBeTruthy();
  const links = await screen.findAllByRole('link', { name: /^(checkout-av|search-la)/ });
  expect(links.map((link) => link.getAttribute('href'))).toEqual([
    '/alerts/alr_1',
    '/alerts/alr_2',
  ]);
  expect(screen.getByText('Firing: page')).toBeTruthy();
  expect(screen.getByText('Over: ticket')).toBeTruthy();
});

test('filters of the address narrow the list, and no match offers the way back', async () => {
  const { requests } = open('/alerts?phase=firing&severity=ticket&service=checkout', {
    '/api/v1/alerts': byPhase,
  });
  expect(await screen.findByRole('heading', { name: 'No alert matches' })).toBeTruthy();
  const asked = requests.map(({ url }) => new URL(url).searchParams);
  const narrowed = asked.find((query) => query.get('service') === 'checkout');
  expect(narrowed?.get('severity')).toBe('ticket');
  fireEvent.click(screen.getByRole('button', { name: 'Show all' }));
  expect(await screen.findByText('Over: ticket')).toBeTruthy();
});

test('no alert at all says what one would be', async () => {
  open('/alerts', {});
  expect(await screen.findByRole('heading', { name: 'No alert fires' })).toBeTruthy();
  expect(await screen.findByRole('heading', { name: 'No alert yet' })).toBeTruthy();
});

test('a failing list says what still works, and comes back', async () => {
  const { server } = open('/alerts', {
    '/api/v1/alerts': new Refused(500, 'internal', 'The store did not answer.'),
  });
  expect((await screen.findByRole('alert')).textContent).toContain('whoever is to be told is told');
  expect(screen.getByRole('heading', { level: 1 }).textContent).toBe('Alerts');
  server['/api/v1/alerts'] = byPhase;
  fireEvent.click(screen.getByRole('button', { name: 'Try again' }));
  expect(await screen.findByText('Firing: page')).toBeTruthy();
});

test('an alert says what burns, and why: each window against its factor', async () => {
  open(ADDRESS, LOADED);
  expect(
    await screen.findByRole('heading', {
      level: 1,
      name: 'checkout-availability burns its budget 24 times too fast',
    }),
  ).toBeTruthy();
  const why = within(screen.getByRole('region', { name: 'Why it fired' }));
  expect(why.getByText('needs more than 14.4× in both windows')).toBeTruthy();
  expect(why.getByText('24×')).toBeTruthy();
  expect(why.getByText('20×')).toBeTruthy();
  expect(
    await why.findByText(/^40\s% of the budget was left when it fired; 61\s% is left now\.$/),
  ).toBeTruthy();
});

test('what went out before is named, with the way back', async () => {
  const before = deployment({
    id: 'dep_0',
    artifact: 'sha256:aaaa',
    version: '1.4.0',
    deployed_at: '2026-11-19T08:00:00Z',
  });
  const called = deployment({ id: 'dep_2', service: 'payments', version: '7' });
  open(ADDRESS, {
    ...LOADED,
    '/api/v1/deployments': (query: URLSearchParams) =>
      query.get('service') === 'payments' ? page(called) : page(deployment(), before),
  });
  const changed = within(await screen.findByRole('region', { name: 'What changed before it' }));
  expect(await changed.findByText(/^, 10\smin before$/, { exact: false })).toBeTruthy();
  expect(await changed.findByRole('link', { name: 'payments 7' })).toBeTruthy();
  expect(
    screen.getByText(
      'plimsoll gate check --service checkout --environment production --artifact sha256:aaaa --class rollback',
    ),
  ).toBeTruthy();
});

test('while it is not known what went out, nobody says that nothing did', async () => {
  open(ADDRESS, { ...LOADED, '/api/v1/deployments': NEVER });
  const changed = within(await screen.findByRole('region', { name: 'What changed before it' }));
  expect(await changed.findByRole('status', { name: 'Loading the deployments' })).toBeTruthy();
  expect(changed.queryByText(/^Nothing was recorded/)).toBeNull();
});

test('a sick service that it calls is worth a look', async () => {
  open(ADDRESS, {
    ...LOADED,
    '/api/v1/services': page(service({ name: 'payments', display_name: 'Payments', firing: 1 })),
  });
  expect(
    await screen.findByText('Payments, which it calls, burns its budget, too: look there.'),
  ).toBeTruthy();
});

test('who was told, with which outcome, and who was not', async () => {
  const lost = notification({
    id: 'ntf_2',
    receiver: 'pager',
    state: 'undeliverable',
    reason: 'refused for good',
    attempts: [
      { number: 1, at: '2026-11-20T11:30:01Z', outcome: 'failed', message: HOSTILE },
      { number: 2, at: '2026-11-20T11:30:09Z', outcome: 'refused', message: 'HTTP 410' },
    ],
  });
  open(ADDRESS, { ...LOADED, '/api/v1/notifications': page(lost, notification()) });
  const told = within(await screen.findByRole('region', { name: 'Who was told' }));
  expect(await told.findByText('Delivered')).toBeTruthy();
  expect(told.getByText('Undeliverable')).toBeTruthy();
  expect(told.getByText('Refused for good')).toBeTruthy();
  expect(told.getByText(/^Attempt 1: failed, “<img src=x/)).toBeTruthy();
});

test('a reminder is not taken for the first message', async () => {
  open(ADDRESS, {
    ...LOADED,
    '/api/v1/notifications': page(notification({ reminder: 2, channel: 'email' })),
  });
  expect(await screen.findByText(/^reminder 2 that it fires, over email,/)).toBeTruthy();
});

test.each([
  [
    [
      {
        at: '2026-11-20T11:30:00Z',
        event: 'unrouted',
        message: 'nobody was told: shop has no receiver',
      },
    ],
    'Nobody was told: shop has no receiver. So it was when the alert opened.',
  ],
  [[], 'No message about it is kept, and nothing here says why.'],
])('%#: nobody told is said as it was then, “%s”', async (timeline, said) => {
  open(ADDRESS, { ...LOADED, [ONE]: alert({ timeline }) });
  const told = within(await screen.findByRole('region', { name: 'Who was told' }));
  expect(await told.findByText(said)).toBeTruthy();
});

test('what is not known of now is said beside what is known of then', async () => {
  const broken = new Refused(500, 'internal', 'It broke.');
  open(ADDRESS, {
    ...LOADED,
    '/api/v1/slos/checkout-availability': broken,
    '/api/v1/services': broken,
  });
  expect(await screen.findByText(/^How what it calls does could not be read/)).toBeTruthy();
  expect(await screen.findByText(/How the SLO does now could not be shown/)).toBeTruthy();
});

test('its numbers are one click away, at the instant it fired', async () => {
  const { router } = open(ADDRESS, LOADED);
  fireEvent.click(
    (await screen.findAllByRole('button', { name: 'Explain the numbers' }))[0] as HTMLElement,
  );
  expect(await screen.findByRole('dialog')).toBeTruthy();
  expect(router.state.location.search).toEqual({ explain: '2026-11-20T11:30:00Z' });
});

test('an unknown alert is a problem with a way on', async () => {
  open(ADDRESS, { [ONE]: new Refused(404, 'unknown_alert', 'There is no such alert.') });
  expect((await screen.findByRole('alert')).textContent).toContain('There is no such alert.');
});
