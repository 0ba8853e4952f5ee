/** Definitions: their text, and whose they are. */
import { useQuery } from '@tanstack/react-query';
import { client, take } from './client';

export function useDefinition(kind: string, name: string) {
  return useQuery({
    queryKey: ['definitions', 'one', kind, name],
    queryFn: ({ signal }) => {
      const path = { kind, name };
      return take(client.GET('/api/v1/definitions/{kind}/{name}', { params: { path }, signal }));
    },
  });
}
