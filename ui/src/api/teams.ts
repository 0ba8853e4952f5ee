/** Teams: what they own, and who is in them with which role. */
import { useQuery } from '@tanstack/react-query';
import { useChange } from './change';
import { client, take } from './client';

const TEAMS = ['teams'];

export function useTeams(enabled = true) {
  return useQuery({
    queryKey: TEAMS,
    queryFn: async ({ signal }) => (await take(client.GET('/api/v1/teams', { signal }))).items,
    enabled,
  });
}

export function useTeam(name: string) {
  return useQuery({
    queryKey: [...TEAMS, 'one', name],
    queryFn: ({ signal }) =>
      take(client.GET('/api/v1/teams/{name}', { params: { path: { name } }, signal })),
  });
}

/** Who is in a team changes what they may do, the reader included. */
const OLD = [TEAMS, ['people'], ['me']];

/** Puts somebody into a team, or gives them another role there. */
export function useSetMember(team: string) {
  return useChange(OLD, ({ id, role }: { id: string; role: string }) => {
    const params = { path: { name: team, id } };
    return take(client.PUT('/api/v1/teams/{name}/members/{id}', { params, body: { role } }));
  });
}

export function useRemoveMember(team: string) {
  return useChange(OLD, (id: string) => {
    const params = { path: { name: team, id } };
    return take(client.DELETE('/api/v1/teams/{name}/members/{id}', { params }));
  });
}
