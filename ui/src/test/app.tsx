/** The whole app over a server made of a test's answers. */
import { render } from '@testing-library/react';
import { createMemoryHistory } from '@tanstack/react-router';
import { vi } from 'vitest';
import { App } from '../app/App';
import { queryClient } from '../app/queries';
import { makeRouter } from '../app/router';
import type { Problem } from '../api/types';
import { standing } from './samples';

/** What a path answers: a body, one made from the query, a problem, or nothing ever. */
export type Answers = Record<string, unknown>;

export const NEVER = Symbol('never');
export const DONE = Symbol('done');
export const page = (...items: unknown[]) => ({ items, next_cursor: null });

export class Refused {
  readonly problem: Problem;

  constructor(status: number, code: string, title: string, hint?: string) {
    this.problem = { status, code, title, ...(hint === undefined ? {} : { hint }) };
  }
}

const SIGNED_IN: Answers = {
  '/api/v1/me': { id: 'per_mara', name: 'mara', kind: 'person', role: 'admin', teams: [] },
  '/api/v1/services': page(),
  '/api/v1/alerts': page(),
  '/api/v1/deployments': page(),
  '/api/v1/decisions': page(),
  '/api/v1/definitions': page(),
  '/api/v1/known-violations': page(),
  '/api/v1/notifications': page(),
  '/api/v1/people': page(),
  '/api/v1/receivers': page(),
  '/api/v1/slos': page(),
  '/api/v1/teams': page(),
  '/api/v1/standing': standing({}),
};

/**
 * Opens an address; returns the requests that are made, what the app keeps of them, and the answers,
 * which a test may change.
 */
export function open(address: string, answers: Answers) {
  const server = { ...SIGNED_IN, ...answers };
  const requests: Request[] = [];
  vi.stubGlobal('fetch', (request: Request) => {
    requests.push(request);
    return answer(server, request);
  });
  const router = makeRouter();
  router.update({ history: createMemoryHistory({ initialEntries: [address] }) });
  const queries = queryClient();
  render(<App queries={queries} router={router} />);
  return { requests, server, router, queries };
}

function answer(server: Answers, request: Request): Promise<Response> {
  const { pathname } = new URL(request.url);
  const key = request.method === 'GET' ? pathname : `${request.method} ${pathname}`;
  const found = server[key] ?? new Refused(404, 'unknown', `Nothing answers ${key}.`);
  const body: unknown =
    typeof found === 'function' ? found(new URL(request.url).searchParams) : found;
  if (body === NEVER) return new Promise(() => undefined);
  if (body === DONE) return Promise.resolve(new Response(null, { status: 204 }));
  const [status, type, json] =
    body instanceof Refused
      ? [body.problem.status, 'application/problem+json', body.problem]
      : [200, 'application/json', body];
  return Promise.resolve(
    new Response(JSON.stringify(json), { status, headers: { 'content-type': type } }),
  );
}
