import { fireEvent, screen, waitFor, within } from '@testing-library/react';
import { expect, test } from 'vitest';
import { NEVER, open, page, Refused } from '../../test/app';
import {
  alert,
  arm,
  debt,
  deployment,
  ledger,
  ledgerEntry,
  method,
  methods,
  point,
  slo,
} from '../../test/samples';
import { Stream } from '../../test/stream';

const ONE = '/api/v1/slos/checkout-availability';
const ADDRESS = '/slos/checkout-availability';
const EXPLANATION = {
  slo: slo(),
  total_selector: 'http_requests_total',
  part: 'bad',
  part_selector: 'http_requests_total{code=~"5.."}',
  window_from: '2026-10-21T12:00:00Z',
  window_to: '2026-11-20T12:00:00Z',
  minutes: [
    {
      minute: '2026-11-20T11:59:00Z',
      good: 99,
      bad: 1,
      total: 100,
      inferred: 0,
      coverage: 1,
      state: 'closed',
    },
  ],
  series: [
    {
      labels: { __name__: 'http_requests_total', code: '<b>503</b>' },
      channels: ['total', 'bad'],
      first_sample_at: '2026-11-01T00:00:00Z',
      last_sample_at: '2026-11-20T11:59:50Z',
      last_value: 573,
      interval_seconds: 15,
      state: 'live',
    },
  ],
  arithmetic: ['budget left = 1 − 39 / 100 = 0.61'],
};
const LOADED = {
  [ONE]: slo(),
  [`${ONE}/history`]: { step_minutes: 5, points: [point('2026-11-20T11:55:00Z')] },
  [`${ONE}/explain`]: EXPLANATION,
  [`${ONE}/ledger`]: ledger([ledgerEntry()]),
  [`${ONE}/methods`]: methods(method()),
};

test('while it loads, the page names what it loads', async () => {
  open(ADDRESS, { [ONE]: NEVER });
  expect(await screen.findByLabelText('Loading checkout-availability')).toBeTruthy();
});

test('an unknown SLO is a problem with a way on', async () => {
  open(ADDRESS, { [ONE]: new Refused(404, 'unknown_slo', 'There is no SLO of that name.') });
  expect((await screen.findByRole('alert')).textContent).toContain('There is no SLO of that name.');
});

test('its title is the state, and the budget is drawn and told', async () => {
  open(ADDRESS, LOADED);
  expect(
    await screen.findByRole('heading', {
      level: 1,
      name: /^Checkout has 61\s% of its budget left/,
    }),
  ).toBeTruthy();
  expect(screen.getByRole('img', { name: /^Budget left: 61\s%$/ })).toBeTruthy();
  expect(await screen.findByRole('img', { name: /^Burn rate: / })).toBeTruthy();
  expect(screen.getByText('plimsoll get slo checkout-availability')).toBeTruthy();
});

test('each number leads to its reasons: arithmetic, minutes and series, with labels as text', async () => {
  open(ADDRESS, LOADED);
  fireEvent.click(
    await screen.findByRole('button', { name: /^Error ratio:\s*0\.04\s%\s*\.\s*Explain$/ }),
  );
  const drawer = await screen.findByRole('dialog');
  expect(await within(drawer).findByText('budget left = 1 − 39 / 100 = 0.61')).toBeTruthy();
  expect(within(drawer).getByText('http_requests_total{code="<b>503</b>"}')).toBeTruthy();
  expect(within(drawer).getByText('11:59')).toBeTruthy();
  expect(
    within(drawer).getByText(
      /^plimsoll explain slo checkout-availability --at 2026-11-20T12:00:20Z$/,
    ),
  ).toBeTruthy();
});

test('a threshold is told, and a ratio has none', async () => {
  const indicator = { kind: 'latency', op: 'lte', bound: 0.3 };
  open(ADDRESS, { ...LOADED, [ONE]: slo({ indicator, description: 'Pages come fast' }) });
  expect(await screen.findByText('Pages come fast. Observations ≤ 0.3 are good.')).toBeTruthy();
});

test('corrections and hours are told where there are any, and say what they are', async () => {
  open(ADDRESS, { ...LOADED, [ONE]: slo({ corrected: 12, aligned_to_hours: true }) });
  const corrected = await screen.findByText('12 corrected');
  fireEvent.focus(corrected);
  expect((await screen.findByRole('tooltip')).textContent).toContain(
    'after their minute was sealed',
  );
  expect(screen.getByText('rolling by the hour')).toBeTruthy();
});

test('the period of a calendar says until when, and by whose clocks', async () => {
  const period = {
    from: '2026-10-31T23:00:00Z',
    to: '2026-11-30T23:00:00Z',
    time_zone: 'Europe/Berlin',
  };
  open(ADDRESS, { ...LOADED, [ONE]: slo({ window: '1M', period }) });
  const until = await screen.findByText(/^until 30\sNov/);
  expect(screen.getByText(/^this month so far,/)).toBeTruthy();
  fireEvent.focus(until);
  expect((await screen.findByRole('tooltip')).textContent).toContain(
    'By the clocks of Europe/Berlin: from 31 Oct 2026, 23:00:00 UTC',
  );
  expect(screen.getByText(/events this month so far, \d+ were allowed/)).toBeTruthy();
});

test('without them the page says nothing of them', async () => {
  open(ADDRESS, LOADED);
  await screen.findByRole('heading', { level: 1, name: /^Checkout/ });
  expect(screen.queryByText(/corrected|by the hour|are good/)).toBeNull();
});

test('when the minutes fail, the numbers stay', async () => {
  open(ADDRESS, {
    ...LOADED,
    [`${ONE}/history`]: new Refused(500, 'internal', 'The minutes were not read.'),
  });
  expect((await screen.findByRole('alert')).textContent).toContain(
    'The numbers above are still right.',
  );
  expect(screen.getByRole('heading', { level: 1, name: /^Checkout has 61\s%/ })).toBeTruthy();
});

test('what fires stands at the head, with its evidence below', async () => {
  const firing = alert();
  open(ADDRESS, {
    ...LOADED,
    [ONE]: slo({ alert: firing.id, burn: [arm({ long: 24, short: 20, firing: true })] }),
    '/api/v1/alerts': page(firing),
    [`/api/v1/alerts/${firing.id}`]: firing,
  });
  expect(await screen.findByText('Firing: page')).toBeTruthy();
  expect(screen.getByRole('link', { name: 'Open the alert' }).getAttribute('href')).toBe(
    '/alerts/alr_1',
  );
});

test('a denied release says why', async () => {
  const decision = {
    id: 'dec_1',
    service: 'checkout',
    environment: 'production',
    artifact: 'sha256:abcdef',
    class: 'feature',
    verdict: 'deny',
    enforced: false,
    reasons: [
      {
        code: 'budget_exhausted',
        verdict: 'deny',
        slo: null,
        message: 'Nothing of the budget is left.',
      },
    ],
    facts: {},
    policy: {},
    engine: 'table/1',
    decided_at: '2026-11-20T11:00:00Z',
    expires_at: '2026-11-20T11:30:00Z',
    asked_by: 'ci',
  };
  open(ADDRESS, { ...LOADED, '/api/v1/decisions': page(decision) });
  expect(await screen.findByText('Denied')).toBeTruthy();
  expect(screen.getByText('in shadow mode')).toBeTruthy();
  expect(screen.getByText('Nothing of the budget is left.')).toBeTruthy();
});

test('alerts are marked back to the span; what is not marked is said', async () => {
  const opened = (at: string) => alert({ id: at, opened_at: at });
  const { requests, server } = open(`${ADDRESS}?range=24h`, {
    ...LOADED,
    '/api/v1/alerts': (query: URLSearchParams) =>
      query.has('cursor')
        ? page(opened('2026-11-01T00:00:00Z'))
        : { items: [opened('2026-11-20T10:00:00Z')], next_cursor: 'more' },
  });
  await screen.findByRole('img', { name: /^Bad events: / });
  const asked = () => requests.filter(({ url }) => /alerts\?.*cursor=more/.test(url)).length;
  await waitFor(() => expect(asked()).toBe(1));
  expect(screen.queryByText(/are marked/)).toBeNull();
  server['/api/v1/alerts'] = { items: [opened('2026-11-20T10:00:00Z')], next_cursor: 'more' };
  Stream.opened.at(-1)?.say('changed', { noun: 'alert', name: null });
  expect(await screen.findByText('Only the newest 4 alerts of the SLO are marked.')).toBeTruthy();
});

test('that alerts could not be read is said where they would be marked', async () => {
  open(ADDRESS, { ...LOADED, '/api/v1/alerts': new Refused(500, 'internal', 'It broke.') });
  expect(await screen.findByText('The alerts could not be read: none is marked.')).toBeTruthy();
});

test('counts on a chart say of how long they are', async () => {
  open(ADDRESS, LOADED);
  const chart = within(await screen.findByRole('region', { name: 'Bad events' }));
  expect(chart.getByText(/^bad in 5\smin/)).toBeTruthy();
});

test('what was never measured has no gaps to be proud of', async () => {
  const blind = { status: 'unmeasured', coverage: null, burn: [arm({ long: null, short: null })] };
  open(ADDRESS, { ...LOADED, [ONE]: slo(blind) });
  expect(await screen.findByText('nothing was measured')).toBeTruthy();
  expect(screen.getByText('no data')).toBeTruthy();
  expect(screen.getByText('No data in the long window.')).toBeTruthy();
});

test('an SLO that there is not leads to those there are', async () => {
  open(ADDRESS, { [ONE]: new Refused(404, 'unknown_slo', 'There is no SLO of that name.') });
  const way = within(await screen.findByRole('navigation', { name: 'Where this is' }));
  expect(way.getByRole('link', { name: 'SLOs' }).getAttribute('href')).toBe('/slos');
  expect(screen.getByRole('heading', { level: 1 }).textContent).toBe('checkout-availability');
});

test('an alert that fires is led to although it cannot be read', async () => {
  open(ADDRESS, { ...LOADED, [ONE]: slo({ alert: 'alr_9' }) });
  expect(await screen.findByRole('link', { name: 'Open the alert' })).toBeTruthy();
});

test('nobody explains a minute that is still to come', async () => {
  open(`${ADDRESS}?explain=${new Date().toISOString()}`, LOADED);
  const later = await screen.findByRole('button', { name: 'A minute later' });
  expect(later.getAttribute('aria-disabled')).toBe('true');
});

test('what is known to violate it stands beside where it stands', async () => {
  open(ADDRESS, { ...LOADED, '/api/v1/known-violations': page(debt({ days_left: 0 })) });
  const owed = within(await screen.findByRole('region', { name: 'Known to violate it' }));
  expect(owed.getByText('Due today')).toBeTruthy();
  expect(owed.getByText(/^The import holds locks/)).toBeTruthy();
});

test('what the budget was spent on leads to each cause, and says what is left without releases', async () => {
  const released = deployment({ id: 'dep_7', version: '1.2.3' });
  const entries = [
    ledgerEntry({
      cause: 'deployment',
      deployment: released,
      alerts: ['alr_1', 'alr_2'],
      from: '2026-11-19T10:00:00Z',
      to: '2026-11-19T11:10:00Z',
      minutes: 70,
      bad: 27,
      share: 0.69,
      budget: 0.27,
    }),
    ledgerEntry({ cause: 'alert', alerts: ['alr_3'], from: '2026-11-18T10:00:00Z', minutes: 5 }),
    ledgerEntry({ cause: 'gap', minutes: null }),
    ledgerEntry(),
    ledgerEntry({ cause: 'others', causes: 1_200 }),
  ];
  open(ADDRESS, { ...LOADED, [`${ONE}/ledger`]: ledger(entries, { causes_left_out: true }) });
  const section = within(
    await screen.findByRole('region', { name: /^What the budget was spent on/ }),
  );
  const causes = (await section.findAllByRole('listitem')).map((item) => item.textContent);
  expect(causes[0]).toMatch(
    /1\.2\.3.*to production.*27\s%.*27 bad.*in 70\smin, with outage 1, outage 2/,
  );
  expect(causes[1]).toMatch(/^An outage.*5\smin/);
  expect(causes[2]).toMatch(/^Gaps in the telemetry.*when they happened is not known/);
  expect(causes[3]).toMatch(/^No cause that is known/);
  expect(causes[4]).toMatch(/^1\s200 others/);
  const leads = (name: string) => section.getByRole('link', { name }).getAttribute('href');
  expect(leads('1.2.3')).toBe('/releases/deployments/dep_7');
  expect([leads('outage 1'), leads('An outage')]).toEqual(['/alerts/alr_1', '/alerts/alr_3']);
  expect(section.getByText(/^Without deployments:/).textContent).toMatch(/12\s%.*instead of 39\s%/);
  expect(section.getByText(/more alerts or deployments than are looked at/)).toBeTruthy();
});

test('of a budget that nobody spent it is said, and no release is taken out of it', async () => {
  const spent = { bad: 0, total: 100_000, error_ratio: 0, budget: 0 };
  const none = ledger([], { spent, without_deployments: spent, environments: [] });
  open(ADDRESS, { ...LOADED, [`${ONE}/ledger`]: none });
  expect(await screen.findByText('Nothing was spent.')).toBeTruthy();
  expect(screen.queryByText(/^Without deployments:/)).toBeNull();
  expect(
    screen.getByText(/^Every bad event of the window, once\. A deployment answers/),
  ).toBeTruthy();
});

test('a ledger that cannot be read leaves the rest of the page', async () => {
  const away = new Refused(503, 'telemetry_busy', 'The tallies are still being read.');
  open(ADDRESS, { ...LOADED, [`${ONE}/ledger`]: away });
  expect(await screen.findByText(/The tallies are still being read/)).toBeTruthy();
  expect(screen.getByRole('img', { name: /^Budget left: 61\s%$/ })).toBeTruthy();
});

const SLICES = { window: '5m', target: 0.95 };

test('the same minutes are counted three ways, and the page says which counts', async () => {
  const told = methods(
    method({ counts: false }),
    method({
      budgeting_method: 'Timeslices',
      time_slice: SLICES,
      good: 8_638,
      total: 8_640,
      unjudged: 3,
      budget_remaining: 0.77,
    }),
    method({
      budgeting_method: 'RatioTimeslices',
      time_slice: { window: '5m', target: null },
      counts: false,
      good: 8_639.6,
      total: 8_640,
      unjudged: 0,
      budget_remaining: null,
    }),
  );
  open(ADDRESS, { ...LOADED, [`${ONE}/methods`]: told });
  const section = within(await screen.findByRole('region', { name: 'By events and by time' }));
  const ways = (await section.findAllByRole('listitem')).map((item) => item.textContent);
  expect(ways[0]).toMatch(
    /^Occurrences61\s% left.*every event counts the same: 39 bad of 100\s000 events$/,
  );
  expect(ways[1]).toMatch(
    /^Timeslices counts here77\s% left.*slices of 5\smin, good when 95\s% of their events are: 2 bad of 8\s640 slices, 3 not seen$/,
  );
  expect(ways[2]).toMatch(
    /^RatioTimeslicesUnknown left.*for their share of good events: 0\.4 bad of 8\s640 slices$/,
  );
});

test('an SLO of slices speaks of slices, and explains each', async () => {
  const sliced = slo({
    budgeting_method: 'Timeslices',
    time_slice: SLICES,
    good: 8_638,
    total: 8_640,
    unjudged: 3,
  });
  const slices = [
    { from: '2026-11-20T11:45:00Z', to: '2026-11-20T11:50:00Z', good: 90, total: 100, verdict: 0 },
    { from: '2026-11-20T11:50:00Z', to: '2026-11-20T11:55:00Z', good: 50, total: 50, verdict: 1 },
    { from: '2026-11-20T11:55:00Z', to: '2026-11-20T12:00:00Z', good: 0, total: 0, verdict: null },
  ];
  open(ADDRESS, {
    ...LOADED,
    [ONE]: sliced,
    [`${ONE}/explain`]: { ...EXPLANATION, slo: sliced, slices },
    [`${ONE}/ledger`]: ledger([ledgerEntry()], { time_slice: SLICES }),
  });
  expect(await screen.findByText(/^Of 8\s640 slices in 30\sd, 8 were allowed/)).toBeTruthy();
  expect(screen.getByText('3 more not seen')).toBeTruthy();
  expect(await screen.findByText(/^Every bad slice of the window, once/)).toBeTruthy();
  expect(await screen.findByRole('region', { name: 'Bad slices' })).toBeTruthy();
  fireEvent.click(screen.getByRole('button', { name: /^Bad slices:/ }));
  const drawer = within(await screen.findByRole('dialog'));
  expect(await drawer.findByText('The last 3 slices')).toBeTruthy();
  const rows = drawer.getAllByRole('row').map((row) => row.textContent);
  expect(rows).toContain('11:4590' + '10100bad');
  expect(rows).toContain('11:5050' + '050good');
  expect(rows).toContain('11:550' + '00not judged, hardly seen');
});
