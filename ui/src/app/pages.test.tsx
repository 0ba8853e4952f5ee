import { waitFor } from '@testing-library/react';
import { expect, test } from 'vitest';
import { open, page } from '../test/app';
import { alert, service, slo, standing } from '../test/samples';
import { alert as alertPage, ME, overview, pageAt, slo as sloPage, slos, targets } from './pages';

const at = (pathname: string, search = '') => pageAt({ pathname, search });

test.each([
  ['/', overview],
  ['/slos', slos],
  ['/slos/', slos],
  ['/slos/checkout-availability', sloPage],
  ['/alerts/alr_1', alertPage],
  ['/targets', targets],
])('at %s is its page', (address, page) => expect(at(address)?.load).toBe(page.load));

test.each(['/sign-in', '/setup', '/admin/people', '/slos/a/b', '/nowhere'])(
  'at %s nothing is begun',
  (address) => expect(at(address)).toBeNull(),
);

test('what a list with filters asks for first, it says itself', () => {
  expect(at('/slos')?.first).toHaveLength(2);
  expect(at('/slos', '?status=exhausted')?.first).toEqual([]);
});

test('a name is kept as the address has it, and known as it reads', () => {
  expect(at('/slos/caf%C3%A9')?.first).toEqual([
    { address: '/api/v1/slos/caf%C3%A9', key: ['slos', 'one', 'café'] },
  ]);
  expect(at('/slos/100%')?.first[0]?.key).toEqual(['slos', 'one', '100%']);
});

test.each(['/', '/services', '/services/shop', '/slos', '/slos/checkout', '/alerts', '/alerts/1'])(
  'at %s the page asks for what was begun, and keeps it under the same key',
  async (address) => {
    const { requests, queries } = open(address, {
      '/api/v1/slos': page(slo()),
      '/api/v1/slos/checkout': slo(),
      '/api/v1/services': page(service()),
      '/api/v1/services/shop': service(),
      '/api/v1/alerts': page(alert()),
      '/api/v1/alerts/1': alert(),
      '/api/v1/standing': standing({ healthy: 1 }),
    });
    for (const ask of [ME, ...(at(address)?.first ?? [])]) {
      await waitFor(() => expect(queries.getQueryData(ask.key)).toBeDefined());
      expect(requests.map(({ url }) => url)).toContain(`${location.origin}${ask.address}`);
      const isPaged = 'pages' in (queries.getQueryData<object>(ask.key) ?? {});
      expect(isPaged).toBe(ask.paged ?? false);
    }
  },
);
