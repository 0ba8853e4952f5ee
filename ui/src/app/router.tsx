/** Which address shows which page, and what of a page its address keeps. */
import {
  createRootRoute,
  createRoute,
  createRouter,
  lazyRouteComponent,
  redirect,
} from '@tanstack/react-router';
import { Setup } from '../pages/session/Setup';
import { SignIn } from '../pages/session/SignIn';
import { AlertLink } from '../pages/alerts/AlertLink';
import { isSort, type Sort } from '../pages/slos/sort';
import { isInstant, readRange, type RangeSearch } from './range';
import { NotFound, Root, SignedIn } from './Shell';

export interface SloListSearch {
  q?: string | undefined;
  service?: string | undefined;
  status?: string | undefined;
  sort?: Sort | undefined;
}

export interface SloSearch extends RangeSearch {
  /** The instant whose reasons are open. */
  explain?: string | undefined;
  /** The alert whose timeline is open. */
  alert?: string | undefined;
}

const root = createRootRoute({ component: Root, notFoundComponent: NotFound });

const setup = createRoute({
  getParentRoute: () => root,
  path: '/setup',
  validateSearch: (search: Record<string, unknown>) => ({ code: text(search['code']) }),
  component: Setup,
});

const signIn = createRoute({
  getParentRoute: () => root,
  path: '/sign-in',
  validateSearch: (search: Record<string, unknown>) => ({ next: ownPath(search['next']) }),
  component: SignIn,
});

const signedIn = createRoute({ getParentRoute: () => root, id: 'signed-in', component: SignedIn });

const home = createRoute({
  getParentRoute: () => signedIn,
  path: '/',
  beforeLoad: () => {
    throw redirect({ to: '/slos' });
  },
});

const slos = createRoute({
  getParentRoute: () => signedIn,
  path: '/slos',
  validateSearch: (search: Record<string, unknown>): SloListSearch => ({
    q: text(search['q']),
    service: text(search['service']),
    status: text(search['status']),
    sort: isSort(search['sort']) ? search['sort'] : undefined,
  }),
  component: lazyRouteComponent(() => import('../pages/slos/SloList'), 'SloList'),
});

const slo = createRoute({
  getParentRoute: () => signedIn,
  path: '/slos/$name',
  validateSearch: (search: Record<string, unknown>): SloSearch => ({
    ...readRange(search),
    explain: isInstant(search['explain']) ? search['explain'] : undefined,
    alert: text(search['alert']),
  }),
  component: lazyRouteComponent(() => import('../pages/slos/SloPage'), 'SloPage'),
});

/** Where the links in messages lead: the SLO the alert is about. */
const alert = createRoute({
  getParentRoute: () => signedIn,
  path: '/alerts/$id',
  component: AlertLink,
});

export function makeRouter() {
  const tree = root.addChildren([setup, signIn, signedIn.addChildren([home, slos, slo, alert])]);
  return createRouter({ routeTree: tree, defaultPreload: 'intent', scrollRestoration: true });
}

declare module '@tanstack/react-router' {
  interface Register {
    router: ReturnType<typeof makeRouter>;
  }
}

/** A search value as text; a code of digits alone arrives as a number. */
function text(value: unknown): string | undefined {
  if (typeof value === 'number') return String(value);
  return typeof value === 'string' && value !== '' ? value : undefined;
}

/** A path of this app, so that no link can send a reader elsewhere after signing in. */
function ownPath(value: unknown): string | undefined {
  return typeof value === 'string' && /^\/(?![/\\])/.test(value) ? value : undefined;
}
