/**
 * Which page is at which address, where its code is, and what it asks the server for first.
 *
 * Known before the app runs, so that all of it is on its way by then; it imports nothing that runs.
 * A test sees that the pages ask for what is said here, to the letter.
 */
import type { Ask } from '../api/begun';

interface Page {
  /** As the router has it: `/slos/$name`. */
  path: string;
  load: () => Promise<unknown>;
  first?: (named: string, search: string) => Ask[];
}

/** Who is signed in: what everything waits for. */
export const ME: Ask = { address: '/api/v1/me', key: ['me'] };

const STANDING: Ask = { address: '/api/v1/standing', key: ['slos', 'list', 'standing', {}] };
const FIRING: Ask = {
  address: '/api/v1/alerts?phase=firing&limit=500',
  key: ['alerts', 'list', { phase: 'firing' }, 500, 'latest'],
};

export const overview = {
  path: '/',
  load: () => import('../pages/overview/OverviewPage'),
  first: () => [STANDING],
} as const satisfies Page;

export const services = {
  path: '/services',
  load: () => import('../pages/services/ServiceList'),
  first: unfiltered(list('services', { sort: 'gravity' }), STANDING),
} as const satisfies Page;

export const service = {
  path: '/services/$name',
  load: () => import('../pages/services/ServicePage'),
  first: (name) => [one('services', name)],
} as const satisfies Page;

export const slos = {
  path: '/slos',
  load: () => import('../pages/slos/SloList'),
  first: unfiltered(list('slos', { sort: 'gravity' }), STANDING),
} as const satisfies Page;

export const slo = {
  path: '/slos/$name',
  load: () => import('../pages/slos/SloPage'),
  first: (name) => [one('slos', name)],
} as const satisfies Page;

export const targets = {
  path: '/targets',
  load: () => import('../pages/targets/TargetsPage'),
} as const satisfies Page;

export const importing = {
  path: '/import',
  load: () => import('../pages/definitions/ImportPage'),
} as const satisfies Page;

export const definition = {
  path: '/definitions/$kind/$name',
  load: () => import('../pages/definitions/DefinitionPage'),
} as const satisfies Page;

export const alerts = {
  path: '/alerts',
  load: () => import('../pages/alerts/AlertList'),
  first: unfiltered(FIRING, list('alerts', { phase: 'closed' })),
} as const satisfies Page;

/** Where the links in messages lead. */
export const alert = {
  path: '/alerts/$id',
  load: () => import('../pages/alerts/AlertPage'),
  first: (id) => [one('alerts', id)],
} as const satisfies Page;

export const releases = {
  path: '/releases',
  load: () => import('../pages/releases/ReleaseList'),
} as const satisfies Page;

export const decision = {
  path: '/releases/decisions/$id',
  load: () => import('../pages/releases/DecisionPage'),
} as const satisfies Page;

export const deployment = {
  path: '/releases/deployments/$id',
  load: () => import('../pages/releases/DeploymentPage'),
} as const satisfies Page;

export const account = {
  path: '/account',
  load: () => import('../pages/account/AccountPage'),
} as const satisfies Page;

export const handbook = {
  path: '/handbook/$page',
  load: () => import('../pages/handbook/HandbookPage'),
} as const satisfies Page;

export const PAGES: readonly Page[] = [
  ...[overview, services, service, slos, slo, targets, importing, definition],
  ...[alerts, alert, releases, decision, deployment, account, handbook],
];

/** The page at an address, and its first requests. */
export interface Found {
  load: Page['load'];
  first: Ask[];
}

export function pageAt({ pathname, search }: Pick<Location, 'pathname' | 'search'>): Found | null {
  const segments = segmentsOf(pathname);
  const page = PAGES.find(({ path }) => fits(segmentsOf(path), segments));
  if (page === undefined) return null;
  return { load: page.load, first: page.first?.(segments.at(-1) ?? '', search) ?? [] };
}

/** What a list asks for while no filter is set; with one it is for the list to say. */
function unfiltered(...first: Ask[]) {
  return (_: string, search: string) => (search === '' ? first : []);
}

/** The first page of a list. */
function list(noun: string, filters: Record<string, string>): Ask {
  const limit = 100;
  const query = new URLSearchParams({ ...filters, limit: `${limit}` });
  return { address: `/api/v1/${noun}?${query}`, key: [noun, 'list', filters, limit], paged: true };
}

/** One thing by its name, as an address has it. */
function one(noun: string, named: string): Ask {
  return { address: `/api/v1/${noun}/${named}`, key: [noun, 'one', decoded(named)] };
}

/** What an address says; nothing is called by one that cannot be read. */
function decoded(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch {
    return segment;
  }
}

function segmentsOf(path: string): string[] {
  return path.split('/').filter((segment) => segment !== '');
}

function fits(path: string[], segments: string[]): boolean {
  return (
    path.length === segments.length &&
    path.every((segment, at) => segment.startsWith('$') || segment === segments[at])
  );
}
