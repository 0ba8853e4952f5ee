/** What went out of a service. */
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { client, take } from './client';

/** The deployments of a service, newest first; of a span, or the latest. */
export function useDeployments(service: string, span: { from: string; to: string } | null = null) {
  return useQuery({
    queryKey: ['deployments', service, span?.from, span?.to],
    queryFn: async ({ signal }) => {
      const query = { service, ...(span === null ? {} : { from: span.from, to: span.to }) };
      const page = await take(client.GET('/api/v1/deployments', { params: { query }, signal }));
      return page.items.toSorted((a, b) => b.deployed_at.localeCompare(a.deployed_at));
    },
    placeholderData: keepPreviousData,
  });
}
