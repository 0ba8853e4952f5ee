/** The catalog. */
import { useQuery } from '@tanstack/react-query';
import { client, take } from './client';

export function useServices(enabled = true) {
  return useQuery({
    queryKey: ['services'],
    queryFn: async ({ signal }) => (await take(client.GET('/api/v1/services', { signal }))).items,
    enabled,
  });
}
