import { fireEvent, screen, waitFor, within } from '@testing-library/react';
import { describe, expect, test } from 'vitest';
import type { Reason } from '../../api/types';
import { firstReason } from '../../parts/reasons';
import { open, page, Refused } from '../../test/app';
import { alert, decision, deployment, HOSTILE } from '../../test/samples';
import {
  allowedClasses,
  decisionSentence,
  deploymentsSentence,
  factsOf,
  policyOf,
  reachesWeek,
  releasesSentence,
} from './words';

const ONE = '/api/v1/decisions/dec_1';
const NOW = Date.parse('2026-11-20T12:00:00Z');

describe('the list says', () => {
  const of = (...verdicts: string[]) => verdicts.map((verdict) => decision({ verdict }));
  const old = decision({ decided_at: '2026-11-01T00:00:00Z' });
  test.each([
    [[], 'No release was asked about in the last 7 days'],
    [[old], 'No release was asked about in the last 7 days'],
    [of('deny'), 'The one release of the last 7 days was denied'],
    [of('allow'), 'The one release of the last 7 days might go out'],
    [of('allow', 'warn'), 'All two releases of the last 7 days might go out'],
    [of('allow', 'deny', 'deny'), 'Two of three releases were denied in the last 7 days'],
  ])('%#: %s', (decisions, sentence) => expect(releasesSentence(decisions, NOW)).toBe(sentence));

  test('no more than was read of a busy week', () => {
    const [two, one] = [of('allow', 'allow'), of('allow', 'deny')];
    expect(releasesSentence(two, NOW, true)).toBe('All of the last two releases might go out');
    expect(releasesSentence(one, NOW, true)).toBe('One of the last two releases was denied');
    expect(reachesWeek(two, NOW)).toBe(false);
    expect(reachesWeek([...two, old], NOW)).toBe(true);
  });
});

test.each([
  [['2026-11-20T10:00:00Z'], false, 'One deployment in the last 7 days'],
  [['2026-11-20T10:00:00Z', '2026-11-01T00:00:00Z'], true, 'One deployment in the last 7 days'],
  [
    ['2026-11-20T10:00:00Z', '2026-11-19T00:00:00Z'],
    true,
    'At least two deployments in the last 7 days',
  ],
  [['2026-11-01T00:00:00Z'], false, 'Nothing went out in the last 7 days'],
])('%#: of deployments, %j: %s', (at, more, sentence) => {
  const deployments = at.map((deployed_at) => deployment({ deployed_at }));
  expect(deploymentsSentence(deployments, NOW, more)).toBe(sentence);
});

describe('a decision says', () => {
  test.each([
    [decision(), 'Feature of checkout may not go to production'],
    [decision({ enforced: false }), 'Feature of checkout would not be allowed to go to production'],
    [decision({ verdict: 'warn' }), 'Feature of checkout may go to production, with care'],
    [
      decision({ verdict: 'allow', class: 'security_patch' }),
      'Security patch of checkout may go to production',
    ],
  ])('%#: %s', (one, sentence) => expect(decisionSentence(one)).toBe(sentence));
});

test('facts and policy are read, whatever is stored', () => {
  const odd = { facts: { slos: [null, 3], alerts: 'none' }, policy: { rules: [1] } };
  expect(factsOf(odd as never).slos).toHaveLength(2);
  expect(factsOf(odd as never).alerts).toEqual([]);
  expect(policyOf({ policy: null } as never)).toEqual({ name: 'unnamed', rules: [] });
  expect(policyOf(decision()).rules.map(({ status }) => status)).toEqual(['exhausted', 'healthy']);
});

test('what might go out instead follows from the rule of every status there was', () => {
  expect(allowedClasses(decision())).toEqual(['rollback', 'security_patch']);
  expect(allowedClasses({ ...decision(), facts: {} } as never)).toEqual([]);
});

test('a denied release says why in one glance: reasons, facts, and the rule that applied', async () => {
  open('/releases/decisions/dec_1', { [ONE]: decision() });
  expect(
    await screen.findByRole('heading', {
      level: 1,
      name: 'Feature of checkout may not go to production',
    }),
  ).toBeTruthy();
  expect(screen.getByText('Denied')).toBeTruthy();
  expect(screen.getByText(/^The budget is exhausted: -85 % left/)).toBeTruthy();
  expect(
    screen.getByText('What might go out as things stood, two classes: rollback, security patch.'),
  ).toBeTruthy();
  const facts = within(screen.getByRole('region', { name: 'The facts it rests on' }));
  expect(facts.getByRole('img', { name: /^Budget left: −85\s%/ })).toBeTruthy();
  expect(facts.getByText('Fired: page')).toBeTruthy();
  expect(screen.getByText('Exhausted, which it was')).toBeTruthy();
  expect(screen.getByText('plimsoll gate explain dec_1')).toBeTruthy();
});

test('a remark stands beside the verdict and is no reason for it', async () => {
  const remark = {
    code: 'budget_escalates',
    verdict: 'allow',
    slo: 'checkout-availability',
    message: 'less than 10 % of the budget is left; tell leadership',
  };
  const [reason] = decision().reasons;
  open('/releases/decisions/dec_1', {
    [ONE]: decision({ reasons: [reason as Reason, remark] }),
  });
  const remarks = within(await screen.findByRole('region', { name: 'Remarks' }));
  expect(remarks.getByText(/^Less than 10 % of the budget is left; tell leadership/)).toBeTruthy();
  expect(screen.getByText('Denied')).toBeTruthy();
  expect(screen.queryByText('Allow')).toBeNull();
});

test('an allowed release is listed with what allowed it, not with a remark', () => {
  const [reason] = decision().reasons;
  const allow = { ...(reason as Reason), verdict: 'allow', message: 'the budget is in warning' };
  const remark = { ...allow, code: 'alert_firing', message: 'it burns' };
  expect(firstReason({ verdict: 'allow', reasons: [remark, allow] })).toEqual({
    message: 'the budget is in warning',
    more: 1,
  });
  expect(firstReason({ verdict: 'allow', reasons: [] })).toBeNull();
});

const REPLAY = {
  id: 'dec_1',
  identical: true,
  verdict_then: 'deny',
  verdict_now: 'deny',
  engine_then: 'table/1',
  engine_now: 'table/1',
  differences: [] as string[],
};

test('a replay says that it is identical', async () => {
  open('/releases/decisions/dec_1', { [ONE]: decision(), [`POST ${ONE}/replay`]: REPLAY });
  fireEvent.click(await screen.findByRole('button', { name: 'Replay the decision' }));
  expect(await screen.findByText('Identical, byte for byte')).toBeTruthy();
  expect(screen.getByText('Denied then, denied now, by the same engine, table/1.')).toBeTruthy();
});

test('or what differs, and what went wrong', async () => {
  const { server } = open('/releases/decisions/dec_1', {
    [ONE]: decision(),
    [`POST ${ONE}/replay`]: new Refused(503, 'busy', 'Not now.'),
  });
  fireEvent.click(await screen.findByRole('button', { name: 'Replay the decision' }));
  expect((await screen.findByRole('alert')).textContent).toContain('Not now.');
  server[`POST ${ONE}/replay`] = {
    ...REPLAY,
    identical: false,
    verdict_now: 'warn',
    engine_now: 'table/2',
    differences: [`verdict: deny, warn ${HOSTILE}`],
  };
  fireEvent.click(screen.getByRole('button', { name: 'Replay the decision' }));
  expect(await screen.findByText('It differs')).toBeTruthy();
  expect(screen.getByText(/^verdict: deny, warn <img src=x/)).toBeTruthy();
});

test('decisions are listed with their first reason; deployments beside them', async () => {
  open('/releases', {
    '/api/v1/decisions': page(decision(), decision({ id: 'dec_2', verdict: 'allow' })),
    '/api/v1/deployments': page(deployment()),
  });
  const links = await screen.findAllByRole('link', { name: /^checkout abcdef/ });
  expect(links.map((link) => link.getAttribute('href'))).toEqual([
    '/releases/decisions/dec_1',
    '/releases/decisions/dec_2',
  ]);
  fireEvent.click(screen.getByRole('radio', { name: 'Deployments' }));
  expect(await screen.findByRole('link', { name: 'checkout 1.5.0' })).toBeTruthy();
});

test('what is shown changes below the choice of it, which keeps the focus', async () => {
  open('/releases', { '/api/v1/deployments': page(deployment()) });
  const choice = await screen.findByRole('radio', { name: 'Deployments' });
  choice.focus();
  fireEvent.click(choice);
  await screen.findByRole('link', { name: 'checkout 1.5.0' });
  expect(document.activeElement).toBe(choice);
  expect(choice.isConnected).toBe(true);
});

test('an environment that is chosen leaves the others to be chosen', async () => {
  const all = ['canary', 'staging'].map((environment, at) =>
    deployment({ id: `dep_${at}`, environment }),
  );
  open('/releases?show=deployments&environment=staging', {
    '/api/v1/deployments': (query: URLSearchParams) => {
      const environment = query.get('environment');
      return page(...all.filter((one) => environment === null || one.environment === environment));
    },
  });
  expect(await screen.findAllByRole('link', { name: 'checkout 1.5.0' })).toHaveLength(1);
  fireEvent.click(screen.getByRole('combobox', { name: 'Environment' }));
  expect(await screen.findByRole('option', { name: 'canary' })).toBeTruthy();
});

test('a verdict in the address narrows the list, and the server does it', async () => {
  const all = [decision(), decision({ id: 'dec_2', verdict: 'allow' })];
  open('/releases?verdict=deny', {
    '/api/v1/decisions': (query: URLSearchParams) => {
      const verdict = query.get('verdict');
      return page(...all.filter((one) => verdict === null || one.verdict === verdict));
    },
  });
  expect(await screen.findAllByRole('link', { name: /^checkout abcdef/ })).toHaveLength(1);
});

test('what binds is told from shadow mode, by the server', async () => {
  const { requests, router } = open('/releases', { '/api/v1/decisions': page(decision()) });
  fireEvent.click(await screen.findByRole('combobox', { name: 'Whether it binds' }));
  fireEvent.click(await screen.findByRole('option', { name: 'In shadow mode' }));
  await waitFor(() => expect(router.state.location.search).toEqual({ enforced: false }));
  expect(router.state.location.searchStr).toBe('?enforced=false');
  await waitFor(() =>
    expect(requests.some(({ url }) => new URL(url).searchParams.get('enforced') === 'false')).toBe(
      true,
    ),
  );
});

test('every environment stays to be chosen after one was', async () => {
  open('/releases?environment=staging', {
    '/api/v1/decisions': (query: URLSearchParams) =>
      page(
        ...['staging', 'canary']
          .filter((one) => one === (query.get('environment') ?? one))
          .map((environment) => decision({ id: `dec_${environment}`, environment })),
      ),
  });
  await screen.findByText('feature to staging');
  fireEvent.click(screen.getByRole('combobox', { name: 'Environment' }));
  expect(await screen.findByRole('option', { name: 'canary' })).toBeTruthy();
});

test('nothing asked yet says how to ask', async () => {
  open('/releases', {});
  expect(await screen.findByRole('heading', { name: 'Ask before it goes out' })).toBeTruthy();
});

test('a deployment says what the gate had said, and what happened after', async () => {
  open('/releases/deployments/dep_1', {
    '/api/v1/deployments/dep_1': deployment({ artifact: 'sha256:abcdef' }),
    '/api/v1/decisions': page(decision(), decision({ id: 'dec_9', artifact: 'sha256:other' })),
    '/api/v1/alerts': page(
      alert(),
      alert({ id: 'alr_0', firing_since: '2026-11-20T10:00:00Z', summary: 'long before' }),
    ),
  });
  expect(
    await screen.findByRole('heading', { name: 'checkout 1.5.0 went to production as a feature' }),
  ).toBeTruthy();
  const after = within(screen.getByRole('region', { name: 'What happened after' }));
  expect(await after.findByText(/^10\smin after$/)).toBeTruthy();
  expect(after.queryByText('Long before.')).toBeNull();
  const asked = within(screen.getByRole('region', { name: 'What the gate said of it' }));
  expect(await asked.findAllByText('Denied')).toHaveLength(1);
});

test('a deployment before all that is looked through is not said to have had no alert', async () => {
  open('/releases/deployments/dep_1', {
    '/api/v1/deployments/dep_1': deployment(),
    '/api/v1/alerts': {
      items: [alert({ firing_since: '2026-11-29T10:00:00Z' })],
      next_cursor: 'more',
    },
  });
  const after = within(await screen.findByRole('region', { name: 'What happened after' }));
  expect(await after.findByText(/^It lies before the last 500 alerts/)).toBeTruthy();
  expect(after.queryByText(/^No alert fired/)).toBeNull();
});
