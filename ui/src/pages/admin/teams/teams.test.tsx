import { fireEvent, screen, waitFor, within } from '@testing-library/react';
import { expect, test } from 'vitest';
import { DONE, open, page, Refused } from '../../../test/app';
import { HOSTILE, member, person, receiver, service, team } from '../../../test/samples';
import { teamSentence, teamsSentence } from './words';

const GRACE = person();
const VIC = { id: 'per_vic', name: 'vic', kind: 'person', role: 'viewer', teams: [] };

const ANSWERS = {
  '/api/v1/teams/shop': team({ members: [member()] }),
  '/api/v1/people': page(GRACE, person({ id: 'per_linus', name: 'linus', teams: [] })),
  '/api/v1/services': page(service({ owner: 'shop' })),
  '/api/v1/receivers': page(receiver()),
};

test.each([
  [[], 'No team owns anything yet'],
  [[team()], 'Nobody is in the team yet'],
  [[team(), team()], 'Nobody is in any team yet'],
  [[team({ members: [member()] })], 'One team has people in it'],
  [[team({ members: [member()] }), team()], 'One of two teams has nobody in it'],
  [[team({ members: [member()] }), team(), team()], 'Two of three teams have nobody in them'],
])('%#: teams, %s', (teams, sentence) => expect(teamsSentence(teams)).toBe(sentence));

test('a team says how many are in it and what it owns', () => {
  expect(teamSentence(team())).toBe('The shop has nobody in it and owns one service');
  expect(teamSentence(team({ display_name: null, services: [], members: [member()] }))).toBe(
    'shop has one member and owns no service',
  );
});

test('teams are listed with what they own, as text, and lead to their pages', async () => {
  const { router } = open('/admin/teams', {
    ...ANSWERS,
    '/api/v1/teams': page(team({ display_name: HOSTILE, defined: false })),
  });
  const link = await screen.findByRole('link', { name: HOSTILE });
  expect(await screen.findByText('shop-inbox')).toBeTruthy();
  expect(screen.getByText(/no Group defines it/)).toBeTruthy();
  expect(document.querySelector('main img')).toBeNull();
  fireEvent.click(link);
  await waitFor(() => expect(router.state.location.pathname).toBe('/admin/teams/shop'));
});

test('an admin adds somebody who is not in the team yet', async () => {
  const { requests } = open('/admin/teams/shop', {
    ...ANSWERS,
    'PUT /api/v1/teams/shop/members/per_linus': team(),
  });
  fireEvent.click(await screen.findByRole('button', { name: 'Add a member' }));
  const dialog = within(await screen.findByRole('dialog'));
  fireEvent.click(await dialog.findByRole('combobox', { name: 'Person' }));
  fireEvent.click(await screen.findByRole('option', { name: 'linus' }));
  expect(screen.queryByRole('option', { name: 'grace' })).toBeNull();
  fireEvent.click(dialog.getByRole('radio', { name: 'editor' }));
  fireEvent.click(dialog.getByRole('button', { name: 'Add to the team' }));
  await waitFor(() => expect(screen.queryByRole('dialog')).toBeNull());
  const sent = requests.find(({ method }) => method === 'PUT');
  expect(await sent?.json()).toEqual({ role: 'editor' });
});

/** Chooses what to do with grace. */
async function choose(what: string) {
  fireEvent.click(await screen.findByRole('button', { name: 'Change grace' }));
  fireEvent.click(await screen.findByRole('menuitem', { name: what }));
  return within(await screen.findByRole('dialog'));
}

test('somebody is taken out only after it was said what that means', async () => {
  const { requests, server } = open('/admin/teams/shop', ANSWERS);
  server['DELETE /api/v1/teams/shop/members/per_grace'] = () => {
    server['/api/v1/teams/shop'] = team();
    return DONE;
  };
  const dialog = await choose('Take out of the team…');
  expect(dialog.getByText(/They can be added again/)).toBeTruthy();
  expect(requests.some(({ method }) => method === 'DELETE')).toBe(false);
  fireEvent.click(dialog.getByRole('button', { name: 'Take out of the team' }));
  expect(
    await screen.findByRole('heading', { name: 'The shop has nobody in it and owns one service' }),
  ).toBeTruthy();
});

test('a role that the reader may not give is refused in the dialog', async () => {
  open('/admin/teams/shop', {
    ...ANSWERS,
    'PUT /api/v1/teams/shop/members/per_grace': new Refused(
      403,
      'beyond_own',
      'nobody gives more than they have',
    ),
  });
  const dialog = await choose('Change the role…');
  fireEvent.click(dialog.getByRole('radio', { name: 'admin' }));
  fireEvent.click(dialog.getByRole('button', { name: 'Change the role' }));
  expect((await screen.findByRole('alert')).textContent).toContain('Nobody gives more');
});

test.each([
  ['of that team', [{ team: 'shop', role: 'admin' }], true],
  ['of another team', [{ team: 'pay', role: 'admin' }], false],
  ['of none', [], false],
])('an admin %s', async (_, teams, may) => {
  open('/admin/teams/shop', { ...ANSWERS, '/api/v1/me': { ...VIC, teams } });
  await screen.findByText('grace');
  expect(screen.queryByRole('button', { name: 'Add a member' }) !== null).toBe(may);
  expect(screen.queryByRole('button', { name: 'Change grace' }) !== null).toBe(may);
});

test('a team that is not there is said', async () => {
  open('/admin/teams/nobody', {
    '/api/v1/teams/nobody': new Refused(404, 'not_found', 'there is no team `nobody`'),
  });
  expect((await screen.findByRole('alert')).textContent).toContain('There is no team');
});

test('a team is not said to have no receiver of its own before the receivers were read', async () => {
  open('/admin/teams', {
    '/api/v1/teams': page(team()),
    '/api/v1/receivers': new Refused(500, 'internal', 'It broke.'),
  });
  expect(await screen.findByText('not known')).toBeTruthy();
  expect((await screen.findByRole('alert')).textContent).toContain('The receivers could not be');
  expect(screen.queryByText('the default ones')).toBeNull();
});
