/**
 * The first code that runs, before that of the app is there: it has the page's code and its first
 * answers come at the same time as the app's.
 *
 * It imports only what is as small as itself. The build has the browser read `start` from the
 * beginning, too (`scripts/preload.ts`).
 */
import './app/styles';
import { begin } from './api/begun';
import { ME, pageAt } from './app/pages';

const page = pageAt(location);
if (page !== null) {
  // The router loads it again, and says what failed.
  page.load().catch(() => undefined);
  [ME, ...page.first].forEach(begin);
}
void import('./start');
