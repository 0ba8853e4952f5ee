/** People: who signs in, what they may, and the links by which they set passwords. */
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { client, take } from './client';

const PEOPLE = ['people'];

export function usePeople() {
  return useQuery({
    queryKey: PEOPLE,
    queryFn: async ({ signal }) => (await take(client.GET('/api/v1/people', { signal }))).items,
  });
}

/** Adds somebody; the answer holds the link by which they set a password, and nothing else does. */
export function useAddPerson() {
  return useChange((body: { name: string; role: string }) =>
    take(client.POST('/api/v1/people', { body })),
  );
}

export function useChangeRole(id: string) {
  return useChange((role: string) =>
    take(client.PATCH('/api/v1/people/{id}', { params: { path: { id } }, body: { role } })),
  );
}

/** A new link; it is in this answer and nowhere else. */
export function usePasswordLink(id: string) {
  return useChange(() =>
    take(client.POST('/api/v1/people/{id}/password-link', { params: { path: { id } } })),
  );
}

export function useErase(id: string) {
  return useChange(() => take(client.DELETE('/api/v1/people/{id}', { params: { path: { id } } })));
}

function useChange<Body, Data>(change: (body: Body) => Promise<Data>) {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: change,
    onSuccess: () =>
      Promise.all(
        [PEOPLE, ['teams'], ['me']].map((queryKey) => queries.invalidateQueries({ queryKey })),
      ),
    gcTime: 0,
  });
}
