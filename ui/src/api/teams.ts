/** Teams: what they own, and who is in them with which role. */
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { client, take } from './client';

const TEAMS = ['teams'];

export function useTeams() {
  return useQuery({
    queryKey: TEAMS,
    queryFn: async ({ signal }) => (await take(client.GET('/api/v1/teams', { signal }))).items,
  });
}

/** Puts somebody into a team, or gives them another role there. */
export function useSetMember(team: string) {
  return useChange((member: { id: string; role: string }) =>
    take(
      client.PUT('/api/v1/teams/{name}/members/{id}', {
        params: { path: { name: team, id: member.id } },
        body: { role: member.role },
      }),
    ),
  );
}

export function useRemoveMember(team: string) {
  return useChange((id: string) =>
    take(
      client.DELETE('/api/v1/teams/{name}/members/{id}', { params: { path: { name: team, id } } }),
    ),
  );
}

/** A change of who is in a team: it shows in teams, in people, and in who the reader is. */
function useChange<Body>(change: (body: Body) => Promise<unknown>) {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: change,
    onSuccess: () =>
      Promise.all(
        [TEAMS, ['people'], ['me']].map((queryKey) => queries.invalidateQueries({ queryKey })),
      ),
  });
}
