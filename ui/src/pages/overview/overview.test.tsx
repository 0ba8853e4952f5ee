import { screen, waitFor, within } from '@testing-library/react';
import { describe, expect, test } from 'vitest';
import { open, page, Refused } from '../../test/app';
import {
  alert,
  debt,
  decision,
  deployment,
  notification,
  slo,
  standing,
  HOSTILE,
} from '../../test/samples';
import {
  burningSentence,
  deniedSentence,
  fortnight,
  overviewSentence,
  owedSentence,
  toldSentence,
  weekSentence,
  weeksOf,
} from './words';

const NOW = Date.parse('2026-11-20T12:00:00Z');

describe('the page says', () => {
  test.each([
    [standing({}), 'Nothing is measured yet'],
    [standing({ healthy: 3 }), 'All three services are within their objectives'],
    [
      standing({ healthy: 2, exhausted: 1 }, undefined, { firing: 1 }),
      'Two of three services are within their objectives; one burns now',
    ],
    [standing({ healthy: 1, no_data: 2 }), 'One of three services is within its objectives'],
    [standing({ healthy: 1 }), 'The one service is within its objectives'],
    [standing({ exhausted: 1 }), 'The one service is outside its objectives'],
    [standing({ no_data: 1 }), 'The one service cannot be seen'],
    [standing({ exhausted: 2 }), 'None of two services are within their objectives'],
  ])('%#: %s', (stand, sentence) => expect(overviewSentence(stand)).toBe(sentence));
});

test('a fortnight is counted by days of 24 hours, the last one last', () => {
  const days = fortnight(
    [
      '2026-11-20T11:00:00Z',
      '2026-11-20T12:00:01Z',
      '2026-11-19T11:00:00Z',
      '2026-11-13T11:00:00Z',
      '2026-11-06T12:00:01Z',
      '2026-11-06T11:00:00Z',
    ],
    NOW,
  );
  expect(days).toHaveLength(14);
  expect([days[13], days[12], days[6], days[0]]).toEqual([1, 1, 1, 1]);
  expect(weeksOf(days)).toEqual({ before: 2, now: 2 });
});

test.each([
  [{ now: 4, before: 7 }, 'Four alerts in 7 days, three fewer than before'],
  [{ now: 1, before: 0 }, 'One alert in 7 days, one more than before'],
  [{ now: 0, before: 0 }, 'No alert in 7 days, as many as in the 7 before'],
])('%#: %s', (weeks, sentence) => expect(weekSentence(weeks, 'alert', 'alerts')).toBe(sentence));

test('denials are counted beside those of the week before', () => {
  const [deny, allow] = [{ verdict: 'deny' }, { verdict: 'allow' }];
  expect(deniedSentence([deny, allow], 2)).toBe(
    'One of two releases was denied in 7 days, two in the 7 days before',
  );
  expect(deniedSentence([allow], 0)).toBe('No release was denied in 7 days');
  expect(deniedSentence([], 0)).toBe('No release was asked about in 7 days');
});

test('each panel is a sentence with its evidence; one that fails leaves the others', async () => {
  const now = new Date().toISOString();
  open('/', {
    '/api/v1/standing': standing({ healthy: 1, exhausted: 1 }, undefined, { firing: 1 }),
    '/api/v1/slos': (query: URLSearchParams) =>
      query.has('status') ? page() : page(slo({ status: 'exhausted', budget_remaining: -0.85 })),
    '/api/v1/alerts': page(alert({ opened_at: now })),
    '/api/v1/deployments': page(deployment({ deployed_at: now })),
    '/api/v1/decisions': page(decision({ decided_at: now })),
    '/api/v1/notifications': new Refused(500, 'internal', 'It broke.'),
  });
  expect(
    await screen.findByRole('heading', {
      level: 1,
      name: 'One of two services is within its objectives; one burns now',
    }),
  ).toBeTruthy();
  for (const sentence of [
    'One alert fires now',
    /^Checkout has overspent the most, by 85\s%$/,
    'One alert in 7 days, one more than before',
    'One deployment in 7 days, one more than before',
    'The one release was denied in 7 days',
    'All two SLOs can be seen',
  ])
    expect(await screen.findByRole('heading', { level: 2, name: sentence })).toBeTruthy();
  const told = within(screen.getByRole('region', { name: 'Messages' }));
  expect((await told.findByRole('alert')).textContent).toContain('It broke.');
});

test('an empty installation is led to its first budget', async () => {
  open('/', {});
  expect(
    await screen.findByRole('heading', { name: /^From here to the first budget/ }),
  ).toBeTruthy();
  expect(screen.getByText('plimsoll init')).toBeTruthy();
});

test('whoever is told by nobody is not said to need no telling', () => {
  expect(toldSentence([], false, true)).toBe('Nobody is told: there is no receiver');
  expect(toldSentence([], false, false)).toBe('Nobody was told anything yet');
  const [one, gone] = [notification(), notification({ state: 'superseded' })];
  expect(toldSentence([one], false, false)).toBe('The one message was delivered');
  expect(toldSentence([one, gone], true, false)).toBe(
    'One of the last two messages was no longer news',
  );
});

test('what fires beyond what was read is said', () => {
  expect(burningSentence([alert(), alert()], true)).toBe('More than two alerts fire now');
  expect(burningSentence([alert(), alert()])).toBe('Two alerts fire now');
});

test.each([
  [[-1], false, 'The one known violation is overdue'],
  [[3], false, 'One known violation, none overdue'],
  [[-2, -1, 0], false, 'Two of three known violations are overdue'],
  [[-2, 4], true, 'One of more than two known violations is overdue'],
])('%#: of debts, %j: %s', (days, more, sentence) =>
  expect(
    owedSentence(
      days.map((days_left) => ({ days_left })),
      more,
    ),
  ).toBe(sentence),
);

test('what is owed to SLOs is shown, what is due first first, and where the work is kept', async () => {
  open('/', {
    '/api/v1/standing': standing({ warning: 1 }),
    '/api/v1/known-violations': page(
      debt({ days_left: -2, tracker: 'https://tracker.example/1' }),
      debt({ name: 'other', cause: HOSTILE }),
    ),
  });
  const panel = within(await screen.findByRole('region', { name: 'Known violations' }));
  expect(await panel.findByText('Overdue for two days')).toBeTruthy();
  expect(panel.getByText('Due in 72 days')).toBeTruthy();
  expect(panel.getByText(HOSTILE, { exact: false })).toBeTruthy();
  const work = panel.getByRole('link', { name: 'Where the work is kept' });
  expect(work.getAttribute('href')).toBe('https://tracker.example/1');
});

test('where nothing is owed nothing is said of it; where that is not known, it is', async () => {
  const { server, queries } = open('/', { '/api/v1/standing': standing({ healthy: 1 }) });
  await screen.findByRole('region', { name: 'What cannot be seen' });
  await waitFor(() =>
    expect(screen.queryByRole('region', { name: 'Known violations' })).toBeNull(),
  );
  server['/api/v1/known-violations'] = new Refused(500, 'internal', 'It broke.');
  await queries.invalidateQueries({ queryKey: ['violations'] });
  const panel = within(await screen.findByRole('region', { name: 'Known violations' }));
  expect((await panel.findByRole('alert')).textContent).toContain('could not be shown');
});
