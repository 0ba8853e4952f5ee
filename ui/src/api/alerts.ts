/** Alerts and what happened to them. */
import { useQuery } from '@tanstack/react-query';
import { client, take } from './client';

export function useAlerts(slo: string) {
  return useQuery({
    queryKey: ['alerts', 'list', slo],
    queryFn: ({ signal }) =>
      take(client.GET('/api/v1/alerts', { params: { query: { slo, limit: 100 } }, signal })),
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
