/** SLOs that are not met for known reasons: what is owed, and by when. */
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { client, take } from './client';
import { wanted } from './pages';

interface KnownViolationFilters {
  slo?: string;
  overdue?: 'true' | 'false';
}

/** Those that fit, what is due first first, at most `limit`; `more` where there are more. */
export function useKnownViolations(filters: KnownViolationFilters, limit = 50) {
  return useQuery({
    queryKey: ['violations', 'list', filters, limit],
    queryFn: async ({ signal }) => {
      const query = { ...wanted(filters), limit };
      const page = await take(
        client.GET('/api/v1/known-violations', { params: { query }, signal }),
      );
      return { items: page.items, more: page.next_cursor != null };
    },
    placeholderData: keepPreviousData,
  });
}
