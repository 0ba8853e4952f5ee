/** The catalog. */
import { useQuery } from '@tanstack/react-query';
import { client, take } from './client';
import { from, useListing, wanted } from './pages';

const PAGE_SIZE = 100;

export interface ServiceFilters {
  q?: string | undefined;
  owner?: string | undefined;
  tier?: string | undefined;
  status?: string | undefined;
  sort?: string | undefined;
}

/** The services that fit, in the server's order, a page at a time. */
export function useServices(filters: ServiceFilters = {}, limit = PAGE_SIZE, enabled = true) {
  return useListing(
    ['services', 'list', filters, limit],
    (cursor, signal) => {
      const query = { ...wanted(filters), limit, ...from(cursor) };
      return take(client.GET('/api/v1/services', { params: { query: query as object }, signal }));
    },
    { enabled },
  );
}

export function useService(name: string) {
  return useQuery({
    queryKey: ['services', 'one', name],
    queryFn: ({ signal }) =>
      take(client.GET('/api/v1/services/{name}', { params: { path: { name } }, signal })),
  });
}

/** What a service calls, and what calls it. */
export function useNeighbours(name: string) {
  return useQuery({
    queryKey: ['services', 'around', name],
    queryFn: async ({ signal }) => {
      const query = { neighbour_of: name, sort: 'gravity', limit: 500 };
      return (await take(client.GET('/api/v1/services', { params: { query }, signal }))).items;
    },
  });
}
