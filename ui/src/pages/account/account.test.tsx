import { fireEvent, screen, waitFor, within } from '@testing-library/react';
import { expect, test } from 'vitest';
import { DONE, open, page, Refused } from '../../test/app';

const ME = {
  id: 'per_grace',
  name: 'grace',
  kind: 'person',
  role: 'viewer',
  teams: [{ team: 'shop', role: 'editor' }],
};
const session = (id: string, current = false) => ({
  id,
  current,
  created_at: '2026-11-20T11:00:00Z',
  expires_at: '2999-01-01T00:00:00Z',
});
const ANSWERS = {
  '/api/v1/me': ME,
  '/api/v1/me/sessions': page(session('ses_1'), session('ses_2'), session('ses_here', true)),
};

/** The requests that end sessions. */
const ended = (requests: Request[]) =>
  requests.filter(({ method }) => method === 'DELETE').map(({ url }) => new URL(url).pathname);

test('the account menu leads to one’s account, with roles, teams and sessions', async () => {
  const { router } = open('/alerts', ANSWERS);
  fireEvent.click(await screen.findByRole('button', { name: 'Account of grace' }));
  fireEvent.click(await screen.findByRole('menuitem', { name: 'Your account' }));
  await waitFor(() => expect(router.state.location.pathname).toBe('/account'));
  expect(
    await screen.findByRole('heading', {
      name: 'You are grace, a viewer of this Plimsoll, signed in here and in two other places',
    }),
  ).toBeTruthy();
  expect(screen.getByRole('link', { name: 'shop' })).toBeTruthy();
  const sessions = within(await screen.findByRole('list', { name: 'Sessions' }));
  expect(sessions.getAllByRole('listitem')).toHaveLength(3);
  expect(sessions.getAllByRole('listitem')[0]?.textContent).toContain('This one');
});

test('one session of another place is ended', async () => {
  const { requests, server } = open('/account', ANSWERS);
  server['DELETE /api/v1/me/sessions/ses_1'] = () => {
    server['/api/v1/me/sessions'] = page(session('ses_2'), session('ses_here', true));
    return DONE;
  };
  fireEvent.click(await screen.findByRole('button', { name: 'End the session ses_1' }));
  await screen.findByRole('heading', { name: /in one other place$/ });
  expect(ended(requests)).toEqual(['/api/v1/me/sessions/ses_1']);
});

test('all others are ended after it was asked, and this one stays', async () => {
  const { requests, server } = open('/account', {
    ...ANSWERS,
    'DELETE /api/v1/me/sessions/ses_1': DONE,
  });
  server['DELETE /api/v1/me/sessions/ses_2'] = () => {
    server['/api/v1/me/sessions'] = page(session('ses_here', true));
    return DONE;
  };
  fireEvent.click(await screen.findByRole('button', { name: 'End all others…' }));
  const dialog = within(await screen.findByRole('dialog'));
  expect(ended(requests)).toEqual([]);
  fireEvent.click(dialog.getByRole('button', { name: 'End all others' }));
  await screen.findByRole('heading', { name: /signed in here alone$/ });
  expect(ended(requests)).toEqual(['/api/v1/me/sessions/ses_1', '/api/v1/me/sessions/ses_2']);
});

const type = (label: string, value: string) =>
  fireEvent.change(screen.getByLabelText(label), { target: { value } });

test('a password is changed, and both fields are empty again', async () => {
  const { requests } = open('/account', { ...ANSWERS, 'POST /api/v1/me/password': DONE });
  await screen.findByLabelText('Password until now');
  type('Password until now', 'correct horse battery');
  type('New password', 'four random words');
  fireEvent.click(screen.getByRole('button', { name: 'Change the password' }));
  expect(await screen.findByText('It is changed')).toBeTruthy();
  expect((screen.getByLabelText('New password') as HTMLInputElement).value).toBe('');
  const sent = requests.find(({ method }) => method === 'POST');
  expect(await sent?.json()).toEqual({
    current: 'correct horse battery',
    new: 'four random words',
  });
});

test('why the server refuses a password is said, with what would do', async () => {
  open('/account', {
    ...ANSWERS,
    'POST /api/v1/me/password': new Refused(
      422,
      'password_too_weak',
      'this password is among the first that somebody would guess: dates are often easy to guess',
      'four random words are easy to keep and hard to guess',
    ),
  });
  await screen.findByLabelText('Password until now');
  type('Password until now', 'correct horse battery');
  type('New password', '01.01.1970 01.01.1970');
  fireEvent.click(screen.getByRole('button', { name: 'Change the password' }));
  const alert = await screen.findByRole('alert');
  expect(alert.textContent).toContain('dates are often easy to guess.');
  expect(alert.textContent).toContain('Four random words');
});

test('a short password is not sent', async () => {
  const { requests } = open('/account', ANSWERS);
  await screen.findByLabelText('Password until now');
  type('Password until now', 'correct horse battery');
  type('New password', 'short');
  expect(screen.getByText('7 more to go')).toBeTruthy();
  fireEvent.submit(screen.getByRole('button', { name: 'Change the password' }));
  expect(requests.some(({ method }) => method === 'POST')).toBe(false);
});
