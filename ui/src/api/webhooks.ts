/** Senders of signed webhooks: what may tell and ask without a token. */
import { useQuery } from '@tanstack/react-query';
import { useChange } from './change';
import { client, take } from './client';
import type { NewWebhook } from './types';

const WEBHOOKS = ['webhooks'];

/** The senders that the reader manages. */
export function useWebhooks() {
  return useQuery({
    queryKey: WEBHOOKS,
    queryFn: async ({ signal }) => (await take(client.GET('/api/v1/webhooks', { signal }))).items,
  });
}

/** Makes a sender; the answer holds its secret, and nothing else ever does. */
export function useCreateWebhook() {
  return useChange([WEBHOOKS], (body: NewWebhook) =>
    take(client.POST('/api/v1/webhooks', { body })),
  );
}

/** Makes a sender's next secret, in this answer alone; the one until now is taken for some hours. */
export function useRotateWebhook(id: string) {
  return useChange([WEBHOOKS], (overlap_hours: number) =>
    take(
      client.POST('/api/v1/webhooks/{id}/rotate', {
        params: { path: { id } },
        body: { overlap_hours },
      }),
    ),
  );
}

export function useRevokeWebhook() {
  return useChange([WEBHOOKS], (id: string) =>
    take(client.DELETE('/api/v1/webhooks/{id}', { params: { path: { id } } })),
  );
}
