/**
 * Live updates: the server says which noun changed, and what is shown of it is asked for again.
 *
 * Events only say that something changed; they carry no state, so one that is lost costs nothing
 * once a stream stands and everything is asked for again. That holds for the first stream, too: what
 * the page was drawn from was read before it stood.
 */
import { useQueryClient, type QueryClient, type QueryKey } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import { now } from './now';

/** Since when the connection is lost; null while it stands. */
export interface Live {
  lostSince: number | null;
  retry: () => void;
}

const FIRST_WAIT_MS = 1000;
const LONGEST_WAIT_MS = 30_000;
/** Changes that come together are asked for together; lists, which show many things, less often. */
const GATHER_MS = 1000;
const GATHER_LISTS_MS = 3000;

/** Something that changed: its noun, and its name or null for all of them. */
export interface Change {
  noun: string;
  name: string | null;
}

export function useLive(): Live {
  const queries = useQueryClient();
  const [lostSince, setLostSince] = useState<number | null>(null);
  const [attempt, setAttempt] = useState(0);
  useEffect(() => {
    const tell = (up: boolean) => {
      setLostSince((since) => (up ? null : (since ?? now())));
      // A stream does not say why it ended: a session that did is nothing to wait for.
      if (!up) void queries.invalidateQueries({ queryKey: ['me'] });
    };
    return listen('/api/v1/events', queries, tell);
  }, [queries, attempt]);
  return { lostSince, retry: () => setAttempt((attempt) => attempt + 1) };
}

/** Keeps one stream open until the returned function is called. */
export function listen(url: string, queries: QueryClient, tell: (up: boolean) => void): () => void {
  let stream: EventSource | null = null;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let wait = FIRST_WAIT_MS;
  const gather = gatherer(queries);

  const open = () => {
    stream = new EventSource(url);
    stream.addEventListener('hello', () => {
      wait = FIRST_WAIT_MS;
      tell(true);
      gather.add({ noun: 'all', name: null });
    });
    stream.addEventListener('changed', (event) => gather.add(changeOf(event.data)));
    stream.addEventListener('error', () => {
      stream?.close();
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

/** What an event says; null when it cannot be read. A noun may come in the plural. */
export function changeOf(data: unknown): Change | null {
  try {
    const { noun, name } = JSON.parse(String(data)) as Record<string, unknown>;
    if (typeof noun !== 'string') return null;
    return {
      noun: noun.replace(/s$/, ''),
      name: typeof name === 'string' && name !== '' ? name : null,
    };
  } catch {
    return null;
  }
}

/** What definitions are shown by. */
const DEFINED = ['slos', 'services', 'teams', 'receivers', 'definitions', 'violations', 'audit'];

/** Whether a query shows what changed. What an instant is explained by stays as it is. */
export function shows([what, kind, of]: QueryKey, { noun, name }: Change): boolean {
  switch (noun) {
    case 'all':
      return what !== 'me';
    case 'slo':
      if (what === 'services') return kind !== 'teams';
      return (
        what === 'slos' && kind !== 'explain' && (kind === 'list' || name === null || of === name)
      );
    case 'alert':
    case 'notification':
      return what === 'alerts' || what === 'notifications' || what === 'receivers';
    case 'deployment':
      return what === 'deployments' && (name === null || kind == null || kind === name);
    case 'decision':
      return what === 'decisions' && (name === null || kind == null || kind === name);
    case 'definition':
      return DEFINED.includes(`${what}`);
    case 'person':
      return ['people', 'teams', 'sessions', 'me', 'audit'].includes(`${what}`);
    case 'token':
      return what === 'tokens' || what === 'audit';
    case 'webhook':
      return what === 'webhooks' || what === 'audit';
    case 'receiver':
      return what === 'receivers' || what === 'audit';
    default:
      return false;
  }
}

/** Gathers changes and asks again for what shows them. */
function gatherer(queries: QueryClient) {
  const pages = gathering(GATHER_MS, (changes) => ask(queries, changes, (key) => !isList(key)));
  const lists = gathering(GATHER_LISTS_MS, (changes) => ask(queries, changes, isList));
  return {
    add(change: Change | null) {
      if (change === null) return;
      pages.add(change);
      lists.add(change);
    },
    stop() {
      pages.stop();
      lists.stop();
    },
  };
}

function isList([what, kind]: QueryKey): boolean {
  return kind === 'list' || (what === 'services' && kind === 'around');
}

function ask(queries: QueryClient, changes: Change[], wanted: (key: QueryKey) => boolean): void {
  const predicate = ({ queryKey }: { queryKey: QueryKey }) =>
    wanted(queryKey) && changes.some((change) => shows(queryKey, change));
  void queries.invalidateQueries({ predicate });
}

function gathering(everyMs: number, flush: (changes: Change[]) => void) {
  const gathered = new Map<string, Change>();
  let timer: ReturnType<typeof setTimeout> | undefined;
  const done = () => {
    timer = undefined;
    flush([...gathered.values()]);
    gathered.clear();
  };
  return {
    add(change: Change) {
      gathered.set(`${change.noun} ${change.name ?? ''}`, change);
      timer ??= setTimeout(done, everyMs);
    },
    stop: () => clearTimeout(timer),
  };
}
