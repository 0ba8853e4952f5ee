/** Teams: what they own, and who is in them with which role. */
import { useQuery } from '@tanstack/react-query';
import { client, take } from './client';

export function useTeams() {
  return useQuery({
    queryKey: ['teams'],
    queryFn: async ({ signal }) => (await take(client.GET('/api/v1/teams', { signal }))).items,
  });
}
