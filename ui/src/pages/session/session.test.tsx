import { fireEvent, screen, waitFor } from '@testing-library/react';
import { expect, test } from 'vitest';
import { DONE, open, page, Refused } from '../../test/app';
import { slo } from '../../test/samples';

const NOBODY = {
  '/api/v1/me': new Refused(401, 'not_signed_in', 'You are not signed in.'),
  '/api/v1/session/state': { needs_setup: false },
};
const MARA = { name: 'mara', kind: 'person', role: 'admin' };

/** From that request on, mara is signed in. */
function letIn(request: string, { server }: ReturnType<typeof open>) {
  server[request] = () => {
    server['/api/v1/me'] = MARA;
    return DONE;
  };
}

const type = (label: string | RegExp, value: string) =>
  fireEvent.change(screen.getByLabelText(label), { target: { value } });

test('who is not signed in comes to the sign-in page, and back to where they wanted', async () => {
  const app = open('/slos?q=che', { ...NOBODY, '/api/v1/slos': page(slo()) });
  letIn('POST /api/v1/session', app);
  await screen.findByRole('heading', { name: 'Sign in' });
  type(/^Name/, 'mara');
  type(/^Password/, 'correct horse battery');
  fireEvent.click(screen.getByRole('button', { name: 'Sign in' }));
  expect(await screen.findByRole('link', { name: 'Checkout' })).toBeTruthy();
  expect(app.router.state.location.href).toBe('/slos?q=che');
  expect(
    app.requests.find((request) => request.method === 'POST')?.headers.get('x-plimsoll-csrf'),
  ).toBe('1');
});

test('a wrong password is told at the form', async () => {
  open('/sign-in', {
    ...NOBODY,
    'POST /api/v1/session': new Refused(401, 'wrong_password', 'Name or password is wrong.'),
  });
  await screen.findByRole('heading', { name: 'Sign in' });
  type(/^Name/, 'mara');
  type(/^Password/, 'guess');
  fireEvent.click(screen.getByRole('button', { name: 'Sign in' }));
  expect((await screen.findByRole('alert')).textContent).toContain('Name or password is wrong.');
});

test('a link to another site is no place to come back to', async () => {
  const { router } = open('/sign-in?next=//elsewhere.example', {
    '/api/v1/session/state': { needs_setup: false },
    '/api/v1/slos': page(),
  });
  await waitFor(() => expect(router.state.location.pathname).toBe('/'));
});

test('while nobody has a password, the sign-in page says where the setup link is', async () => {
  open('/sign-in', { ...NOBODY, '/api/v1/session/state': { needs_setup: true } });
  expect(await screen.findByRole('heading', { name: 'Nobody has a password yet' })).toBeTruthy();
});

test('the setup link sets the first password and signs in', async () => {
  const app = open('/setup?code=123456', { ...NOBODY, '/api/v1/slos': page() });
  letIn('POST /api/v1/setup', app);
  await screen.findByRole('heading', { name: 'Set the first password' });
  type(/^Name/, 'mara');
  type(/^Password/, 'too short');
  expect(screen.getByText('3 more to go')).toBeTruthy();
  type(/^Password/, 'correct horse battery');
  fireEvent.click(screen.getByRole('button', { name: 'Set password and sign in' }));
  expect(await screen.findByRole('heading', { name: 'Nothing is measured yet' })).toBeTruthy();
  const sent = app.requests.find((request) => request.method === 'POST');
  expect(await sent?.json()).toEqual({
    code: '123456',
    name: 'mara',
    password: 'correct horse battery',
  });
});

test('a setup link without its code says so', async () => {
  open('/setup', NOBODY);
  expect(await screen.findByRole('heading', { name: 'This link has no code' })).toBeTruthy();
});

test('a link of an admin sets a password and signs in', async () => {
  const app = open('/password?code=abc.def', { ...NOBODY, '/api/v1/slos': page() });
  letIn('POST /api/v1/password', app);
  await screen.findByRole('heading', { name: 'Set your password' });
  type(/^Password/, 'four random words');
  fireEvent.click(screen.getByRole('button', { name: 'Set password and sign in' }));
  await waitFor(() => expect(app.router.state.location.pathname).toBe('/'));
  const sent = app.requests.find((request) => request.method === 'POST');
  expect(await sent?.clone().json()).toEqual({ code: 'abc.def', password: 'four random words' });
});

test('a link that is used says so at the form', async () => {
  open('/password?code=abc.def', {
    ...NOBODY,
    'POST /api/v1/password': new Refused(401, 'unauthenticated', 'This link is not valid.'),
  });
  await screen.findByRole('heading', { name: 'Set your password' });
  type(/^Password/, 'four random words');
  fireEvent.click(screen.getByRole('button', { name: 'Set password and sign in' }));
  expect((await screen.findByRole('alert')).textContent).toContain('This link is not valid.');
});
