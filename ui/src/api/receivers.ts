/** Receivers: who is told over which channels, how that went, and whether it works. */
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { client, take } from './client';

const RECEIVERS = ['receivers', 'list'];

export function useReceivers(enabled = true) {
  return useQuery({
    enabled,
    queryKey: RECEIVERS,
    queryFn: async ({ signal }) => (await take(client.GET('/api/v1/receivers', { signal }))).items,
  });
}

/** Sends a test message over every channel, and hears what each provider answers. */
export function useTestReceiver(name: string) {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: () =>
      take(client.POST('/api/v1/receivers/{name}/test', { params: { path: { name } } })),
    onSettled: () => queries.invalidateQueries({ queryKey: RECEIVERS }),
  });
}
