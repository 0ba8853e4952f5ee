/** One's own sessions and password. */
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useChange } from './change';
import { client, take } from './client';

const SESSIONS = ['sessions'];

/** One's own sessions, this one first, then the newest. */
export function useSessions() {
  return useQuery({
    queryKey: SESSIONS,
    queryFn: async ({ signal }) => {
      const { items } = await take(client.GET('/api/v1/me/sessions', { signal }));
      return items.toSorted(
        (a, b) => Number(b.current) - Number(a.current) || b.created_at.localeCompare(a.created_at),
      );
    },
  });
}

/** Ends sessions of one's own, one after another. */
export function useEndSessions() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: async (ids: string[]) => {
      for (const id of ids)
        await take(client.DELETE('/api/v1/me/sessions/{id}', { params: { path: { id } } }));
    },
    onSettled: () => queries.invalidateQueries({ queryKey: SESSIONS }),
  });
}

/** Another password; the server ends one's other sessions with it. */
export function useChangePassword() {
  return useChange([SESSIONS], (body: { current: string; new: string }) =>
    take(client.POST('/api/v1/me/password', { body })),
  );
}
