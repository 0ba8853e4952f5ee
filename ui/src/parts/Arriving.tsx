/** What stands where something is asked for: rows to come while it is on its way, or what failed. */
import type { ReactNode } from 'react';
import { LoadingRows } from './Loading';
import { Problem } from './Problem';

/** How far an answer is. */
export interface Arrival {
  isPending: boolean;
  isError: boolean;
  error: unknown;
  /** Whether something was read, now or before what failed. */
  known: boolean;
  retry: () => void;
}

interface Query {
  isPending: boolean;
  isError: boolean;
  error: unknown;
  data: unknown;
  refetch: () => unknown;
}

/** How far a query is. */
export function arrival({ isPending, isError, error, data, refetch }: Query): Arrival {
  return { isPending, isError, error, known: data !== undefined, retry: () => void refetch() };
}

interface Props {
  asked: Arrival;
  /** What is asked for: "the services". */
  of: string;
  /** What works although it was not read. */
  works?: string;
  rows?: number;
  height?: number;
  /** What stands meanwhile, instead of rows. */
  meanwhile?: ReactNode;
}

export function Arriving({ asked, of, works, rows = 6, height = 52, meanwhile }: Props) {
  return (
    <>
      {asked.isError && (
        <Problem
          error={asked.error}
          what={of.charAt(0).toUpperCase() + of.slice(1)}
          retry={asked.retry}
          {...said(asked.known ? 'Below is what was last seen.' : works)}
        />
      )}
      {asked.isPending && (meanwhile ?? <LoadingRows of={of} rows={rows} height={height} />)}
    </>
  );
}

function said(works: string | undefined): { works?: string } {
  return works === undefined ? {} : { works };
}
