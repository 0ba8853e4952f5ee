/**
 * Requests that are made before the app runs. An answer that is there when it starts is known from
 * its first drawing on; one that is not is handed to whoever asks for the same.
 *
 * Each answer is given out once and only while it is fresh; one that did not arrive, or was a
 * refusal, is asked for again, so that nobody is told of a failure or a session of before.
 */

/** As the client sends: with the session's cookie, and the header that no other site can send. */
export const HEADERS = { 'x-plimsoll-csrf': '1' };

/** A request, and under which key the app keeps its answer. */
export interface Ask {
  address: string;
  key: readonly unknown[];
  /** Whether it is the first page of a list. */
  paged?: boolean;
}

/** An answer, read. */
export interface Answered {
  ask: Ask;
  body: unknown;
  /** When it was given, by the server. */
  date: string | null;
  /** When it arrived, by this browser's clock. */
  arrivedAt: number;
}

interface Begun {
  ask: Ask;
  response: Promise<Response | null>;
  answered: Promise<void>;
  answer?: Answered;
  at: number;
}

/** As long as an answer counts as fresh to the app, if it is said how old it is. */
const FRESH_MS = 10_000;
/** As long as one counts as given now. */
const NEW_MS = 2000;

const begun = new Map<string, Begun>();

export function begin(ask: Ask): void {
  const url = urlOf(ask.address);
  const response = fetch(url, { credentials: 'same-origin', headers: HEADERS })
    .then((response) => (response.ok ? response : null))
    .catch(() => null);
  const request: Begun = { ask, response, at: performance.now(), answered: Promise.resolve() };
  request.answered = response.then((response) => read(request, response?.clone() ?? null));
  begun.set(url, request);
}

/** Waits for the answer to a request, if it was begun. */
export async function answered(address: string): Promise<void> {
  await begun.get(urlOf(address))?.answered;
}

/** Gives out what was answered by now and is fresh. */
export function takeAnswered(): Answered[] {
  return [...begun].flatMap(([url, { answer, at }]) => {
    if (answer === undefined) return [];
    begun.delete(url);
    return isFresh(at) ? [answer] : [];
  });
}

/** The answer to a request, if it was begun; else it is made now. */
export async function takeOrAsk(request: Request): Promise<Response> {
  const known = request.method === 'GET' ? begun.get(request.url) : undefined;
  begun.delete(request.url);
  const isNew = known?.answer === undefined || Date.now() - known.answer.arrivedAt < NEW_MS;
  const fresh = known !== undefined && isFresh(known.at) && isNew;
  return (fresh ? await known.response : null) ?? globalThis.fetch(request);
}

/** Gives out nothing of what was begun: another reader asked for it. */
export function forgetBegun(): void {
  begun.clear();
}

async function read(request: Begun, response: Response | null): Promise<void> {
  if (response === null) return;
  const date = response.headers.get('date');
  const arrivedAt = Date.now();
  const answer = (body: unknown) =>
    void (request.answer = { ask: request.ask, body, date, arrivedAt });
  // What cannot be read is for the client to say.
  await response.json().then(answer, () => undefined);
}

function isFresh(at: number): boolean {
  return performance.now() - at < FRESH_MS;
}

function urlOf(address: string): string {
  return new URL(address, location.origin).href;
}
