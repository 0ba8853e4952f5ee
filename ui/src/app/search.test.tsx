import { fireEvent, screen, waitFor } from '@testing-library/react';
import { expect, test } from 'vitest';
import { open } from '../test/app';
import { releaseListSearch, unknownWord } from './search';

test('a word that a filter does not know is found, with those that it does', () => {
  expect(unknownWord({ service: 'anything', verdict: 'denied' })).toEqual({
    filter: 'verdict',
    word: 'denied',
    words: ['allow', 'warn', 'deny'],
  });
  expect(unknownWord({ verdict: 'deny', status: undefined, tier: '1' })).toBeUndefined();
  expect(unknownWord(releaseListSearch({ enforced: true }))).toBeUndefined();
  expect(unknownWord(releaseListSearch({ enforced: 'maybe' }))?.word).toBe('maybe');
});

test('what is chosen is opened again by a button that has a name', async () => {
  const { router } = open('/alerts?severity=page', {});
  fireEvent.click(await screen.findByRole('button', { name: 'Any severity' }));
  await waitFor(() => expect(router.state.location.search).toEqual({}));
});

test.each([
  ['/alerts?severity=loud', 'No alert matches', '/api/v1/alerts?phase=closed'],
  ['/alerts?phase=gone', 'No alert matches', '/api/v1/alerts?phase=closed'],
  ['/releases?verdict=denied', 'No decision matches', 'verdict='],
  ['/releases?enforced=maybe', 'No decision matches', 'enforced='],
  ['/services?tier=9', 'No service matches', '/api/v1/services?tier'],
  ['/slos?status=fine', 'No SLO matches', '/api/v1/slos?'],
  ['/admin/notifications?state=lost', 'No message matches', '/api/v1/notifications?'],
])('%s says which word nobody knows, and does not show all', async (address, says, never) => {
  const { requests, router } = open(address, {});
  expect(await screen.findByRole('heading', { level: 2, name: says })).toBeTruthy();
  expect(screen.getByText(/does not know/).textContent).toContain(
    `“${[...new URLSearchParams(address.split('?')[1]).values()][0]}”`,
  );
  expect(requests.filter(({ url }) => url.includes(never)).map(({ url }) => url)).toEqual([]);
  fireEvent.click(screen.getByRole('button', { name: 'Show all' }));
  await waitFor(() => expect(router.state.location.search).toEqual({}));
});
