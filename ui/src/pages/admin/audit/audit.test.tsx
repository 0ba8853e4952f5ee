import { fireEvent, screen, waitFor, within } from '@testing-library/react';
import { expect, test } from 'vitest';
import { open, page, Refused } from '../../../test/app';
import { auditEntry, HOSTILE, person, team } from '../../../test/samples';
import { auditSentence, instants, piecesOf } from './words';

const NAMES = new Map([['per_mara', 'mara']]);

test.each([
  [0, false, {}, 'No change is on record'],
  [1, false, { actor: 'per_mara' }, 'One change by mara is on record'],
  [3, false, { subject: 'team shop' }, 'Three changes of team shop are on record'],
  [
    100,
    true,
    { from: '2026-11-19' },
    'More than 100 changes in the days from 2026-11-19 on are on record',
  ],
  [
    2,
    false,
    { from: '2026-11-19', until: '2026-11-19' },
    'Two changes in the day 2026-11-19 are on record',
  ],
])('%#: %s', (lines, more, search, sentence) =>
  expect(auditSentence(lines, more, search, NAMES)).toBe(sentence),
);

test('days are whole, in UTC, the last one included', () => {
  expect(instants({ from: '2026-11-19', until: '2026-12-31' })).toEqual({
    from: '2026-11-19T00:00:00Z',
    to: '2027-01-01T00:00:00Z',
  });
  expect(instants({})).toEqual({});
});

test('the ids of the erased stand apart in a line', () => {
  expect(piecesOf('per_0abc is editor of the team shop')).toEqual([
    { text: 'per_0abc', erased: true },
    { text: ' is editor of the team shop.', erased: false },
  ]);
  expect(piecesOf('super_user was renamed')).toEqual([
    { text: 'Super_user was renamed.', erased: false },
  ]);
  expect(piecesOf('mara signed in', ['mara'])).toEqual([
    { text: 'mara signed in.', erased: false },
  ]);
});

const ANSWERS = {
  '/api/v1/people': page(person()),
  '/api/v1/tokens': page({ id: 'tok_1', name: 'ci', role: 'editor', state: 'active' }),
  '/api/v1/teams': page(team()),
};

/** What the audit log was last asked. */
const asked = (requests: Request[]) =>
  Object.fromEntries(
    new URL(requests.findLast(({ url }) => url.includes('/audit'))?.url ?? '').searchParams,
  );

test('lines name who did what, resolve ids, and show text as text', async () => {
  open('/admin/audit', {
    ...ANSWERS,
    '/api/v1/audit': page(
      auditEntry({ message: `grace was renamed ${HOSTILE}`, subject: 'per_grace' }),
      auditEntry({ id: 'ent_2', actor: '', actor_id: null, actor_kind: 'system' }),
    ),
  });
  const table = within(await screen.findByRole('table', { name: 'Audit log' }));
  expect(table.getByText('mara')).toBeTruthy();
  expect(await table.findByText('grace')).toBeTruthy();
  expect(table.getByText('Plimsoll')).toBeTruthy();
  expect(table.getByText(/<img src=x/)).toBeTruthy();
  expect(document.querySelector('main img')).toBeNull();
});

test('who was erased is shown as such, wherever they stand', async () => {
  open('/admin/audit', {
    ...ANSWERS,
    '/api/v1/audit': page(
      auditEntry({
        actor: 'per_gone',
        actor_id: 'per_gone',
        subject: 'per_gone',
        message: 'per_gone changed their password',
      }),
    ),
  });
  const table = within(await screen.findByRole('table', { name: 'Audit log' }));
  expect(table.getAllByText(/^someone erased$/i)).toHaveLength(3);
});

test('nobody is said to be erased while it is not known who is there', async () => {
  open('/admin/audit', {
    ...ANSWERS,
    '/api/v1/people': new Refused(500, 'internal', 'It broke.'),
    '/api/v1/audit': page(auditEntry({ subject: 'per_grace' })),
  });
  const table = within(await screen.findByRole('table', { name: 'Audit log' }));
  expect(table.getByRole('button', { name: 'per_grace' })).toBeTruthy();
  expect(table.queryByText(/someone erased/i)).toBeNull();
});

test('the address narrows the log, and a click on who and on what does, too', async () => {
  const { requests, router } = open(
    '/admin/audit?from=2026-11-19&until=2026-11-19&actor=per_grace',
    { ...ANSWERS, '/api/v1/audit': page(auditEntry()) },
  );
  await screen.findByRole('table', { name: 'Audit log' });
  expect(asked(requests)).toMatchObject({
    actor: 'per_grace',
    from: '2026-11-19T00:00:00Z',
    to: '2026-11-20T00:00:00Z',
  });
  fireEvent.click(screen.getByRole('button', { name: 'team shop' }));
  await waitFor(() => expect(router.state.location.search).toMatchObject({ subject: 'team shop' }));
  expect(asked(requests)).toMatchObject({ actor: 'per_grace', subject: 'team shop' });
  expect(
    screen.getByText(/plimsoll audit list --actor per_grace --subject 'team shop' --from/),
  ).toBeTruthy();
});

test('nothing that fits leads back to all of it', async () => {
  const { router } = open('/admin/audit?subject=nothing', { ...ANSWERS, '/api/v1/audit': page() });
  fireEvent.click(await screen.findByRole('button', { name: 'Show all' }));
  await waitFor(() => expect(router.state.location.search).toEqual({}));
});

test('who is no admin of the installation is told who sees it, and the server is not asked', async () => {
  const { requests } = open('/admin/audit', {
    '/api/v1/me': {
      id: 'per_vic',
      name: 'vic',
      kind: 'person',
      role: 'viewer',
      teams: [{ team: 'shop', role: 'admin' }],
    },
  });
  expect(
    await screen.findByRole('heading', { name: 'The audit log is for the role admin' }),
  ).toBeTruthy();
  expect(requests.some(({ url }) => url.includes('/audit'))).toBe(false);
});

test('what is said of a webhook sender calls it by its name', async () => {
  open('/admin/audit', {
    '/api/v1/audit': page(auditEntry({ subject: 'whk_1' })),
    '/api/v1/webhooks': page({ id: 'whk_1', name: 'forge', scopes: [], state: 'active' }),
  });
  expect(await screen.findByRole('button', { name: 'forge' })).toBeTruthy();
});
