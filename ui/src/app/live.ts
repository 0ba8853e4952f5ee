/**
 * Live updates: the server says which noun changed, and what is shown of it is asked for again.
 *
 * Events only say that something changed; they carry no state, so one that is lost costs nothing once the
 * connection is back and everything is asked for again.
 */
import { useQueryClient, type QueryClient } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import { now } from './now';

/** Since when the connection is lost; null while it stands. */
export interface Live {
  lostSince: number | null;
  retry: () => void;
}

const FIRST_WAIT_MS = 1000;
const LONGEST_WAIT_MS = 30_000;
/** Changes that come together are asked for together. */
const GATHER_MS = 1000;

/** The noun of an event and the queries that show it. */
const QUERIES: Record<string, string[]> = {
  slos: ['slos'],
  alerts: ['alerts', 'slos'],
  deployments: ['deployments'],
  decisions: ['decisions'],
  definitions: ['slos', 'services'],
};

export function useLive(): Live {
  const queries = useQueryClient();
  const [lostSince, setLostSince] = useState<number | null>(null);
  const [attempt, setAttempt] = useState(0);
  useEffect(() => {
    return listen('/api/v1/events', queries, (up) => setLostSince((since) => (up ? null : (since ?? now()))));
  }, [queries, attempt]);
  return { lostSince, retry: () => setAttempt((attempt) => attempt + 1) };
}

/** Keeps one stream open until the returned function is called. */
export function listen(url: string, queries: QueryClient, tell: (up: boolean) => void): () => void {
  let stream: EventSource | null = null;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let wait = FIRST_WAIT_MS;
  let missed = false;
  const gather = gatherer(queries);

  const open = () => {
    stream = new EventSource(url);
    stream.addEventListener('hello', () => {
      wait = FIRST_WAIT_MS;
      tell(true);
      if (missed) void queries.invalidateQueries({ predicate: (query) => query.queryKey[0] !== 'me' });
      missed = false;
    });
    stream.addEventListener('changed', (event) => gather.add(nounOf(event.data)));
    stream.addEventListener('error', () => {
      stream?.close();
      missed = true;
      tell(false);
      timer = setTimeout(open, wait * (0.75 + Math.random() / 2));
      wait = Math.min(wait * 2, LONGEST_WAIT_MS);
    });
  };
  open();
  return () => {
    stream?.close();
    clearTimeout(timer);
    gather.stop();
  };
}

/** The noun an event names; null when it names none. */
export function nounOf(data: unknown): string | null {
  try {
    const event: unknown = JSON.parse(String(data));
    const noun = typeof event === 'object' && event !== null && 'noun' in event ? event.noun : null;
    return typeof noun === 'string' ? noun : null;
  } catch {
    return null;
  }
}

function gatherer(queries: QueryClient) {
  const nouns = new Set<string>();
  let timer: ReturnType<typeof setTimeout> | undefined;
  const flush = () => {
    timer = undefined;
    const keys = new Set([...nouns].flatMap((noun) => QUERIES[noun] ?? []));
    nouns.clear();
    for (const key of keys) void queries.invalidateQueries({ queryKey: [key] });
  };
  return {
    add(noun: string | null) {
      if (noun === null) return;
      nouns.add(noun);
      timer ??= setTimeout(flush, GATHER_MS);
    },
    stop: () => clearTimeout(timer),
  };
}
