/** Definitions: the documents in force. */
import { useQuery } from '@tanstack/react-query';
import { client, take } from './client';

/** One document as it was applied. */
export function useDefinition(kind: string, name: string) {
  return useQuery({
    queryKey: ['definitions', 'one', kind, name],
    queryFn: ({ signal }) => {
      const params = { path: { kind, name } };
      return take(client.GET('/api/v1/definitions/{kind}/{name}', { params, signal }));
    },
  });
}
