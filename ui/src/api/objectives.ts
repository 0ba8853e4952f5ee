/** Choosing an objective: what targets allow over a window, computed by the server. */
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { client, take } from './client';

export function useTargets(window: string) {
  return useQuery({
    queryKey: ['definitions', 'targets', window],
    queryFn: ({ signal }) =>
      take(client.GET('/api/v1/objectives/targets', { params: { query: { window } }, signal })),
    placeholderData: keepPreviousData,
  });
}
