/** SLOs, their minutes, and the reasons behind their numbers. */
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { client, take } from './client';
import { from, useListing, wanted } from './pages';

/** What a list reads at a time. */
const PAGE_SIZE = 100;
/** Windows slide although nothing arrives, so what stands is asked for without an event, too. */
const SELDOM_MS = 60_000;

export interface SloFilters {
  service?: string | undefined;
  owner?: string | undefined;
  status?: string | undefined;
  q?: string | undefined;
  sort?: string | undefined;
}

/** The SLOs that fit, in the server's order, a page at a time. */
export function useSlos(filters: SloFilters, limit = PAGE_SIZE, enabled = true) {
  return useListing(
    ['slos', 'list', filters, limit],
    (cursor, signal) => {
      const query = { ...wanted(filters), limit, ...from(cursor) };
      return take(client.GET('/api/v1/slos', { params: { query }, signal }));
    },
    { everyMs: SELDOM_MS, enabled },
  );
}

/** How many SLOs and services stand how. */
export function useStanding(filters: Pick<SloFilters, 'service' | 'owner' | 'q'> = {}) {
  return useQuery({
    queryKey: ['slos', 'list', 'standing', filters],
    queryFn: ({ signal }) =>
      take(client.GET('/api/v1/standing', { params: { query: wanted(filters) }, signal })),
    placeholderData: keepPreviousData,
    refetchInterval: SELDOM_MS,
  });
}

export function useSlo(name: string) {
  return useQuery({
    queryKey: ['slos', 'one', name],
    queryFn: ({ signal }) =>
      take(client.GET('/api/v1/slos/{name}', { params: { path: { name } }, signal })),
    refetchInterval: SELDOM_MS,
  });
}

export interface Span {
  from: string;
  to: string;
  stepMinutes: number;
}

/** The points of a span; `null` while it is not known yet. */
export function useHistory(name: string, span: Span | null) {
  return useQuery({
    queryKey: ['slos', 'history', name, span],
    queryFn: ({ signal }) => {
      const { from, to, stepMinutes } = span as Span;
      const params = { path: { name }, query: { from, to, step_minutes: stepMinutes } };
      return take(client.GET('/api/v1/slos/{name}/history', { params, signal }));
    },
    placeholderData: keepPreviousData,
    enabled: span !== null,
  });
}

/** What the budget of its window was spent on: the largest causes, and the others as one. */
export function useLedger(name: string, entries: number) {
  return useQuery({
    queryKey: ['slos', 'ledger', name, entries],
    queryFn: ({ signal }) => {
      const params = { path: { name }, query: { limit: entries } };
      return take(client.GET('/api/v1/slos/{name}/ledger', { params, signal }));
    },
    placeholderData: keepPreviousData,
    refetchInterval: SELDOM_MS,
  });
}

/** Its budget by each budgeting method. */
export function useMethods(name: string) {
  return useQuery({
    queryKey: ['slos', 'methods', name],
    queryFn: ({ signal }) =>
      take(client.GET('/api/v1/slos/{name}/methods', { params: { path: { name } }, signal })),
    placeholderData: keepPreviousData,
    refetchInterval: SELDOM_MS,
  });
}

export function useExplanation(name: string, at: string, minutes: number) {
  return useQuery({
    queryKey: ['slos', 'explain', name, at, minutes],
    queryFn: ({ signal }) => {
      const params = { path: { name }, query: { at, minutes } };
      return take(client.GET('/api/v1/slos/{name}/explain', { params, signal }));
    },
  });
}
