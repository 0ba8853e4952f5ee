/** Who is signed in, and the ways in and out. */
import { useMutation, useQuery, useQueryClient, type QueryClient } from '@tanstack/react-query';
import { forgetBegun } from './begun';
import { client, Failure, take } from './client';
import type { Me } from './types';

const ME = ['me'];
/** By which it is found how signing out went, wherever it was asked for. */
export const SIGN_OUT = ['sign out'];

/** The reader, or null when nobody is signed in. */
export function useMe() {
  return useQuery({
    queryKey: ME,
    queryFn: () => take(client.GET('/api/v1/me')).catch(nobodyWhenRefused),
    staleTime: Infinity,
  });
}

/** Whether anyone has a password yet. */
export function useSignInState() {
  return useQuery({
    queryKey: ['session', 'state'],
    queryFn: () => take(client.GET('/api/v1/session/state')),
  });
}

export function useSignIn() {
  return useEntry((body: { name: string; password: string }) =>
    take(client.POST('/api/v1/session', { body })),
  );
}

export function useSetup() {
  return useEntry((body: { code: string; name: string; password: string }) =>
    take(client.POST('/api/v1/setup', { body })),
  );
}

export function useSetPassword() {
  return useEntry((body: { code: string; password: string }) =>
    take(client.POST('/api/v1/password', { body })),
  );
}

export function useSignOut() {
  const queries = useQueryClient();
  return useMutation({
    mutationKey: SIGN_OUT,
    mutationFn: () => take(client.DELETE('/api/v1/session')),
    onSuccess: () => changeReader(queries, null),
  });
}

/** Signing in, by either way, gives a cookie; then it is asked who came in. */
function useEntry<Body>(enter: (body: Body) => Promise<unknown>) {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: async (body: Body): Promise<Me> => {
      await enter(body);
      return take(client.GET('/api/v1/me'));
    },
    onSuccess: (me) => changeReader(queries, me),
  });
}

/** Nothing that one reader was shown is kept for the next, nor how their signing out failed. */
function changeReader(queries: QueryClient, me: Me | null): void {
  forgetBegun();
  const done = queries.getMutationCache();
  done.findAll({ mutationKey: SIGN_OUT, status: 'error' }).forEach((one) => done.remove(one));
  queries.removeQueries({ predicate: ({ queryKey }) => queryKey[0] !== ME[0] });
  queries.setQueryData(ME, me);
}

function nobodyWhenRefused(error: unknown): null {
  if (error instanceof Failure && error.problem.status === 401) return null;
  throw error;
}
