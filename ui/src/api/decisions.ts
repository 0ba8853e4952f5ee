/** What the gate said, and whether it would say so again. */
import { keepPreviousData, useMutation, useQuery } from '@tanstack/react-query';
import { client, take } from './client';
import { from, useListing, wanted } from './pages';

const PAGE_SIZE = 100;

export interface ReleaseFilters {
  service?: string | undefined;
  environment?: string | undefined;
  verdict?: string | undefined;
  /** `true` for those that bound, `false` for those of shadow mode. */
  enforced?: string | undefined;
}

/** The latest decisions that fit, newest first. */
export function useLatestDecisions(filters: ReleaseFilters, limit: number, enabled = true) {
  return useQuery({
    queryKey: ['decisions', filters.service, filters.environment, filters.verdict, limit],
    queryFn: async ({ signal }) => {
      const query = { ...wanted(filters), limit };
      const page = await take(client.GET('/api/v1/decisions', { params: { query }, signal }));
      return page.items.toSorted((a, b) => b.decided_at.localeCompare(a.decided_at));
    },
    placeholderData: keepPreviousData,
    enabled,
  });
}

/** Decisions that fit, newest first, a page at a time. */
export function useDecisionPages(filters: ReleaseFilters, enabled = true) {
  return useListing(
    ['decisions', filters.service, 'pages', filters.environment, filters.verdict, filters.enforced],
    (cursor, signal) => {
      const query = { ...wanted(filters), limit: PAGE_SIZE, ...from(cursor) };
      return take(client.GET('/api/v1/decisions', { params: { query }, signal }));
    },
    { enabled },
  );
}

/** A decision never changes. */
export function useDecision(id: string) {
  return useQuery({
    queryKey: ['decision', id],
    queryFn: ({ signal }) =>
      take(client.GET('/api/v1/decisions/{id}', { params: { path: { id } }, signal })),
    staleTime: Infinity,
  });
}

/** Decides again from the stored facts, and compares. */
export function useReplay(id: string) {
  return useMutation({
    mutationFn: () =>
      take(client.POST('/api/v1/decisions/{id}/replay', { params: { path: { id } } })),
  });
}
