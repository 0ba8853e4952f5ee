import { fireEvent, screen, waitFor, within } from '@testing-library/react';
import { expect, test } from 'vitest';
import { NEVER, open, page, Refused } from '../../test/app';
import { slo, standing } from '../../test/samples';

const LIST = '/api/v1/slos';
const CHECKOUT = slo();
const TWO = { '/api/v1/standing': standing({ healthy: 1, exhausted: 1 }, {}, { attention: 1 }) };
const SEARCH = slo({
  name: 'search',
  display_name: 'Search',
  service: 'search',
  status: 'exhausted',
  budget_remaining: -0.85,
  alert: 'alr_1',
});

test('while it loads, the list shows where rows will stand', async () => {
  open('/slos', { [LIST]: NEVER });
  expect(await screen.findByLabelText('Loading the SLOs')).toBeTruthy();
});

test('without any SLO it teaches how to make one', async () => {
  open('/slos', { [LIST]: page() });
  expect(await screen.findByRole('heading', { name: 'No SLO is defined yet' })).toBeTruthy();
  expect(screen.getByText('plimsoll init')).toBeTruthy();
  expect(screen.getByText(/^plimsoll apply -f/)).toBeTruthy();
  expect(screen.queryByLabelText('Search SLOs')).toBeNull();
});

test('when it fails it says what failed, what works, and tries again', async () => {
  const { server } = open('/slos', {
    [LIST]: new Refused(500, 'internal', 'The store did not answer.', 'Look at its log.'),
  });
  const problem = await screen.findByRole('alert');
  expect(problem.textContent).toContain('The SLOs could not be shown. The store did not answer.');
  expect(problem.textContent).toContain('Look at its log.');
  server[LIST] = page(CHECKOUT);
  fireEvent.click(screen.getByRole('button', { name: 'Try again' }));
  expect(await screen.findByRole('link', { name: 'Checkout' })).toBeTruthy();
});

test('who may not see it is told who can help', async () => {
  open('/slos', { [LIST]: new Refused(403, 'forbidden', 'Your role may not read SLOs.') });
  expect((await screen.findByRole('alert')).textContent).toContain(
    'An admin can give you the role this needs.',
  );
});

test('its title is a sentence, and the gravest stands first with icon and word', async () => {
  open('/slos', { [LIST]: page(SEARCH, CHECKOUT), ...TWO });
  expect(
    await screen.findByRole('heading', { name: 'One of two SLOs needs attention' }),
  ).toBeTruthy();
  const links = screen.getAllByRole('link', { name: /^(Checkout|Search)$/ });
  expect(links.map((link) => link.textContent)).toEqual(['Search', 'Checkout']);
  const row = within(screen.getAllByRole('row')[1] as HTMLElement);
  expect(row.getByText('Exhausted')).toBeTruthy();
  expect(row.getByText('Firing')).toBeTruthy();
  expect(screen.getByRole('img', { name: /^Budget left: −85\s%$/ })).toBeTruthy();
});

test('j and k walk the rows and / goes to the search', async () => {
  open('/slos', { [LIST]: page(SEARCH, CHECKOUT), ...TWO });
  await screen.findByRole('link', { name: 'Search' });
  const press = (key: string) =>
    fireEvent.keyDown(document.activeElement ?? document.body, { key });
  press('j');
  await waitFor(() => expect(document.activeElement?.textContent).toBe('Search'));
  press('j');
  await waitFor(() => expect(document.activeElement?.textContent).toBe('Checkout'));
  press('k');
  await waitFor(() => expect(document.activeElement?.textContent).toBe('Search'));
  press('/');
  expect(document.activeElement).toBe(screen.getByLabelText('Search SLOs'));
});

test('the server keeps the order: the gravest first unless the address says otherwise', async () => {
  const { requests } = open('/slos', { [LIST]: page(CHECKOUT) });
  await screen.findByRole('link', { name: 'Checkout' });
  const asked = requests.map(({ url }) => new URL(url)).find(({ pathname }) => pathname === LIST);
  expect(asked?.searchParams.get('sort')).toBe('gravity');
});

test('filters of the address reach the server, and no match offers the way back', async () => {
  const { requests } = open('/slos?status=exhausted&q=che', { [LIST]: page() });
  expect(await screen.findByRole('heading', { name: 'No SLO matches', level: 1 })).toBeTruthy();
  const asked = requests
    .map((request) => new URL(request.url))
    .find((url) => url.pathname === LIST);
  expect(asked?.searchParams.get('status')).toBe('exhausted');
  expect(asked?.searchParams.get('q')).toBe('che');
});

test('pages are followed to the end', async () => {
  open('/slos', {
    [LIST]: (query: URLSearchParams) =>
      query.get('cursor') === 'two' ? page(SEARCH) : { items: [CHECKOUT], next_cursor: 'two' },
  });
  expect(await screen.findByRole('link', { name: 'Checkout' })).toBeTruthy();
  expect(await screen.findByRole('link', { name: 'Search' })).toBeTruthy();
});

test('a page of the list that fails is not asked for again and again', async () => {
  const { requests, server } = open('/slos', {
    '/api/v1/slos': (query: URLSearchParams) =>
      query.has('cursor')
        ? new Refused(500, 'internal', 'It broke.')
        : { items: [slo()], next_cursor: 'c' },
  });
  const lists = () => requests.filter(({ url }) => new URL(url).pathname === LIST);
  expect((await screen.findByRole('alert')).textContent).toContain(
    'The rest of the list could not',
  );
  expect(screen.queryByText('Below is what was last seen.')).toBeNull();
  expect(screen.queryByLabelText('Reading more')).toBeNull();
  fireEvent.keyDown(document.body, { key: 'j' });
  await waitFor(() => expect(document.activeElement?.textContent).toBe('Checkout'));
  expect(lists()).toHaveLength(2);
  server[LIST] = page(SEARCH);
  fireEvent.click(screen.getByRole('button', { name: 'Try again' }));
  expect(await screen.findByRole('link', { name: 'Search' })).toBeTruthy();
  expect(lists()).toHaveLength(3);
});

test.each([
  ['no_data', { no_data: 2 }, 'Two SLOs have no data'],
  ['no_traffic', { no_traffic: 1 }, 'One SLO has no traffic'],
  ['healthy', { healthy: 2 }, 'Two SLOs are healthy'],
])('of the status %s the title says “%s”', async (status, counted, title) => {
  open(`/slos?status=${status}`, {
    '/api/v1/slos': page(slo({ status })),
    '/api/v1/standing': standing(counted),
  });
  expect(await screen.findByRole('heading', { level: 1, name: title })).toBeTruthy();
});
