/** People: who signs in, what they may, and the links by which they set passwords. */
import { useQuery } from '@tanstack/react-query';
import { useChange } from './change';
import { client, take } from './client';

const PEOPLE = ['people'];
/** What a change of a person makes old. */
const OLD = [PEOPLE, ['teams'], ['me']];

export function usePeople(enabled = true) {
  return useQuery({
    enabled,
    queryKey: PEOPLE,
    queryFn: async ({ signal }) => (await take(client.GET('/api/v1/people', { signal }))).items,
  });
}

/** Adds somebody; the answer holds the link by which they set a password, and nothing else does. */
export function useAddPerson() {
  return useChange(OLD, (body: { name: string; role: string }) =>
    take(client.POST('/api/v1/people', { body })),
  );
}

export function useChangeRole(id: string) {
  return useChange(OLD, (role: string) =>
    take(client.PATCH('/api/v1/people/{id}', { params: { path: { id } }, body: { role } })),
  );
}

/** A new link; it is in this answer and nowhere else. */
export function usePasswordLink(id: string) {
  return useChange(OLD, () =>
    take(client.POST('/api/v1/people/{id}/password-link', { params: { path: { id } } })),
  );
}

export function useErase(id: string) {
  return useChange(OLD, () =>
    take(client.DELETE('/api/v1/people/{id}', { params: { path: { id } } })),
  );
}
