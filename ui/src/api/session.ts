/** Who is signed in, and the ways in and out. */
import {
  skipToken,
  useMutation,
  useQuery,
  useQueryClient,
  type MutationKey,
  type QueryClient,
} from '@tanstack/react-query';
import { forgetBegun } from './begun';
import { client, Failure, take } from './client';
import type { Me } from './types';

const ME = ['me'];
/** Whether the reader’s session ended under them. */
const ENDED = ['session', 'ended'];
/** By which it is found how signing out went, wherever it was asked for. */
export const SIGN_OUT = ['sign out'];
/** The ways in: what they are refused says nothing about a session. */
const ENTRY = ['entry'];

/** The reader, or null when nobody is signed in. */
export function useMe() {
  return useQuery({
    queryKey: ME,
    queryFn: ({ client: queries }) =>
      take(client.GET('/api/v1/me')).catch((error: unknown) => {
        if (!isRefusal(error)) throw error;
        return refused(queries);
      }),
    staleTime: Infinity,
  });
}

/**
 * Whether the session ended under the reader: by time, or from another place. They are known all the
 * same, and what they were at stays until they are back or leave it.
 */
export function useEnded(): boolean {
  return useQuery<boolean>({ queryKey: ENDED, queryFn: skipToken }).data ?? false;
}

/** Notes that the server knows no session; says whose it was, if anybody’s. */
function refused(queries: QueryClient): Me | null {
  const me = queries.getQueryData<Me | null>(ME) ?? null;
  queries.setQueryData(me === null ? ME : ENDED, me === null ? null : true);
  return me;
}

/** The same where anything was asked and refused; what is entered is none of it. */
export function noteRefusal(queries: QueryClient, error: unknown, asked?: MutationKey): void {
  if (isRefusal(error) && asked?.[0] !== ENTRY[0]) refused(queries);
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

/** The reader whose session ended comes back to where they were. */
export function useComeBack(me: Me) {
  const queries = useQueryClient();
  return useMutation({
    mutationKey: ENTRY,
    mutationFn: async (password: string): Promise<Me> => {
      await take(client.POST('/api/v1/session', { body: { name: me.name, password } }));
      return take(client.GET('/api/v1/me'));
    },
    onSuccess: (now) => {
      if (now.id !== me.id) return changeReader(queries, now);
      queries.setQueryData(ME, now);
      queries.setQueryData(ENDED, false);
      void queries.invalidateQueries({ predicate: ({ queryKey }) => queryKey[0] !== ME[0] });
    },
  });
}

/** Leaves what the reader was at, whose session ended: for somebody else. */
export function useLeave(): () => void {
  const queries = useQueryClient();
  return () => changeReader(queries, null);
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
    mutationKey: ENTRY,
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
  queries.setQueryData(ENDED, false);
  queries.removeQueries({
    predicate: ({ queryKey: [what] }) => what !== ME[0] && what !== ENDED[0],
  });
  queries.setQueryData(ME, me);
}

function isRefusal(error: unknown): boolean {
  return error instanceof Failure && error.problem.status === 401;
}
