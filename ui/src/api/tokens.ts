/** Tokens, with which programs come in. */
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { client, take } from './client';
import type { NewToken } from './types';

const TOKENS = ['tokens'];

/** The tokens that the reader manages. */
export function useTokens() {
  return useQuery({
    queryKey: TOKENS,
    queryFn: async ({ signal }) => (await take(client.GET('/api/v1/tokens', { signal }))).items,
  });
}

/** Makes a token; the answer holds its secret, and nothing else ever does. */
export function useCreateToken() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (body: NewToken) => take(client.POST('/api/v1/tokens', { body })),
    onSuccess: () => queries.invalidateQueries({ queryKey: TOKENS }),
    gcTime: 0,
  });
}

export function useRevokeToken() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (id: string) =>
      take(client.DELETE('/api/v1/tokens/{id}', { params: { path: { id } } })),
    onSuccess: () => queries.invalidateQueries({ queryKey: TOKENS }),
  });
}
