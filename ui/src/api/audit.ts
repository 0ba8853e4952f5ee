/** The audit log: who changed what. */
import { client, take } from './client';
import { from as after, useListing, wanted } from './pages';

const PAGE_SIZE = 100;

export interface AuditFilters {
  /** The id of a person or token. */
  actor?: string | undefined;
  subject?: string | undefined;
  /** From this instant on, and before that one. */
  from?: string | undefined;
  to?: string | undefined;
}

/** The lines that fit, newest first, a page at a time. */
export function useAudit(filters: AuditFilters) {
  return useListing(['audit', 'list', filters], (cursor, signal) => {
    const query = { ...wanted(filters), limit: PAGE_SIZE, ...after(cursor) };
    return take(client.GET('/api/v1/audit', { params: { query }, signal }));
  });
}
