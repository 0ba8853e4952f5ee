import { fireEvent, screen, waitFor, within } from '@testing-library/react';
import { describe, expect, test } from 'vitest';
import { NEVER, open, page, Refused } from '../../test/app';
import { alert, arm, counts, HOSTILE, service, slo, standing } from '../../test/samples';
import { spaces } from '../../test/spaces';
import { Stream } from '../../test/stream';
import { callsSentence, servicesSentence, serviceSentence } from './words';

const LIST = '/api/v1/services';

describe('the list says', () => {
  test.each([
    [counts({}), 'No service is known yet'],
    [counts({ healthy: 2, caution: 1 }), 'All three services are within their objectives'],
    [counts({ healthy: 2, exhausted: 1 }), 'One of three services is outside its objectives'],
    [
      counts({ exhausted: 2, no_data: 1 }),
      'Two of three services are outside their objectives, and one cannot be seen',
    ],
    [counts({ healthy: 2 }, { firing: 1 }), 'One of two services burns its budget'],
    [
      counts({ healthy: 1, exhausted: 1 }, { firing: 1 }),
      'One of two services is outside its objectives; one burns now',
    ],
    [
      counts({ healthy: 1, unmeasured: 1 }),
      'One of two services cannot be seen; the others are calm',
    ],
    [counts({ healthy: 1 }, { total: 3 }), 'One of three services is within its objectives'],
    [counts({ healthy: 1 }), 'The one service is within its objectives'],
    [counts({ exhausted: 1 }), 'The one service is outside its objectives'],
    [counts({ no_data: 1 }), 'The one service cannot be seen'],
    [counts({}, { total: 1 }), 'The one service has promised nothing yet'],
  ])('%#: %s', (stand, sentence) => expect(servicesSentence(stand)).toBe(sentence));
});

describe('a service says whether its users are happy', () => {
  const burning = slo({ alert: 'alr_1', burn: [arm({ long: 24, short: 20, firing: true })] });
  test.each([
    [[slo()], 'Users of Checkout are served as promised'],
    [
      [slo(), burning],
      'Users of Checkout are being failed: a budget burns, 24 times faster than it may',
    ],
    [[slo({ status: 'exhausted' })], 'Users of Checkout were failed more often than promised'],
    [[slo({ status: 'no_data' })], 'How users of Checkout fare, nobody can see'],
    [[], 'How users of Checkout fare, nobody can see'],
    [
      [slo(), slo({ status: 'unmeasured' })],
      'Users of Checkout are served as promised; one of its SLOs cannot be seen',
    ],
    [
      [slo({ status: 'warning', budget_remaining: 0.12 })],
      'Users of Checkout are served as promised, with 12 % of a budget left',
    ],
  ])('%#: %s', (slos, sentence) => expect(spaces(serviceSentence(service(), slos))).toBe(sentence));

  test('unless nobody promised them anything', () => {
    expect(serviceSentence(service({ slos: [] }), [])).toBe(
      'What users of Checkout can rely on, nobody has said',
    );
  });
});

test.each([
  [[], 0, 'What it leans on, and who leans on it.'],
  [[service()], 0, 'What it calls is calm.'],
  [[service({ firing: 1 }), service()], 0, 'Of what it calls, one does badly.'],
  [[service({ status: 'unmeasured' })], 0, 'Of what it calls, one cannot be seen.'],
  [[service({ slos: [], status: null })], 1, 'Of what it calls, two cannot be seen.'],
])('%#: of what a service calls, %s', (calls, unknown, says) =>
  expect(callsSentence(calls, unknown)).toBe(says),
);

test('services load, stand with their state, and are walked by keys', async () => {
  open('/services', {
    [LIST]: page(
      service({ status: 'exhausted', budget_remaining: -0.2 }),
      service({ name: 'b', display_name: null, slos: [], status: null }),
    ),
    '/api/v1/standing': standing({}, { exhausted: 1, healthy: 1 }),
  });
  expect(
    await screen.findByRole('heading', { name: 'One of two services is outside its objectives' }),
  ).toBeTruthy();
  const table = within(await screen.findByRole('table', { name: 'Services' }));
  expect(table.getByText('Exhausted')).toBeTruthy();
  expect(table.getByText('nothing promised')).toBeTruthy();
  fireEvent.keyDown(document.body, { key: 'j' });
  await waitFor(() => expect(document.activeElement?.textContent).toBe('Checkout'));
});

test('filters of the address reach the server', async () => {
  const { requests } = open('/services?owner=shop&tier=1&sort=tier', { [LIST]: page(service()) });
  await screen.findByRole('link', { name: 'Checkout' });
  const asked = requests
    .map(({ url }) => new URL(url))
    .find(({ pathname, searchParams }) => pathname === LIST && searchParams.has('tier'));
  expect(Object.fromEntries(asked?.searchParams ?? [])).toMatchObject({
    owner: 'shop',
    tier: '1',
    sort: 'tier',
  });
});

test('no service yet says what one is, and the command that makes one', async () => {
  open('/services', {});
  expect(await screen.findByRole('heading', { name: 'Say what you run' })).toBeTruthy();
  expect(screen.getByText('plimsoll apply -f catalog/')).toBeTruthy();
});

test('while services load, the list shows where they will stand', async () => {
  open('/services', { [LIST]: NEVER });
  expect(await screen.findByLabelText('Loading the services')).toBeTruthy();
});

test('a failing list says so', async () => {
  open('/services', { [LIST]: new Refused(500, 'internal', 'It broke.') });
  expect((await screen.findByRole('alert')).textContent).toContain(
    'The services could not be shown',
  );
});

const LOADED = {
  '/api/v1/services/checkout': service({ depends_on: ['payments', 'gone'] }),
  '/api/v1/slos': page(slo()),
  [LIST]: page(
    service({ name: 'payments', display_name: 'Payments', status: 'exhausted', depends_on: [] }),
    service({ name: 'storefront', display_name: 'Storefront', depends_on: ['checkout'] }),
  ),
  '/api/v1/slos/checkout-availability/history': { step_minutes: 5, points: [] },
};

test('a service shows its promises, and what stands around it with its state', async () => {
  open('/services/checkout', { ...LOADED, '/api/v1/alerts': page(alert()) });
  expect(
    await screen.findByRole('heading', {
      level: 1,
      name: 'Users of Checkout are served as promised',
    }),
  ).toBeTruthy();
  const around = within(screen.getByRole('region', { name: 'What stands around it' }));
  expect(await around.findByRole('link', { name: 'Payments' })).toBeTruthy();
  expect(around.getByText('Exhausted')).toBeTruthy();
  expect(around.getByRole('link', { name: 'Storefront' })).toBeTruthy();
  expect(around.getByText('gone, which the catalog does not know')).toBeTruthy();
  expect(around.getByText('Of what it calls, one does badly, one cannot be seen.')).toBeTruthy();
  expect(await screen.findByText('Firing: page')).toBeTruthy();
});

test('hostile names and descriptions are text', async () => {
  open('/services/checkout', {
    ...LOADED,
    '/api/v1/services/checkout': service({
      display_name: HOSTILE,
      description: `=HYPERLINK("http://127.0.0.1/")\r\n${HOSTILE}`,
    }),
  });
  const title = await screen.findByRole('heading', { level: 1, name: /^Users of <img src=x/ });
  expect(title.querySelector('img, script')).toBeNull();
  expect(document.querySelectorAll('main img, main script')).toHaveLength(0);
  expect((window as unknown as Record<string, unknown>)['pwned']).toBeUndefined();
});

test('an unknown service is a problem with a way on', async () => {
  open('/services/nothing', {
    '/api/v1/services/nothing': new Refused(404, 'unknown_service', 'There is no such service.'),
  });
  expect((await screen.findByRole('alert')).textContent).toContain('There is no such service.');
});

test('a service whose SLOs cannot be read is not said to do well', async () => {
  open('/services/checkout', {
    [`${LIST}/checkout`]: service(),
    '/api/v1/slos': new Refused(500, 'internal', 'The store did not answer.'),
  });
  expect((await screen.findAllByRole('alert'))[0]?.textContent).toContain('Its SLOs could not');
  expect(screen.getByRole('heading', { level: 1 }).textContent).toBe('Checkout');
});

test('a service that is read again in vain is not shown as fresh', async () => {
  const { server } = open('/services/checkout', LOADED);
  await screen.findByRole('heading', { level: 1, name: /^Users of Checkout/ });
  server['/api/v1/services/checkout'] = new Refused(500, 'internal', 'It broke.');
  Stream.opened.at(-1)?.say('changed', { noun: 'definition', name: null });
  expect(await screen.findByText('Below is what was last seen.')).toBeTruthy();
  expect(screen.getByRole('heading', { level: 1, name: /^Users of Checkout/ })).toBeTruthy();
});

test('a window is named where it is that of all', async () => {
  const two = [slo(), slo({ name: 'b', window: '7d' })];
  open('/services/checkout', { ...LOADED, '/api/v1/slos': page(...two) });
  expect(await screen.findByRole('radio', { name: 'Window' })).toBeTruthy();
});

test('a budget that nobody knows is not a dash of something', async () => {
  const unknown = slo({ budget_remaining: null, status: 'unmeasured', burn: [] });
  open('/services/checkout', { ...LOADED, '/api/v1/slos': page(unknown) });
  expect(await screen.findByText('How much of the budget is left is unknown.')).toBeTruthy();
});
