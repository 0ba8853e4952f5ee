/** What the server keeps, the room it takes, and what is left. */
import { useQuery } from '@tanstack/react-query';
import { client, take } from './client';

export function useStorage() {
  return useQuery({
    queryKey: ['storage'],
    queryFn: ({ signal }) => take(client.GET('/api/v1/storage', { signal })),
    refetchInterval: 10_000,
  });
}
