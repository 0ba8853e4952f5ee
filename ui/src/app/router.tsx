/**
 * Which address shows which page. What of a page its address keeps is in `search.ts`; where the
 * code of the most read ones is, in `pages.ts`.
 */
import { createRootRoute, createRoute, createRouter, redirect } from '@tanstack/react-router';
import {
  alertListSearch,
  auditSearch,
  explainSearch,
  notificationsSearch,
  ownPath,
  releaseListSearch,
  serviceListSearch,
  sloListSearch,
  sloSearch,
  targetsSearch,
  text,
  wholeListSearch,
} from './search';
import { Broken } from './Broken';
import { lazyRouteComponent } from './lazily';
import * as pages from './pages';
import { readRange } from './range';
import { NotFound, Root, SignedIn } from './Shell';

const root = createRootRoute({ component: Root, notFoundComponent: NotFound });

const setup = createRoute({
  getParentRoute: () => root,
  path: '/setup',
  validateSearch: (search: Record<string, unknown>) => ({ code: text(search['code']) }),
  component: lazyRouteComponent(() => import('../pages/session/Setup'), 'Setup'),
});

const setPassword = createRoute({
  getParentRoute: () => root,
  path: '/password',
  validateSearch: (search: Record<string, unknown>) => ({ code: text(search['code']) }),
  component: lazyRouteComponent(() => import('../pages/session/SetPassword'), 'SetPassword'),
});

const signIn = createRoute({
  getParentRoute: () => root,
  path: '/sign-in',
  validateSearch: (search: Record<string, unknown>) => ({ next: ownPath(search['next']) }),
  component: lazyRouteComponent(() => import('../pages/session/SignIn'), 'SignIn'),
});

const signedIn = createRoute({ getParentRoute: () => root, id: 'signed-in', component: SignedIn });

const overview = createRoute({
  getParentRoute: () => signedIn,
  path: pages.overview.path,
  component: lazyRouteComponent(pages.overview.load, 'OverviewPage'),
});

const services = createRoute({
  getParentRoute: () => signedIn,
  path: pages.services.path,
  validateSearch: serviceListSearch,
  component: lazyRouteComponent(pages.services.load, 'ServiceList'),
});

const service = createRoute({
  getParentRoute: () => signedIn,
  path: pages.service.path,
  validateSearch: readRange,
  component: lazyRouteComponent(pages.service.load, 'ServicePage'),
});

const slos = createRoute({
  getParentRoute: () => signedIn,
  path: pages.slos.path,
  validateSearch: sloListSearch,
  component: lazyRouteComponent(pages.slos.load, 'SloList'),
});

const slo = createRoute({
  getParentRoute: () => signedIn,
  path: pages.slo.path,
  validateSearch: sloSearch,
  component: lazyRouteComponent(pages.slo.load, 'SloPage'),
});

const targets = createRoute({
  getParentRoute: () => signedIn,
  path: pages.targets.path,
  validateSearch: targetsSearch,
  component: lazyRouteComponent(pages.targets.load, 'TargetsPage'),
});

const importing = createRoute({
  getParentRoute: () => signedIn,
  path: pages.importing.path,
  component: lazyRouteComponent(pages.importing.load, 'ImportPage'),
});

const definition = createRoute({
  getParentRoute: () => signedIn,
  path: pages.definition.path,
  component: lazyRouteComponent(pages.definition.load, 'DefinitionPage'),
});

const alerts = createRoute({
  getParentRoute: () => signedIn,
  path: pages.alerts.path,
  validateSearch: alertListSearch,
  component: lazyRouteComponent(pages.alerts.load, 'AlertList'),
});

const alert = createRoute({
  getParentRoute: () => signedIn,
  path: pages.alert.path,
  validateSearch: explainSearch,
  component: lazyRouteComponent(pages.alert.load, 'AlertPage'),
});

const releases = createRoute({
  getParentRoute: () => signedIn,
  path: pages.releases.path,
  validateSearch: releaseListSearch,
  component: lazyRouteComponent(pages.releases.load, 'ReleaseList'),
});

const decision = createRoute({
  getParentRoute: () => signedIn,
  path: pages.decision.path,
  component: lazyRouteComponent(pages.decision.load, 'DecisionPage'),
});

const deployment = createRoute({
  getParentRoute: () => signedIn,
  path: pages.deployment.path,
  component: lazyRouteComponent(pages.deployment.load, 'DeploymentPage'),
});

const admin = createRoute({
  getParentRoute: () => signedIn,
  path: '/admin',
  component: lazyRouteComponent(() => import('../pages/admin/AdminPage'), 'AdminPage'),
});

const adminIndex = createRoute({
  getParentRoute: () => admin,
  path: '/',
  beforeLoad: () => {
    throw redirect({ to: '/admin/telemetry' });
  },
});

const telemetry = createRoute({
  getParentRoute: () => admin,
  path: 'telemetry',
  component: lazyRouteComponent(() => import('../pages/admin/telemetry/Telemetry'), 'Telemetry'),
});

const storage = createRoute({
  getParentRoute: () => admin,
  path: 'storage',
  component: lazyRouteComponent(() => import('../pages/admin/storage/Storage'), 'Storage'),
});

const receivers = createRoute({
  getParentRoute: () => admin,
  path: 'receivers',
  validateSearch: wholeListSearch,
  component: lazyRouteComponent(() => import('../pages/admin/receivers/Receivers'), 'Receivers'),
});

const receiver = createRoute({
  getParentRoute: () => admin,
  path: 'receivers/$name',
  component: lazyRouteComponent(
    () => import('../pages/admin/receivers/ReceiverPage'),
    'ReceiverPage',
  ),
});

const notifications = createRoute({
  getParentRoute: () => admin,
  path: 'notifications',
  validateSearch: notificationsSearch,
  component: lazyRouteComponent(
    () => import('../pages/admin/notifications/Notifications'),
    'Notifications',
  ),
});

const teams = createRoute({
  getParentRoute: () => admin,
  path: 'teams',
  validateSearch: wholeListSearch,
  component: lazyRouteComponent(() => import('../pages/admin/teams/Teams'), 'Teams'),
});

const team = createRoute({
  getParentRoute: () => admin,
  path: 'teams/$name',
  component: lazyRouteComponent(() => import('../pages/admin/teams/TeamPage'), 'TeamPage'),
});

const people = createRoute({
  getParentRoute: () => admin,
  path: 'people',
  validateSearch: wholeListSearch,
  component: lazyRouteComponent(() => import('../pages/admin/people/People'), 'People'),
});

const tokens = createRoute({
  getParentRoute: () => admin,
  path: 'tokens',
  validateSearch: wholeListSearch,
  component: lazyRouteComponent(() => import('../pages/admin/tokens/Tokens'), 'Tokens'),
});

const webhooks = createRoute({
  getParentRoute: () => admin,
  path: 'webhooks',
  validateSearch: wholeListSearch,
  component: lazyRouteComponent(() => import('../pages/admin/webhooks/Webhooks'), 'Webhooks'),
});

const audit = createRoute({
  getParentRoute: () => admin,
  path: 'audit',
  validateSearch: auditSearch,
  component: lazyRouteComponent(() => import('../pages/admin/audit/Audit'), 'Audit'),
});

const account = createRoute({
  getParentRoute: () => signedIn,
  path: pages.account.path,
  component: lazyRouteComponent(pages.account.load, 'AccountPage'),
});

const handbook = createRoute({
  getParentRoute: () => signedIn,
  path: '/handbook',
  beforeLoad: () => {
    throw redirect({ to: '/handbook/$page', params: { page: 'start' } });
  },
});

const handbookPage = createRoute({
  getParentRoute: () => signedIn,
  path: pages.handbook.path,
  component: lazyRouteComponent(pages.handbook.load, 'HandbookPage'),
});

export function makeRouter() {
  const within = signedIn.addChildren([
    ...[overview, services, service, slos, slo, targets, importing, definition],
    ...[alerts, alert, releases, decision, deployment, account, handbook, handbookPage],
    admin.addChildren([
      ...[adminIndex, telemetry, storage, receivers, receiver, notifications],
      ...[teams, team, people, tokens, webhooks, audit],
    ]),
  ]);
  const tree = root.addChildren([setup, setPassword, signIn, within]);
  return createRouter({
    routeTree: tree,
    defaultPreload: 'intent',
    defaultErrorComponent: Broken,
    scrollRestoration: true,
    // Another thing is another page: what was read, tried or typed about one never stands under the
    // name of the next.
    defaultRemountDeps: ({ params }) => params,
  });
}

declare module '@tanstack/react-router' {
  interface Register {
    router: ReturnType<typeof makeRouter>;
  }
}
