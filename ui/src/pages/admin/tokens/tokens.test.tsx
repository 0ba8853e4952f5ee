import { fireEvent, screen, waitFor, within } from '@testing-library/react';
import { expect, test } from 'vitest';
import { DONE, open, page, Refused } from '../../../test/app';
import { HOSTILE } from '../../../test/samples';
import { endOf } from '../TermChoice';

const CI = {
  id: 'tok_1',
  name: 'ci',
  role: 'responder',
  state: 'active',
  created_at: '2026-11-20T11:00:00Z',
};
const SHOP = { name: 'shop', display_name: 'The shop', defined: true, services: [], members: [] };
const VIEWER = { id: 'per_vic', name: 'vic', kind: 'person', role: 'viewer', teams: [] };

test('a term is an instant, and never is none', () => {
  expect(endOf('30', Date.parse('2026-11-20T11:00:00Z'))).toEqual({
    expires_at: '2026-12-20T11:00:00.000Z',
  });
  expect(endOf('never', 0)).toEqual({});
});

test('an admin makes a token and sees its secret once', async () => {
  const { requests, server } = open('/admin/tokens', { '/api/v1/tokens': page() });
  await screen.findByRole('heading', { name: 'Let a program in' });
  server['POST /api/v1/tokens'] = () => {
    server['/api/v1/tokens'] = page(CI);
    return { ...CI, secret: 'plim_secret' };
  };
  fireEvent.click(screen.getByRole('button', { name: 'Make a token' }));
  fireEvent.change(await screen.findByLabelText('Name'), { target: { value: ' ci ' } });
  fireEvent.click(screen.getByRole('radio', { name: 'Never' }));
  fireEvent.click(screen.getByRole('button', { name: 'Make the token' }));
  expect(await screen.findByText('plim_secret')).toBeTruthy();
  expect(screen.getByRole('button', { name: 'Copy the token' })).toBeTruthy();
  const sent = requests.find(({ method }) => method === 'POST');
  expect(await sent?.json()).toEqual({ name: 'ci', role: 'responder' });
  fireEvent.click(screen.getByRole('button', { name: 'I have kept it' }));
  await waitFor(() => expect(screen.queryByText('plim_secret')).toBeNull());
  expect(await screen.findByText('One token is in force')).toBeTruthy();
});

test('a token is limited to a team, to scopes and to a time', async () => {
  const { requests } = open('/admin/tokens', {
    '/api/v1/tokens': page(CI),
    '/api/v1/teams': page(SHOP),
    'POST /api/v1/tokens': { ...CI, secret: 'plim_secret' },
  });
  fireEvent.click(await screen.findByRole('button', { name: 'Make a token' }));
  fireEvent.change(await screen.findByLabelText('Name'), { target: { value: 'ci' } });
  fireEvent.click(screen.getByRole('combobox', { name: 'Team' }));
  fireEvent.click(await screen.findByText('The shop'));
  fireEvent.click(screen.getByLabelText('decide_release'));
  fireEvent.click(screen.getByRole('radio', { name: '30 days' }));
  fireEvent.click(screen.getByRole('button', { name: 'Make the token' }));
  await screen.findByText('plim_secret');
  const sent = await requests.find(({ method }) => method === 'POST')?.json();
  expect(sent).toMatchObject({ team: 'shop', scopes: ['decide_release'] });
  const days = (Date.parse(sent.expires_at) - Date.now()) / 86_400_000;
  expect(Math.round(days)).toBe(30);
});

test('a token shows what it is limited to, and its name is text', async () => {
  open('/admin/tokens', {
    '/api/v1/tokens': page({
      ...CI,
      name: HOSTILE,
      team: 'shop',
      scopes: ['read', 'decide_release'],
      last_used_at: '2026-11-20T11:30:00Z',
      expires_at: '2999-01-01T00:00:00Z',
    }),
  });
  expect(await screen.findByText(HOSTILE)).toBeTruthy();
  const table = within(screen.getByRole('table', { name: 'Tokens' }));
  for (const cell of ['Responder of shop', 'only read, decide_release', 'In force'])
    expect(table.getByText(cell, { exact: false })).toBeTruthy();
  expect(document.querySelector('main img')).toBeNull();
});

test('a token is revoked only after it was said what that means', async () => {
  const { requests, server } = open('/admin/tokens', { '/api/v1/tokens': page(CI) });
  server['DELETE /api/v1/tokens/tok_1'] = () => {
    const revoked = { ...CI, state: 'revoked', revoked_at: '2026-11-20T12:00:00Z' };
    server['/api/v1/tokens'] = page(revoked);
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
  const { requests } = open('/admin/tokens', { '/api/v1/me': VIEWER });
  expect(
    await screen.findByRole('heading', { name: 'Tokens are for the role admin' }),
  ).toBeTruthy();
  expect(screen.getByText(/is an admin of this Plimsoll can give you another/)).toBeTruthy();
  expect(requests.some(({ url }) => url.includes('/tokens'))).toBe(false);
});

test('an admin of a team sees the tokens of the team', async () => {
  const teams = [{ team: 'shop', role: 'admin' }];
  open('/admin/tokens', {
    '/api/v1/me': { ...VIEWER, teams },
    '/api/v1/tokens': page({ ...CI, team: 'shop' }),
  });
  expect(await screen.findByText('One token is in force')).toBeTruthy();
});

const MANY = Array.from({ length: 9 }, (_, index) => ({
  ...CI,
  id: `tok_${index}`,
  name: index === 4 ? 'forge' : `ci-${index}`,
}));

test('many tokens are searched, and the address keeps what for', async () => {
  const { router } = open('/admin/tokens', { '/api/v1/tokens': page(...MANY) });
  const box = await screen.findByRole('searchbox', { name: 'Search tokens' });
  fireEvent.change(box, { target: { value: 'forge' } });
  await waitFor(() => expect(screen.queryByText('ci-0')).toBeNull());
  expect(screen.getByText('forge')).toBeTruthy();
  expect(router.state.location.search).toEqual({ q: 'forge' });
});

test('what is searched for in vain is said, with the way back', async () => {
  open('/admin/tokens?q=nothing', { '/api/v1/tokens': page(CI) });
  expect(await screen.findByRole('heading', { name: 'No token matches' })).toBeTruthy();
  fireEvent.click(screen.getByRole('button', { name: 'Show all' }));
  expect(await screen.findByText('ci')).toBeTruthy();
  expect(screen.queryByRole('searchbox')).toBeNull();
});

test('a click beside a form does not throw away what is typed in it', async () => {
  open('/admin/tokens', { '/api/v1/tokens': page(CI) });
  fireEvent.click(await screen.findByRole('button', { name: 'Make a token' }));
  fireEvent.change(await screen.findByLabelText('Name'), { target: { value: 'typed' } });
  const beside = document.querySelector('.mantine-Modal-overlay') as HTMLElement;
  fireEvent.mouseDown(beside);
  fireEvent.click(beside);
  expect(screen.getByLabelText<HTMLInputElement>('Name').value).toBe('typed');
});
