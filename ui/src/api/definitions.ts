/** Definitions: the documents in force. */
import { useQuery } from '@tanstack/react-query';
import { useChange } from './change';
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

/** Reads SLOs of other programs as documents; it changes nothing. */
export function useImport() {
  return useChange(
    [],
    (body: { files: { path: string; text: string }[]; service?: string; window?: string }) =>
      take(client.POST('/api/v1/definitions/import', { body })),
  );
}
