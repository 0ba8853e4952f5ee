/** Puts what was asked for before the app ran where its queries find it. */
import type { QueryClient } from '@tanstack/react-query';
import { answered, takeAnswered, type Answered } from '../api/begun';
import { hearServerTime } from './now';
import { ME } from './pages';

/** Once it is known who is signed in; of the other answers, those that are there by then. */
export async function seed(queries: QueryClient): Promise<void> {
  await answered(ME.address);
  for (const answer of takeAnswered()) {
    hearServerTime(answer.date, answer.arrivedAt);
    queries.setQueryData(answer.ask.key, known(answer), { updatedAt: answer.arrivedAt });
  }
}

function known({ ask, body }: Answered): unknown {
  return ask.paged ? { pages: [body], pageParams: [undefined] } : body;
}
