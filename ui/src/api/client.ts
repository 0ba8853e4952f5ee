/**
 * The one way to the server: the generated client, with the header that state-changing requests
 * need.
 *
 * `take` turns an answer into its data or throws what went wrong as a `Failure`; no page reads a
 * status.
 */
import createClient from 'openapi-fetch';
import { hearServerTime } from '../app/now';
import { HEADERS, takeOrAsk } from './begun';
import type { paths } from './schema';
import type { Problem } from './types';

export const client = createClient<paths>({
  baseUrl: location.origin,
  credentials: 'same-origin',
  headers: HEADERS,
  fetch: takeOrAsk,
});

client.use({
  onResponse({ response }) {
    hearServerTime(response.headers.get('date'));
  },
});

/**
 * A request that did not give what was asked for: the server's problem, or that it was not reached.
 */
export class Failure extends Error {
  readonly problem: Problem;

  constructor(problem: Problem) {
    super(problem.title);
    this.name = 'Failure';
    this.problem = problem;
  }
}

interface Answer<Data> {
  data?: Data | undefined;
  error?: unknown;
  response: Response;
}

/** The data of an answer, or a `Failure`. */
export async function take<Data>(asked: Promise<Answer<Data>>): Promise<Data> {
  const answer = await asked.catch(() => {
    throw new Failure(UNREACHED);
  });
  if (answer.response.ok) return answer.data as Data;
  throw new Failure(isProblem(answer.error) ? answer.error : unreadable(answer.response));
}

const UNREACHED: Problem = {
  status: 0,
  code: 'unreachable',
  title: 'The server was not reached.',
  detail: 'Either it is down or the network between here and it is.',
  hint: 'On its machine, look whether `plimsoll serve` runs.',
};

function unreadable(response: Response): Problem {
  return {
    status: response.status,
    code: 'unreadable_answer',
    title: `The server answered ${response.status} without saying why.`,
    hint: 'Something between here and the server may have answered in its place.',
  };
}

function isProblem(error: unknown): error is Problem {
  return typeof error === 'object' && error !== null && 'code' in error && 'title' in error;
}
