/** What is or was owed to receivers, with every attempt. */
import { useQuery } from '@tanstack/react-query';
import { client, take } from './client';
import { from, useListing, wanted } from './pages';

const PAGE_SIZE = 100;

/** The messages of an alert, oldest first. */
export function useTold(alert: string) {
  return useQuery({
    queryKey: ['notifications', 'of', alert],
    queryFn: async ({ signal }) => {
      const query = { alert, limit: 500 };
      const page = await take(client.GET('/api/v1/notifications', { params: { query }, signal }));
      return page.items.toReversed();
    },
  });
}

export interface NotificationFilters {
  receiver?: string | undefined;
  state?: string | undefined;
}

/** The messages that fit, newest first, a page at a time. */
export function useNotifications(filters: NotificationFilters = {}, enabled = true) {
  return useListing(
    ['notifications', 'list', filters],
    (cursor, signal) => {
      const query = { ...wanted(filters), limit: PAGE_SIZE, ...from(cursor) };
      return take(client.GET('/api/v1/notifications', { params: { query }, signal }));
    },
    { enabled },
  );
}
