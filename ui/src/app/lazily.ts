/** Pages that are loaded when they are opened; one that cannot be says so, and takes nothing away. */
import { lazyRouteComponent as routed } from '@tanstack/react-router';
import { Failure } from '../api/client';

/** What is said of code that did not come. Why is for whoever looks for a fault of the app. */
export function notLoaded(cause: unknown): Failure {
  console.error(cause);
  return new Failure({
    status: 0,
    code: 'not_loaded',
    title: 'This part of the app did not load.',
    detail:
      'The server is not reached, or it was replaced by a newer one since the app was opened.',
    hint: 'Where trying again does not help, load the page anew in the browser.',
  });
}

/**
 * The router's own, except that a page which does not come is an error that is shown. The router
 * would have the browser load everything anew, which against a server that is down leaves nothing.
 */
export const lazyRouteComponent: typeof routed = (load, name) =>
  routed(() => load().catch((cause: unknown) => Promise.reject(notLoaded(cause))), name);
