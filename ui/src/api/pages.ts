/**
 * Lists that come in pages: the first at once, the others as a reader comes near them.
 */
import { keepPreviousData, useInfiniteQuery, type QueryKey } from '@tanstack/react-query';
import { useMemo } from 'react';

export interface Page<T> {
  items: T[];
  next_cursor?: string | null;
}

/** What of a list comes after what was read. */
export interface Rest {
  /** Whether there is any. */
  more: boolean;
  /** Why the next page could not be read; null while nothing failed. */
  missed: unknown;
  /** Reads the next page, unless one is on its way. */
  next: () => void;
  /** Asks again for what failed. */
  retry: () => void;
}

/** A list as far as it was read. */
export interface Listing<T> extends Rest {
  items: T[];
  isPending: boolean;
  isError: boolean;
  error: unknown;
  /** Whether items were read, now or before what failed. */
  known: boolean;
  /** Whether they are of what is asked for, and not of what was before it. */
  settled: boolean;
}

export function useListing<T>(
  queryKey: QueryKey,
  read: (cursor: string | undefined, signal: AbortSignal) => Promise<Page<T>>,
  { everyMs, enabled = true }: { everyMs?: number; enabled?: boolean } = {},
): Listing<T> {
  const pages = useInfiniteQuery({
    queryKey,
    queryFn: ({ pageParam, signal }) => read(pageParam, signal),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.next_cursor ?? undefined,
    placeholderData: keepPreviousData,
    ...(everyMs === undefined ? {} : { refetchInterval: everyMs }),
    enabled,
  });
  const items = useMemo(() => pages.data?.pages.flatMap((page) => page.items) ?? [], [pages.data]);
  const missed = pages.isFetchNextPageError;
  return {
    items,
    more: pages.hasNextPage,
    missed: missed ? pages.error : null,
    isPending: pages.isPending,
    // What is there is as it was read, whatever became of the page after it.
    isError: pages.isError && !missed,
    error: missed ? null : pages.error,
    known: pages.data !== undefined,
    settled: pages.data !== undefined && !pages.isPlaceholderData,
    next: () => {
      // What failed is asked for again by the reader, and not as often as rows are drawn.
      if (pages.hasNextPage && !pages.isFetching && !pages.isError) void pages.fetchNextPage();
    },
    retry: () => void (missed ? pages.fetchNextPage() : pages.refetch()),
  };
}

/** The filters that are set, as a query. */
export function wanted(filters: object): Record<string, string> {
  return Object.fromEntries(
    Object.entries(filters).filter(
      (entry): entry is [string, string] => typeof entry[1] === 'string' && entry[1] !== '',
    ),
  );
}

/** What goes to the next page, if there is one. */
export function from(cursor: string | undefined): { cursor?: string } {
  return cursor === undefined ? {} : { cursor };
}
