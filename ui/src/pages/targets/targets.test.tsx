import { fireEvent, screen, within } from '@testing-library/react';
import { expect, test } from 'vitest';
import type { Provenance, Targets } from '../../api/types';
import { open, Refused } from '../../test/app';
import { slo } from '../../test/samples';

const PATH = '/api/v1/objectives/targets';

const SHIPPED: Provenance = {
  kind: 'ObjectiveGuide',
  name: 'default',
  origin: 'default',
  version: '0.1.0',
  changed_at: null,
  changed_by: null,
};

/** What the server answers: computed for the window that is asked for. */
function targets(window: string, guide: Provenance = SHIPPED): Targets {
  const minutes = Number.parseInt(window) * 1440;
  const allows = (target: number) => ({
    downtime_seconds: Math.round(minutes * 60 * (1 - target) * 1e6) / 1e6,
    failures_per_million: Math.round((1 - target) * 1e6),
  });
  return {
    window,
    window_minutes: minutes,
    guide,
    targets: [
      { target: 0.99, uses: ['batch jobs'], effort: 'low', allows: allows(0.99), shrinks: null },
      { target: 0.999, uses: ['most APIs'], effort: null, allows: allows(0.999), shrinks: 10 },
    ],
    starting: [{ of: 'availability', target: 0.999, allows: allows(0.999) }],
    tiers: [{ tier: 1, target: 0.9999, allows: allows(0.9999) }],
    raising: 'As a rule of thumb each further nine costs about ten times as much.',
    service_types: [
      {
        name: 'grpc',
        display_name: 'gRPC service',
        description: 'Has metrics with `grpc_code`.',
        objectives: ['availability', 'latency'],
      },
    ],
  };
}

const byWindow = (query: URLSearchParams) => targets(query.get('window') ?? '30d');

test('slo-09: the table is computed for the window that is chosen', async () => {
  const { requests } = open('/targets', { [PATH]: byWindow });
  const table = await screen.findByRole('table', { name: 'Targets' });
  expect(within(table).getByText('43.2 min')).toBeTruthy();
  expect(within(table).getByText('10×')).toBeTruthy();
  fireEvent.click(screen.getByRole('radio', { name: /365/ }));
  expect(await within(table).findByText('8.76 h')).toBeTruthy();
  expect(requests.some(({ url }) => url.includes('window=365d'))).toBe(true);
});

test('what stands in backticks is shown as code', async () => {
  open('/targets', { [PATH]: byWindow });
  expect((await screen.findByText('grpc_code')).tagName).toBe('CODE');
  expect(document.body.textContent).not.toContain('`');
});

test('it says whose numbers these are, and leads to their text', async () => {
  open('/targets', { [PATH]: byWindow });
  const link = await screen.findByRole('link', { name: 'ObjectiveGuide default' });
  expect(link.getAttribute('href')).toBe('/definitions/ObjectiveGuide/default');
  expect(link.parentElement?.textContent).toContain('the default, shipped with 0.1.0');
  expect(screen.getByText(/rule of thumb/)).toBeTruthy();
});

test('numbers of yours say who applied them and when', async () => {
  const yours: Provenance = {
    ...SHIPPED,
    origin: 'yours',
    version: null,
    changed_at: '2026-05-03T10:00:00Z',
    changed_by: '<b>mara</b>',
  };
  open('/targets', { [PATH]: targets('30d', yours) });
  expect(await screen.findByText(/yours, applied by <b>mara<\/b> on 3 May/)).toBeTruthy();
});

test('a failure is a problem with a way on', async () => {
  open('/targets', { [PATH]: new Refused(503, 'busy', 'Not now.') });
  expect(await screen.findByRole('alert')).toBeTruthy();
});

test('the page of an SLO names its policies, whose they are, and the bounds', async () => {
  open('/slos/checkout-availability', {
    '/api/v1/slos/checkout-availability': slo({
      marks: { ...slo().marks, healthy_above: 0.6 },
      remark: {
        code: 'unused',
        message: 'more than 90 % of the budget is left',
        advice: 'Spend it',
      },
      origins: [
        { ...SHIPPED, kind: 'BurnPolicy', name: 'workbook' },
        {
          ...SHIPPED,
          kind: 'ErrorBudgetPolicy',
          origin: 'yours',
          version: null,
          changed_by: 'mara',
        },
      ],
    }),
    '/api/v1/slos/checkout-availability/history': { step_minutes: 5, points: [] },
  });
  expect(await screen.findByText(/Healthy is above 60/)).toBeTruthy();
  expect(screen.getByText(/More than 90 % of the budget is left\. Spend it\./)).toBeTruthy();
  expect(await screen.findByText(/yours, applied by mara/)).toBeTruthy();
  expect(await screen.findByText(/the default, shipped with 0\.1\.0/)).toBeTruthy();
});

test('a definition shows its text as text', async () => {
  open('/definitions/BurnPolicy/workbook', {
    '/api/v1/definitions/BurnPolicy/workbook': {
      ...SHIPPED,
      kind: 'BurnPolicy',
      name: 'workbook',
      api_version: 'plimsoll/v1',
      yaml: 'kind: BurnPolicy\n# <script>window.pwned=1</script>\n',
    },
  });
  expect(await screen.findByText(/<script>window\.pwned=1<\/script>/)).toBeTruthy();
  expect(screen.getByRole('heading', { level: 1 }).textContent).toBe(
    'BurnPolicy workbook is the default, shipped with 0.1.0',
  );
});
