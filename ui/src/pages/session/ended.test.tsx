import { act, fireEvent, screen, waitFor, within } from '@testing-library/react';
import { expect, test } from 'vitest';
import { DONE, open, page, Refused } from '../../test/app';
import { person } from '../../test/samples';
import { Stream } from '../../test/stream';

const OUT = new Refused(401, 'unauthenticated', 'credentials are missing or not valid');
const MARA = { id: 'per_mara', name: 'mara', kind: 'person', role: 'admin', teams: [] };

/** Somebody who fills in a form while their session ends. */
async function typing() {
  const app = open('/admin/people', { '/api/v1/people': page(person()) });
  fireEvent.click(await screen.findByRole('button', { name: 'Add a person' }));
  fireEvent.change(await screen.findByLabelText('Name'), { target: { value: 'edsger' } });
  return app;
}

/** From now on the server knows no session, but lets mara in by her password. */
function end({ server }: Awaited<ReturnType<typeof typing>>) {
  server['/api/v1/me'] = OUT;
  server['/api/v1/people'] = OUT;
  server['POST /api/v1/people'] = OUT;
  server['POST /api/v1/session'] = () => {
    server['/api/v1/me'] = MARA;
    server['/api/v1/people'] = page(person());
    return DONE;
  };
}

const asked = () => screen.findByRole('dialog', { name: 'Your session has ended' });

function signIn(dialog: HTMLElement) {
  const password = within(dialog).getByLabelText(/^Password/);
  fireEvent.change(password, { target: { value: 'four random words' } });
  fireEvent.click(within(dialog).getByRole('button', { name: 'Sign in' }));
}

test.each([
  ['reads', (app: Awaited<ReturnType<typeof typing>>) => app.queries.invalidateQueries()],
  ['listens', () => (Stream.opened.at(-1) as Stream).breakOff()],
  ['sends', () => fireEvent.click(screen.getByRole('button', { name: 'Add the person' }))],
])(
  'a session that ended while the page %s asks for the password, and no form is lost',
  async (_, ask) => {
    const app = await typing();
    end(app);
    await act(async () => void (await ask(app)));
    const dialog = await asked();
    expect(within(dialog).getByLabelText<HTMLInputElement>('Name').value).toBe('mara');
    fireEvent.keyDown(within(dialog).getByLabelText(/^Password/), { key: 'Escape' });
    signIn(dialog);
    await waitFor(() => expect(screen.queryByText('Your session has ended')).toBeNull());
    expect(screen.getByLabelText<HTMLInputElement>('Name').value).toBe('edsger');
    expect(await screen.findByText('grace')).toBeTruthy();
    expect(app.router.state.location.pathname).toBe('/admin/people');
  },
);

test('a wrong password is told where it was typed', async () => {
  const app = await typing();
  end(app);
  app.server['POST /api/v1/session'] = new Refused(401, 'unauthenticated', 'the password is wrong');
  await act(() => app.queries.invalidateQueries());
  const dialog = await asked();
  signIn(dialog);
  expect((await within(dialog).findByRole('alert')).textContent).toBe('The password is wrong.');
});

test('whoever is somebody else finds nothing of it', async () => {
  const app = await typing();
  end(app);
  app.server['/api/v1/session/state'] = { needs_setup: false };
  await act(() => app.queries.invalidateQueries());
  const leave = { name: 'Sign in as somebody else' };
  fireEvent.click(within(await asked()).getByRole('button', leave));
  expect(await screen.findByRole('heading', { name: 'Sign in' })).toBeTruthy();
  expect(screen.queryByText('grace')).toBeNull();
  expect(screen.queryByText('Your session has ended')).toBeNull();
});
