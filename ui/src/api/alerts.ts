/** Alerts and what happened to them. */
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { client, take } from './client';
import { from as after, useListing, wanted } from './pages';
import type { Alert } from './types';

const PAGE_SIZE = 100;
/** More than these fire at once only when everything does. */
export const FIRING_MAX = 500;

export interface AlertFilters {
  slo?: string | undefined;
  service?: string | undefined;
  phase?: string | undefined;
  severity?: string | undefined;
}

/** The alerts that fit, newest first, a page at a time. */
export function useAlertPages(filters: AlertFilters, limit = PAGE_SIZE, enabled = true) {
  return useListing(
    ['alerts', 'list', filters, limit],
    (cursor, signal) => {
      const query = { ...wanted(filters), limit, ...after(cursor) };
      return take(client.GET('/api/v1/alerts', { params: { query }, signal }));
    },
    { enabled },
  );
}

/** So many alerts are looked through for a span at most. */
const LOOKED_PAGES = 4;

/**
 * The alerts of an SLO, newest first, from a day on; `cut` where there were too many to reach it.
 */
export function useAlertsSince(slo: string, from: string) {
  const day = from.slice(0, 10);
  return useQuery({
    queryKey: ['alerts', 'list', { slo }, 'since', day],
    queryFn: async ({ signal }) => {
      const items: Alert[] = [];
      let cursor: string | undefined;
      for (let page = 0; page < LOOKED_PAGES; page += 1) {
        const query = { slo, limit: FIRING_MAX, ...after(cursor) };
        const read = await take(client.GET('/api/v1/alerts', { params: { query }, signal }));
        items.push(...read.items);
        cursor = read.next_cursor ?? undefined;
        const oldest = items.at(-1);
        if (cursor === undefined || oldest === undefined || oldest.opened_at < day)
          return { items, cut: false };
      }
      return { items, cut: true };
    },
    placeholderData: keepPreviousData,
  });
}

/** The latest alerts that fit, at most `limit`. */
export function useLatest(filters: AlertFilters, limit = 100, enabled = true) {
  return useQuery({
    queryKey: ['alerts', 'list', filters, limit, 'latest'],
    queryFn: ({ signal }) => {
      const query = { ...wanted(filters), limit };
      return take(client.GET('/api/v1/alerts', { params: { query }, signal }));
    },
    placeholderData: keepPreviousData,
    enabled,
  });
}

/** One alert with its timeline. */
export function useAlert(id: string) {
  return useQuery({
    queryKey: ['alerts', 'one', id],
    queryFn: ({ signal }) =>
      take(client.GET('/api/v1/alerts/{id}', { params: { path: { id } }, signal })),
  });
}
