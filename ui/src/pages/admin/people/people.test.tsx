import { fireEvent, screen, waitFor, within } from '@testing-library/react';
import { expect, test } from 'vitest';
import { DONE, open, page, Refused } from '../../../test/app';
import { HOSTILE } from '../../../test/samples';

const GRACE = {
  id: 'per_grace',
  name: 'grace',
  role: 'viewer',
  teams: [{ team: 'shop', role: 'editor' }],
  has_password: false,
  created_at: '2026-11-20T11:00:00Z',
};
const LINK = { url: 'http://x/password?code=abc', expires_at: '2999-01-01T00:00:00Z' };

/** Chooses what to do with grace. */
async function choose(what: string) {
  fireEvent.click(await screen.findByRole('button', { name: 'Change grace' }));
  fireEvent.click(await screen.findByRole('menuitem', { name: what }));
  return within(await screen.findByRole('dialog'));
}

test('people show their role, their teams and whether they have a password, as text', async () => {
  open('/admin/people', { '/api/v1/people': page({ ...GRACE, name: HOSTILE }) });
  expect(await screen.findByText(HOSTILE)).toBeTruthy();
  expect(screen.getByRole('heading', { name: 'One person signs in here' })).toBeTruthy();
  expect(screen.getByRole('link', { name: 'shop' }).parentElement?.textContent).toBe(
    'shop (editor)',
  );
  expect(screen.getByText('No password yet')).toBeTruthy();
  expect(document.querySelector('main img')).toBeNull();
});

test('who is added gets a link that is shown once', async () => {
  const { requests } = open('/admin/people', {
    '/api/v1/people': page(GRACE),
    'POST /api/v1/people': { person: GRACE, link: LINK },
  });
  fireEvent.click(await screen.findByRole('button', { name: 'Add a person' }));
  fireEvent.change(await screen.findByLabelText('Name'), { target: { value: 'grace ' } });
  fireEvent.click(screen.getByRole('button', { name: 'Add the person' }));
  expect(await screen.findByText(LINK.url)).toBeTruthy();
  const sent = requests.find(({ method }) => method === 'POST');
  expect(await sent?.json()).toEqual({ name: 'grace', role: 'viewer' });
  fireEvent.click(screen.getByRole('button', { name: 'I have kept it' }));
  await waitFor(() => expect(screen.queryByText(LINK.url)).toBeNull());
});

test('a name that is taken is said in the dialog', async () => {
  open('/admin/people', {
    '/api/v1/people': page(GRACE),
    'POST /api/v1/people': new Refused(409, 'name_taken', 'somebody else has the name grace'),
  });
  fireEvent.click(await screen.findByRole('button', { name: 'Add a person' }));
  fireEvent.change(await screen.findByLabelText('Name'), { target: { value: 'grace' } });
  fireEvent.click(screen.getByRole('button', { name: 'Add the person' }));
  expect((await screen.findByRole('alert')).textContent).toContain('Somebody else has the name');
});

test('the last admin keeps the role, and it is said why', async () => {
  const { requests } = open('/admin/people', {
    '/api/v1/people': page({ ...GRACE, role: 'admin' }),
    'PATCH /api/v1/people/per_grace': new Refused(
      409,
      'last_admin',
      'this is the last admin; make somebody else one first',
    ),
  });
  const dialog = await choose('Change the role…');
  fireEvent.click(dialog.getByRole('radio', { name: 'viewer' }));
  fireEvent.click(dialog.getByRole('button', { name: 'Change the role' }));
  expect((await screen.findByRole('alert')).textContent).toContain('This is the last admin');
  const sent = requests.find(({ method }) => method === 'PATCH');
  expect(await sent?.json()).toEqual({ role: 'viewer' });
});

test('a new link is made only after it was said what it does', async () => {
  const { requests } = open('/admin/people', {
    '/api/v1/people': page(GRACE),
    'POST /api/v1/people/per_grace/password-link': LINK,
  });
  const dialog = await choose('New password link…');
  expect(dialog.getByText(/ends every session/)).toBeTruthy();
  expect(requests.some(({ method }) => method === 'POST')).toBe(false);
  fireEvent.click(dialog.getByRole('button', { name: 'Make the link' }));
  expect(await screen.findByText(LINK.url)).toBeTruthy();
});

test('erasing says what is kept, and asks the server once', async () => {
  const { requests, server } = open('/admin/people', { '/api/v1/people': page(GRACE) });
  server['DELETE /api/v1/people/per_grace'] = () => {
    server['/api/v1/people'] = page();
    return DONE;
  };
  const dialog = await choose('Erase…');
  expect(dialog.getByText(/What they did is kept/)).toBeTruthy();
  expect(requests.some(({ method }) => method === 'DELETE')).toBe(false);
  fireEvent.click(dialog.getByRole('button', { name: 'Erase the person' }));
  expect(await screen.findByRole('heading', { name: 'Let a person in' })).toBeTruthy();
  expect(requests.filter(({ method }) => method === 'DELETE')).toHaveLength(1);
});

test('an admin of a team sees people, and changes none of them', async () => {
  open('/admin/people', {
    '/api/v1/people': page(GRACE),
    '/api/v1/me': {
      id: 'per_vic',
      name: 'vic',
      kind: 'person',
      role: 'viewer',
      teams: [{ team: 'shop', role: 'admin' }],
    },
  });
  expect(await screen.findByText('grace')).toBeTruthy();
  expect(screen.getByText(/since you manage a team/)).toBeTruthy();
  expect(screen.queryByRole('button', { name: 'Add a person' })).toBeNull();
  expect(screen.queryByRole('button', { name: 'Change grace' })).toBeNull();
});

test('a dialog that is closed gives the focus back to what opened it', async () => {
  open('/admin/people', { '/api/v1/people': page(GRACE) });
  const change = await screen.findByRole('button', { name: 'Change grace' });
  change.focus();
  fireEvent.click(change);
  fireEvent.click(await screen.findByRole('menuitem', { name: 'Erase…' }));
  fireEvent.click(await screen.findByRole('button', { name: 'Keep them' }));
  await waitFor(() => expect(document.activeElement).toBe(change));
});
