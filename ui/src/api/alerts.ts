/** Alerts and what happened to them. */
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { client, take } from './client';
import { from, useListing, wanted } from './pages';

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
      const query = { ...wanted(filters), limit, ...from(cursor) };
      return take(client.GET('/api/v1/alerts', { params: { query }, signal }));
    },
    { enabled },
  );
}

/** The latest alerts of an SLO. */
export function useAlerts(slo: string) {
  return useLatest({ slo });
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
