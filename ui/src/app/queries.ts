/**
 * How queries behave: a refusal asks who is there, and only an unreachable server is asked again.
 */
import { MutationCache, QueryCache, QueryClient } from '@tanstack/react-query';
import { Failure } from '../api/client';
import { noteRefusal } from '../api/session';

export function queryClient(): QueryClient {
  const client: QueryClient = new QueryClient({
    queryCache: new QueryCache({ onError: (error) => noteRefusal(client, error) }),
    mutationCache: new MutationCache({
      onError: (error, _given, _kept, { options }) =>
        noteRefusal(client, error, options.mutationKey),
    }),
    defaultOptions: {
      queries: { retry: worthRetrying, staleTime: 10_000, refetchOnWindowFocus: true },
    },
  });
  return client;
}

function worthRetrying(failures: number, error: unknown): boolean {
  const passing = error instanceof Failure && [0, 502, 503, 504].includes(error.problem.status);
  return passing && failures < 2;
}
