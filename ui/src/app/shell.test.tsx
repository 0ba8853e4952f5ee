import { fireEvent, screen, waitFor, within } from '@testing-library/react';
import { expect, test, vi } from 'vitest';
import { DONE, NEVER, open, page, Refused } from '../test/app';
import { alert, person, receiver, service, slo, standing, team } from '../test/samples';
import { Stream } from '../test/stream';

const press = (key: string) => fireEvent.keyDown(document.activeElement ?? document.body, { key });

test('g and a letter go to a place; elsewhere the letter does nothing', async () => {
  const { router } = open('/alerts', {});
  await screen.findByRole('heading', { name: 'No alert fires' });
  press('s');
  expect(router.state.location.pathname).toBe('/alerts');
  press('g');
  press('s');
  await waitFor(() => expect(router.state.location.pathname).toBe('/services'));
  press('g');
  press('x');
  press('r');
  expect(router.state.location.pathname).toBe('/services');
});

test('the navigation says how many alerts fire', async () => {
  open('/services', { '/api/v1/alerts': page(alert(), alert({ id: 'alr_2' })) });
  const pages = await screen.findAllByRole('navigation', { name: 'Pages' });
  expect(await within(pages[0] as HTMLElement).findByText('2')).toBeTruthy();
});

test.each([
  ['/slos', ['SLOs']],
  ['/targets', ['SLOs']],
  ['/import', ['SLOs']],
  ['/', ['Overview']],
  ['/admin/storage', ['Admin']],
  ['/account', []],
])('at %s the navigation marks %j', async (address, marked) => {
  open(address, {});
  const [pages] = await screen.findAllByRole('navigation', { name: 'Pages' });
  const links = within(pages as HTMLElement).getAllByRole('link');
  const here = links.filter((link) => link.getAttribute('aria-current') === 'page');
  expect(here.map((link) => link.textContent)).toEqual(marked);
  expect(links.filter((link) => link.classList.contains('active'))).toEqual(here);
});

test('the finder knows SLOs, services, alerts and actions', async () => {
  const { router, requests } = open('/alerts', {
    '/api/v1/alerts': page(alert()),
    '/api/v1/slos': page(slo()),
    '/api/v1/services': page(service({ name: 'payments', display_name: 'Payments' })),
    '/api/v1/standing': standing({ healthy: 1 }),
  });
  await screen.findAllByText('Firing: page');
  fireEvent.click(screen.getAllByRole('button', { name: /^Find/ })[0] as HTMLElement);
  const box = await screen.findByRole('combobox', { name: 'Find' });
  expect(
    await screen.findByRole('option', { name: /^Alert\s*checkout-availability/ }),
  ).toBeTruthy();
  fireEvent.change(box, { target: { value: 'tokens' } });
  expect(await screen.findByRole('option', { name: /^Go\s*Tokens/ })).toBeTruthy();
  fireEvent.change(box, { target: { value: 'paym' } });
  await waitFor(() =>
    expect(requests.some(({ url }) => url.includes('/services?q=paym'))).toBe(true),
  );
  fireEvent.click(await screen.findByRole('option', { name: /^Service\s*Payments/ }));
  await waitFor(() => expect(router.state.location.pathname).toBe('/services/payments'));
});

test('the finder never opens what was found for other letters', async () => {
  const { router, server } = open('/alerts', { '/api/v1/slos': page(slo()) });
  await screen.findByRole('heading', { name: 'No alert fires' });
  fireEvent.click(screen.getAllByRole('button', { name: /^Find/ })[0] as HTMLElement);
  const box = await screen.findByRole('combobox', { name: 'Find' });
  expect(await screen.findByRole('option', { name: /^SLO\s*Checkout/ })).toBeTruthy();
  server['/api/v1/slos'] = NEVER;
  fireEvent.change(box, { target: { value: 'storage' } });
  fireEvent.keyDown(box, { key: 'Enter' });
  await waitFor(() => expect(router.state.location.pathname).toBe('/admin/storage'));
});

test('the finder knows teams, receivers, people and every panel that the reader may open', async () => {
  const { router } = open('/alerts', {
    '/api/v1/teams': page(team()),
    '/api/v1/receivers': page(receiver()),
    '/api/v1/people': page(person()),
  });
  await screen.findByRole('heading', { name: 'No alert fires' });
  fireEvent.click(screen.getAllByRole('button', { name: /^Find/ })[0] as HTMLElement);
  const box = await screen.findByRole('combobox', { name: 'Find' });
  for (const [typed, found] of [
    ['audit', /^Go\s*Audit/],
    ['stor', /^Go\s*Storage/],
    ['account', /^Go\s*Your account/],
    ['grace', /^Person\s*grace/],
    ['inbox', /^Receiver\s*shop-inbox/],
    ['the shop', /^Team\s*The shop/],
  ] as const) {
    fireEvent.change(box, { target: { value: typed } });
    expect(await screen.findByRole('option', { name: found })).toBeTruthy();
  }
  fireEvent.click(screen.getByRole('option', { name: /^Team/ }));
  await waitFor(() => expect(router.state.location.pathname).toBe('/admin/teams/shop'));
});

test('? shows the keys', async () => {
  open('/alerts', {});
  await screen.findByRole('heading', { name: 'No alert fires' });
  press('?');
  expect(await screen.findByText('Next and previous row')).toBeTruthy();
});

test('a lost connection is said, since when, and goes away when it is back', async () => {
  open('/alerts', {});
  await screen.findByRole('heading', { name: 'No alert fires' });
  const stream = () => Stream.opened.at(-1) as Stream;
  const clock = vi.spyOn(Date, 'now');
  stream().say('hello');
  stream().breakOff();
  clock.mockReturnValue(Date.parse(new Date().toISOString()) + 10_000);
  expect(await screen.findByText(/^Live connection lost since/)).toBeTruthy();
  fireEvent.click(screen.getByRole('button', { name: 'Try now' }));
  stream().say('hello');
  await waitFor(() => expect(screen.queryByText(/^Live connection lost/)).toBeNull());
  clock.mockRestore();
});

test('signing out leads to the sign-in page, and nothing of the reader is kept for the next', async () => {
  const { server } = open('/admin/people', {
    '/api/v1/people': page(person()),
    'DELETE /api/v1/session': DONE,
    '/api/v1/session/state': { needs_setup: false },
  });
  await screen.findByText('grace');
  fireEvent.click(screen.getByRole('button', { name: /^Account of/ }));
  fireEvent.click(await screen.findByRole('menuitem', { name: 'Sign out' }));
  expect(await screen.findByRole('heading', { name: 'Sign in' })).toBeTruthy();
  expect(document.title).toBe('Sign in · Plimsoll');
  server['POST /api/v1/session'] = DONE;
  server['/api/v1/people'] = NEVER;
  fireEvent.change(screen.getByLabelText(/^Name/), { target: { value: 'mara' } });
  fireEvent.change(screen.getByLabelText(/^Password/), { target: { value: 'four random words' } });
  fireEvent.click(screen.getByRole('button', { name: 'Sign in' }));
  expect(await screen.findByRole('heading', { name: 'People' })).toBeTruthy();
  expect(screen.queryByText('grace')).toBeNull();
});

test('who the reader is, asked again in vain, takes no page from them', async () => {
  const link = { url: 'http://x/password?code=abc', expires_at: '2999-01-01T00:00:00Z' };
  const { requests, server } = open('/admin/people', {
    '/api/v1/people': page(person()),
    'POST /api/v1/people': { person: person(), link },
  });
  const asked = () => requests.filter(({ url }) => url.endsWith('/api/v1/me')).length;
  fireEvent.click(await screen.findByRole('button', { name: 'Add a person' }));
  fireEvent.change(await screen.findByLabelText('Name'), { target: { value: 'grace' } });
  server['/api/v1/me'] = new Refused(500, 'internal', 'something broke');
  fireEvent.click(screen.getByRole('button', { name: 'Add the person' }));
  fireEvent.click(await screen.findByRole('button', { name: 'I have kept it' }));
  await waitFor(() => expect(screen.queryByText(link.url)).toBeNull());
  expect(asked()).toBe(2);
  expect(screen.getByText('grace')).toBeTruthy();
  expect(screen.queryByText(/Plimsoll could not be shown/)).toBeNull();
});

test('no key reaches what lies behind an open dialog', async () => {
  const { router } = open('/alerts', {});
  await screen.findByRole('heading', { name: 'No alert fires' });
  // Were it opened, it would stand by the time that is looked at.
  await import('./Palette');
  press('?');
  await screen.findByText('Next and previous row');
  fireEvent.keyDown(document.body, { key: 'g' });
  fireEvent.keyDown(document.body, { key: 's' });
  fireEvent.keyDown(document.body, { key: 'k', code: 'KeyK', ctrlKey: true });
  expect(router.state.location.pathname).toBe('/alerts');
  fireEvent.click(screen.getByRole('button', { name: 'Close' }));
  await waitFor(() => expect(screen.queryByText('Next and previous row')).toBeNull());
  expect(screen.queryByRole('combobox', { name: 'Find' })).toBeNull();
  fireEvent.keyDown(document.body, { key: 'k', code: 'KeyK', ctrlKey: true });
  expect(await screen.findByRole('combobox', { name: 'Find' })).toBeTruthy();
});

test.each([
  [new Refused(500, 'internal', 'It broke.'), 'how many fire is not known'],
  [{ items: [alert()], next_cursor: 'c' }, '1+ firing'],
])('%#: the navigation says “%s”', async (answer, said) => {
  open('/services', { '/api/v1/alerts': answer });
  const [pages] = await screen.findAllByRole('navigation', { name: 'Pages' });
  expect(await within(pages as HTMLElement).findByText(said)).toBeTruthy();
});

test('that signing out failed is said until it is done', async () => {
  const { server } = open('/alerts', {
    'DELETE /api/v1/session': new Refused(503, 'unavailable', 'The disk is full'),
    '/api/v1/session/state': { needs_setup: false },
  });
  await screen.findByRole('heading', { name: 'No alert fires' });
  fireEvent.click(screen.getByRole('button', { name: /^Account of/ }));
  fireEvent.click(await screen.findByRole('menuitem', { name: 'Sign out' }));
  expect((await screen.findByRole('alert')).textContent).toContain('You are still signed in');
  server['DELETE /api/v1/session'] = NEVER;
  fireEvent.click(screen.getByRole('button', { name: 'Sign out again' }));
  await waitFor(() =>
    expect(screen.getByRole('button', { name: 'Sign out again' }).dataset['loading']).toBe('true'),
  );
  expect(screen.getByRole('alert').textContent).toContain('You are still signed in');
});

test('what failed is tried again, and then nothing more is said of it', async () => {
  const { server } = open('/alerts', {
    'DELETE /api/v1/session': new Refused(503, 'unavailable', 'The disk is full'),
    '/api/v1/session/state': { needs_setup: false },
  });
  await screen.findByRole('heading', { name: 'No alert fires' });
  fireEvent.click(screen.getByRole('button', { name: /^Account of/ }));
  fireEvent.click(await screen.findByRole('menuitem', { name: 'Sign out' }));
  await screen.findByRole('alert');
  server['DELETE /api/v1/session'] = DONE;
  fireEvent.click(screen.getByRole('button', { name: 'Sign out again' }));
  expect(await screen.findByRole('heading', { name: 'Sign in' })).toBeTruthy();
});

test('the finder says nothing is called that only when all was looked through', async () => {
  const { server } = open('/alerts', { '/api/v1/slos': NEVER });
  await screen.findByRole('heading', { name: 'No alert fires' });
  fireEvent.click(screen.getAllByRole('button', { name: /^Find/ })[0] as HTMLElement);
  const box = await screen.findByRole('combobox', { name: 'Find' });
  fireEvent.change(box, { target: { value: 'zzz' } });
  expect(await screen.findByText('Looking…')).toBeTruthy();
  server['/api/v1/slos'] = new Refused(500, 'internal', 'It broke.');
  fireEvent.change(box, { target: { value: 'zzzz' } });
  expect(await screen.findByText(/^Not everything could be looked through/)).toBeTruthy();
  server['/api/v1/slos'] = page();
  fireEvent.change(box, { target: { value: 'zzzzz' } });
  expect(await screen.findByText('Nothing is called that.')).toBeTruthy();
});

test('a link that goes with its page leaves the focus at the content of the next', async () => {
  open('/slos', {
    '/api/v1/slos': page(slo()),
    '/api/v1/standing': standing({ healthy: 1 }),
    '/api/v1/slos/checkout-availability': slo(),
  });
  const row = await screen.findByRole('link', { name: 'Checkout' });
  row.focus();
  fireEvent.click(row);
  await waitFor(() => expect(row.isConnected).toBe(false));
  await waitFor(() => expect(document.activeElement?.tagName).toBe('MAIN'));
});

test('a page that changes under the keys leaves the focus at its content', async () => {
  open('/alerts', {});
  await screen.findByRole('heading', { name: 'No alert fires' });
  press('g');
  press('s');
  await screen.findByRole('heading', { name: 'Say what you run' });
  await waitFor(() => expect(document.activeElement?.tagName).toBe('MAIN'));
  (document.activeElement as HTMLElement).blur();
  fireEvent.click(screen.getByRole('button', { name: 'To the content' }));
  expect(document.activeElement?.tagName).toBe('MAIN');
});
