/// A shop of a dozen services with a week behind them: one burns, one fell yesterday, one is spent,
/// one fell silent, one was never measured, one has a hostile name, and two are owed something. What
/// the stories look at.
import { writeRequest } from './wire.mjs';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const STEP = 2 * MINUTE;
/// What is pushed while stories run.
const FRESH_EVERY = 15_000;

export const HOSTILE = '<img src=x onerror="window.pwned=1"><script>window.pwned=1</script>';

/// Requests a minute, and which share of them fails at an age (milliseconds before now).
const PROMISES = [
  promise('storefront-availability', 'storefront', 'Storefront', 0.99, 900, () => 0.0014),
  promise('search-latency', 'search', 'Search latency', 0.99, 600, fellYesterday),
  promise('basket-availability', 'basket', 'Basket', 0.995, 480, burnsNow),
  promise('login-availability', 'login', 'Login', 0.999, 300, () => 0.0001),
  promise('catalog-availability', 'catalog', 'Catalog', 0.99, 700, () => 0.0055),
  promise('mail-delivery', 'mail', 'Mail delivery', 0.99, 60, () => 0.0135),
  promise('warehouse-orders', 'warehouse', 'Warehouse orders', 0.99, 40, () => 0.001, HOUR),
  promise('images-availability', 'images', 'Images', 0.99, 0, () => 0),
];

const SERVICES = [
  service('storefront', 'Storefront', 'What visitors see first.', 'team-shop', 1, [
    'search',
    'basket',
    'login',
  ]),
  service('search', 'Search', 'Finds what is sold.', 'team-catalog', 2, ['catalog']),
  service('basket', 'Basket', 'Keeps what a visitor chose.', 'team-shop', 1, ['catalog', 'login']),
  service('login', 'Login', 'Knows who someone is.', 'team-platform', 1, []),
  service('catalog', 'Catalog', 'All that is sold, with prices.', 'team-catalog', 2, ['images']),
  service('mail', 'Mail', 'Confirms orders.', 'team-platform', 3, []),
  service('warehouse', 'Warehouse', 'Packs what was ordered.', 'team-shop', 2, ['mail']),
  service('images', 'Images', 'Pictures of what is sold.', 'team-catalog', 3, []),
  service('reviews', 'Reviews', 'What others think.', 'team-catalog', 4, []),
  service('oddity', HOSTILE, `=HYPERLINK("http://127.0.0.1/") ${HOSTILE}`, 'team-shop', 4, []),
];

const JSON_BODY = { 'content-type': 'application/json' };
const REMOTE_WRITE = {
  'content-type': 'application/x-protobuf',
  'content-encoding': 'snappy',
  'x-prometheus-remote-write-version': '0.1.0',
};

/// An API asked as whoever is signed in: `get`, `post`, `put` and `push`.
export function api(url, headers) {
  const ask = async (method, path, body, kind) => {
    const response = await fetch(`${url}${path}`, {
      method,
      headers: { 'x-plimsoll-csrf': '1', ...headers, ...kind },
      body,
    });
    const text = await response.text();
    if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${text}`);
    return text === '' ? null : JSON.parse(text);
  };
  return {
    get: (path) => ask('GET', path),
    post: (path, body) => ask('POST', path, JSON.stringify(body), JSON_BODY),
    put: (path, body) => ask('PUT', path, JSON.stringify(body), JSON_BODY),
    push: (series) => ask('POST', '/api/v1/write', writeRequest(series), REMOTE_WRITE),
  };
}

/// Puts the shop in force, with its week. Returns what keeps it alive, and ends it.
export async function open(server, now = Date.now()) {
  await apply(server, [
    ...teams(),
    ...SERVICES,
    policy(),
    ...PROMISES.flatMap(documents),
    ...debts(now),
  ]);
  await past(server, now);
  await changes(server, now);
  let last = now;
  const timer = setInterval(() => {
    const at = Date.now();
    const alive = PROMISES.filter(({ silent, rate }) => silent === 0 && rate > 0);
    server.push(alive.flatMap((one) => samples(one, now, last, at, FRESH_EVERY))).catch(() => {});
    last = at;
  }, FRESH_EVERY);
  return () => clearInterval(timer);
}

/// Applies documents; a fault of any is an error here.
export async function apply(server, documents) {
  const text = documents.map((one) => JSON.stringify(one)).join('\n---\n');
  const report = await server.post('/api/v1/definitions/apply', {
    files: [{ path: 'shop.yaml', text }],
  });
  if (!report.applied) throw new Error(JSON.stringify(report.diagnostics, null, 2));
}

async function past(server, now) {
  const SPAN = 6 * HOUR;
  for (let from = now - 7 * DAY; from < now; from += SPAN) {
    const until = Math.min(from + SPAN, now);
    const alive = PROMISES.filter(({ rate }) => rate > 0);
    await server.push(
      alive.flatMap((one) => samples(one, now, from, Math.min(until, now - one.silent), STEP)),
    );
  }
}

async function changes(server, now) {
  const hours = [1.2, 20, 26, 44, 70, 98, 150, 190, 220, 260, 300];
  const of = ['basket', 'search', 'search', 'catalog', 'storefront', 'basket', 'login', 'mail'];
  for (const [index, age] of hours.entries()) {
    await server.post('/api/v1/deployments', {
      service: of[index % of.length],
      environment: 'production',
      artifact: digest(index),
      version: `2.${hours.length - index}.0`,
      class: index % 3 === 1 ? 'configuration' : 'feature',
      deployed_at: new Date(now - age * HOUR).toISOString(),
    });
  }
  for (const [index, name] of ['login', 'mail', 'warehouse', 'search'].entries()) {
    await server.post('/api/v1/gates/check', {
      service: name,
      environment: 'production',
      artifact: digest(40 + index),
      class: 'feature',
      enforce: true,
    });
  }
}

const digest = (seed) => `sha256:${String(seed).padStart(2, '0').repeat(32)}`;

function promise(name, service, title, target, rate, failing, silent = 0) {
  return { name, service, title, target, rate, failing, silent };
}

/// A quarter of an hour of failures a day ago.
function fellYesterday(age) {
  return age > 25 * HOUR && age < 25.7 * HOUR ? 0.62 : 0.0012;
}

/// Failing for an hour, after a deployment.
function burnsNow(age) {
  return age < 1.15 * HOUR ? 0.12 : 0.0006;
}

/// The counters of a promise over a stretch, as they would have been scraped.
function samples({ name, rate, failing }, now, from, to, step) {
  const at = (codes) => ({ __name__: 'shop_requests_total', promise: name, code: codes });
  const good = [];
  const bad = [];
  const count = { good: 0, bad: 0 };
  const start = now - 7 * DAY - HOUR;
  const first = Math.ceil((from - start) / step) * step + start;
  for (let time = first; time < to; time += step) {
    totals(count, rate, failing, now, start, time);
    good.push([Math.round(time), count.good]);
    bad.push([Math.round(time), count.bad]);
  }
  return good.length === 0
    ? []
    : [
        { labels: at('200'), samples: good },
        { labels: at('500'), samples: bad },
      ];
}

/// Whole events since the start, by adding up stretches of equal failure.
function totals(count, rate, failing, now, start, time) {
  let bad = 0;
  const EDGES = [start, now - 25.7 * HOUR, now - 25 * HOUR, now - 1.15 * HOUR, Infinity];
  for (let i = 0; i + 1 < EDGES.length; i += 1) {
    const [from, to] = [EDGES[i], Math.min(EDGES[i + 1], time)];
    if (to > from) bad += ((to - from) / MINUTE) * rate * failing(now - (from + to) / 2);
  }
  count.bad = Math.round(bad);
  count.good = Math.round(((time - start) / MINUTE) * rate) - count.bad;
}

function teams() {
  const named = {
    'team-shop': 'Team Shop',
    'team-catalog': 'Catalog',
    'team-platform': 'Platform',
  };
  return Object.entries(named).map(([name, title]) => ({
    apiVersion: 'backstage.io/v1alpha1',
    kind: 'Group',
    metadata: { name, title },
    spec: { type: 'team', children: [] },
  }));
}

function service(name, title, description, owner, tier, calls) {
  return {
    apiVersion: 'backstage.io/v1alpha1',
    kind: 'Component',
    metadata: {
      name,
      title,
      description,
      annotations: { 'plimsoll.dev/tier': String(tier) },
    },
    spec: {
      type: 'service',
      lifecycle: 'production',
      owner: `group:${owner}`,
      dependsOn: calls.map((called) => `component:${called}`),
    },
  };
}

function policy() {
  return {
    apiVersion: 'plimsoll/v1',
    kind: 'BurnPolicy',
    metadata: { name: 'shop' },
    spec: {
      arms: [
        { long: '1h', short: '5m', factor: 6, severity: 'page' },
        { long: '6h', short: '30m', factor: 3, severity: 'ticket' },
      ],
      significance: 0.001,
      noData: { after: '10m', severity: 'ticket' },
    },
  };
}

/// What is known to violate a promise: one is overdue, and speaks in hostile words.
function debts(now) {
  const debt = (name, slo, cause, days) => ({
    apiVersion: 'plimsoll/v1',
    kind: 'KnownViolation',
    metadata: { name },
    spec: {
      slo,
      cause,
      remedy: 'Buy a second relay, and use both.',
      mendBy: new Date(now + days * DAY).toISOString().slice(0, 10),
      tracker: 'https://tracker.example/SHOP-1742',
    },
  });
  return [
    debt('one-relay', 'mail-delivery', `The relay drops what it cannot hold ${HOSTILE}`, -9),
    debt('slow-index', 'search-latency', 'The index is built anew at night.', 45),
  ];
}

function documents({ name, service, title, target }) {
  const query = (code) => `shop_requests_total{promise="${name}"${code}}`;
  const source = (text) => ({ metricSource: { spec: { query: text } } });
  return [
    {
      apiVersion: 'openslo/v1',
      kind: 'SLO',
      metadata: { name, displayName: title },
      spec: {
        service,
        indicator: {
          metadata: { name: `${name}-requests` },
          spec: {
            ratioMetric: {
              counter: true,
              bad: source(query(',code="500"')),
              total: source(query('')),
            },
          },
        },
        timeWindow: [{ duration: '7d', isRolling: true }],
        budgetingMethod: 'Occurrences',
        objectives: [{ target }],
        alertPolicies: ['shop'],
      },
    },
  ];
}
