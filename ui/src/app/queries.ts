/**
 * How queries behave: a refusal sends to the sign-in page, and only an unreachable server is asked
 * again.
 */
import { QueryCache, QueryClient } from '@tanstack/react-query';
import { Failure } from '../api/client';

export function queryClient(): QueryClient {
  const client: QueryClient = new QueryClient({
    queryCache: new QueryCache({
      onError: (error) => {
        if (error instanceof Failure && error.problem.status === 401)
          client.setQueryData(['me'], null);
      },
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
