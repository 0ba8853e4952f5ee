/** SLOs, their minutes, and the reasons behind their numbers. */
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { client, take } from './client';
import type { Slo } from './types';

/** What a list shows at most; more than that is a matter for the search. */
export const LIST_MAX = 2000;
const PAGE_SIZE = 500;
/** Windows slide although nothing arrives, so what stands is asked for without an event, too. */
const SELDOM_MS = 60_000;

export interface SloFilters {
  service?: string | undefined;
  status?: string | undefined;
  q?: string | undefined;
}

export interface SloList {
  slos: Slo[];
  /** Whether there are more than are listed. */
  more: boolean;
}

export function useSlos(filters: SloFilters, limit = LIST_MAX, enabled = true) {
  return useQuery({
    queryKey: ['slos', 'list', filters, limit],
    queryFn: ({ signal }) => listSlos(filters, limit, signal),
    placeholderData: keepPreviousData,
    refetchInterval: SELDOM_MS,
    enabled,
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

export function useExplanation(name: string, at: string, minutes: number) {
  return useQuery({
    queryKey: ['slos', 'explain', name, at, minutes],
    queryFn: ({ signal }) => {
      const params = { path: { name }, query: { at, minutes } };
      return take(client.GET('/api/v1/slos/{name}/explain', { params, signal }));
    },
  });
}

async function listSlos(filters: SloFilters, limit: number, signal: AbortSignal): Promise<SloList> {
  const slos: Slo[] = [];
  let cursor: string | undefined;
  do {
    const size = Math.min(PAGE_SIZE, limit - slos.length);
    const query = { ...wanted(filters), limit: size, ...(cursor === undefined ? {} : { cursor }) };
    const page = await take(client.GET('/api/v1/slos', { params: { query }, signal }));
    slos.push(...page.items);
    cursor = page.items.length === 0 ? undefined : (page.next_cursor ?? undefined);
  } while (cursor !== undefined && slos.length < limit);
  return { slos, more: cursor !== undefined };
}

/** The filters that are set. */
function wanted(filters: SloFilters): Record<string, string> {
  return Object.fromEntries(
    Object.entries(filters).filter((entry): entry is [string, string] => !!entry[1]),
  );
}
