/** Tokens, with which programs come in. */
import { useQuery } from '@tanstack/react-query';
import { useChange } from './change';
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
  return useChange([TOKENS], (body: NewToken) => take(client.POST('/api/v1/tokens', { body })));
}

export function useRevokeToken() {
  return useChange([TOKENS], (id: string) =>
    take(client.DELETE('/api/v1/tokens/{id}', { params: { path: { id } } })),
  );
}
