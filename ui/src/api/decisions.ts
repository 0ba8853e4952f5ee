/** What the gate said about a service. */
import { useQuery } from '@tanstack/react-query';
import { client, take } from './client';

/** The decisions of a service, newest first. */
export function useDecisions(service: string) {
  return useQuery({
    queryKey: ['decisions', service],
    queryFn: async ({ signal }) => {
      const page = await take(
        client.GET('/api/v1/decisions', { params: { query: { service } }, signal }),
      );
      return page.items.toSorted((a, b) => b.decided_at.localeCompare(a.decided_at));
    },
  });
}
