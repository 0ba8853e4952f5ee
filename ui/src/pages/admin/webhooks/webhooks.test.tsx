import { fireEvent, screen, waitFor, within } from '@testing-library/react';
import { expect, test } from 'vitest';
import type { Webhook } from '../../../api/types';
import { DONE, open, page, Refused } from '../../../test/app';
import { HOSTILE, team } from '../../../test/samples';
import { addresses } from './scopes';

const FORGE: Webhook = {
  id: 'whk_1',
  name: 'forge',
  scopes: ['record_deployment'],
  state: 'active',
  generation: 1,
  created_at: '2026-11-20T11:00:00Z',
};
const SECRET = 'whsec_c2VjcmV0';
const VIEWER = { id: 'per_vic', name: 'vic', kind: 'person', role: 'viewer', teams: [] };

/** Chooses what to do with the forge. */
async function choose(what: string) {
  fireEvent.click(await screen.findByRole('button', { name: 'Change forge' }));
  fireEvent.click(await screen.findByRole('menuitem', { name: what }));
  return within(await screen.findByRole('dialog'));
}

/** What was sent with POST. */
const sent = async (requests: Request[]) =>
  requests.find(({ method }) => method === 'POST')?.json() as Promise<Record<string, unknown>>;

test('each scope has the address that it is for, with the sender in it', () => {
  expect(addresses({ id: 'whk_1', scopes: ['decide_release', 'unheard_of'] })).toEqual([
    `${location.origin}/api/v1/gates/check?webhook=whk_1`,
  ]);
});

test('an admin makes a sender and sees its secret once, with where it sends', async () => {
  const { requests, server } = open('/admin/webhooks', { '/api/v1/webhooks': page() });
  await screen.findByRole('heading', { name: 'Let a forge tell what goes out' });
  server['POST /api/v1/webhooks'] = () => {
    server['/api/v1/webhooks'] = page(FORGE);
    return { ...FORGE, secret: SECRET };
  };
  fireEvent.click(screen.getByRole('button', { name: 'Make a sender' }));
  fireEvent.change(await screen.findByLabelText('Name'), { target: { value: ' forge ' } });
  fireEvent.click(screen.getByRole('radio', { name: 'Never' }));
  fireEvent.click(screen.getByRole('button', { name: 'Make the sender' }));
  expect(await screen.findByText(SECRET)).toBeTruthy();
  expect(screen.getByText(/\/api\/v1\/deployments\?webhook=whk_1$/)).toBeTruthy();
  expect(screen.getByRole('button', { name: 'Copy the secret' })).toBeTruthy();
  expect(await sent(requests)).toEqual({ name: 'forge', scopes: ['record_deployment'] });
  fireEvent.click(screen.getByRole('button', { name: 'I have kept it' }));
  await waitFor(() => expect(screen.queryByText(SECRET)).toBeNull());
  expect(await screen.findByText('One webhook sender is in force')).toBeTruthy();
});

test('a sender is limited to a team, and may do one thing at least', async () => {
  const { requests } = open('/admin/webhooks', {
    '/api/v1/webhooks': page(FORGE),
    '/api/v1/teams': page(team()),
    'POST /api/v1/webhooks': { ...FORGE, secret: SECRET },
  });
  fireEvent.click(await screen.findByRole('button', { name: 'Make a sender' }));
  fireEvent.change(await screen.findByLabelText('Name'), { target: { value: 'forge' } });
  fireEvent.click(screen.getByRole('combobox', { name: 'Team' }));
  fireEvent.click(await screen.findByText('The shop'));
  fireEvent.click(screen.getByLabelText('record_deployment'));
  const make = screen.getByRole('button', { name: 'Make the sender' }) as HTMLButtonElement;
  expect(make.disabled).toBe(true);
  fireEvent.click(screen.getByLabelText('decide_release'));
  fireEvent.click(make);
  await screen.findByText(SECRET);
  expect(await sent(requests)).toMatchObject({ team: 'shop', scopes: ['decide_release'] });
});

test('a refusal stays in the dialog, with what was typed', async () => {
  open('/admin/webhooks', {
    '/api/v1/webhooks': page(FORGE),
    'POST /api/v1/webhooks': new Refused(422, 'invalid', 'this is no name'),
  });
  fireEvent.click(await screen.findByRole('button', { name: 'Make a sender' }));
  fireEvent.change(await screen.findByLabelText('Name'), { target: { value: '?' } });
  fireEvent.click(screen.getByRole('button', { name: 'Make the sender' }));
  expect((await screen.findByRole('alert')).textContent).toContain('This is no name.');
  expect(screen.getByLabelText('Name')).toHaveProperty('value', '?');
});

test('a sender shows what it may, until when its former secret is taken, and its name as text', async () => {
  open('/admin/webhooks', {
    '/api/v1/webhooks': page(
      {
        ...FORGE,
        name: HOSTILE,
        team: 'shop',
        generation: 2,
        former_until: '2999-01-01T00:00:00Z',
      },
      { ...FORGE, id: 'whk_2', name: 'old', state: 'revoked', revoked_at: '2026-11-20T12:00:00Z' },
    ),
  });
  const table = within(await screen.findByRole('table', { name: 'Webhook senders' }));
  for (const cell of [HOSTILE, /^record_deployment\s*for shop$/, 'In force', /the one before ends/])
    expect(table.getByText(cell)).toBeTruthy();
  expect(document.querySelector('main img')).toBeNull();
  expect(table.queryByText('old')).toBeNull();
  fireEvent.click(screen.getByRole('switch', { name: /those that ended/ }));
  expect(await table.findByText('Revoked')).toBeTruthy();
});

test('another secret is made only after it was asked how long the former is taken', async () => {
  const { requests } = open('/admin/webhooks', {
    '/api/v1/webhooks': page(FORGE),
    'POST /api/v1/webhooks/whk_1/rotate': { ...FORGE, generation: 2, secret: SECRET },
  });
  const dialog = await choose('Another secret…');
  expect(requests.some(({ method }) => method === 'POST')).toBe(false);
  fireEvent.click(dialog.getByRole('radio', { name: '1 hour' }));
  fireEvent.click(dialog.getByRole('button', { name: 'Make the secret' }));
  expect(await screen.findByText(SECRET)).toBeTruthy();
  expect(await sent(requests)).toEqual({ overlap_hours: 1 });
});

test('a sender is revoked only after it was said what that means', async () => {
  const { requests, server } = open('/admin/webhooks', { '/api/v1/webhooks': page(FORGE) });
  server['DELETE /api/v1/webhooks/whk_1'] = () => {
    server['/api/v1/webhooks'] = page({ ...FORGE, state: 'revoked' });
    return DONE;
  };
  const dialog = await choose('Revoke…');
  expect(dialog.getByText(/cannot be brought back/)).toBeTruthy();
  expect(requests.some(({ method }) => method === 'DELETE')).toBe(false);
  fireEvent.click(dialog.getByRole('button', { name: 'Revoke the sender' }));
  expect(await screen.findByText('No webhook sender is in force')).toBeTruthy();
});

test('who may not see senders is told who can, and the server is not asked', async () => {
  const { requests } = open('/admin/webhooks', { '/api/v1/me': VIEWER });
  expect(
    await screen.findByRole('heading', { name: 'Webhook senders are for the role admin' }),
  ).toBeTruthy();
  expect(requests.some(({ url }) => url.includes('/webhooks'))).toBe(false);
});

test('an admin of a team makes senders for it alone', async () => {
  const { requests } = open('/admin/webhooks', {
    '/api/v1/me': { ...VIEWER, teams: [{ team: 'shop', role: 'admin' }] },
    '/api/v1/webhooks': page(FORGE),
    'POST /api/v1/webhooks': { ...FORGE, secret: SECRET },
  });
  fireEvent.click(await screen.findByRole('button', { name: 'Make a sender' }));
  fireEvent.change(await screen.findByLabelText('Name'), { target: { value: 'forge' } });
  fireEvent.click(screen.getByRole('button', { name: 'Make the sender' }));
  await screen.findByText(SECRET);
  expect(await sent(requests)).toMatchObject({ team: 'shop' });
});
