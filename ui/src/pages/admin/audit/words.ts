/** What is said about the audit log. */
import type { AuditEntry } from '../../../api/types';
import type { AuditSearch } from '../../../app/search';
import { count, inWords } from '../../../app/format';
import { asSentence, sentenceCase } from '../../../app/words';

/** What ids stand for, as far as it is known. */
export type Names = Map<string, string>;

export function namesOf(...known: ({ id: string; name: string }[] | undefined)[]): Names {
  return new Map(known.flatMap((some) => some ?? []).map(({ id, name }) => [id, name]));
}

/** Whether whoever did it was erased: then their id stands in for their name. */
export function isErased({ actor, actor_id, actor_kind }: AuditEntry): boolean {
  return actor_kind === 'person' && actor === actor_id;
}

/** A piece of a line: text, or the id of somebody who was erased. */
export interface Piece {
  text: string;
  erased: boolean;
}

/**
 * A line as a sentence, with the ids apart that nobody is called by any more. A name that it begins
 * with stays as it was typed.
 */
export function piecesOf(message: string, names: string[] = []): Piece[] {
  const first = message.split(' ')[0] ?? '';
  const named = names.includes(first) || first.startsWith('per_');
  return (named ? first.charAt(0) + asSentence(message).slice(1) : asSentence(message))
    .split(/(\bper_[0-9a-z]+)/)
    .filter((text) => text !== '')
    .map((text) => ({ text, erased: /^per_[0-9a-z]+$/.test(text) }));
}

/** The title: how much of what is asked for is here. */
export function auditSentence(lines: number, more: boolean, search: AuditSearch, names: Names) {
  const { actor, subject, from, until } = search;
  const whose = actor === undefined ? '' : ` by ${names.get(actor) ?? actor}`;
  const about = subject === undefined ? '' : ` of ${subjectName(subject, names)}`;
  const when = from === undefined && until === undefined ? '' : ` in ${spanOf(from, until)}`;
  if (lines === 0) return `No change${about}${whose}${when} is on record`;
  const many = more ? `more than ${count(lines)} changes` : changes(lines);
  const one = lines === 1 && !more;
  return sentenceCase(`${many}${about}${whose}${when} ${one ? 'is' : 'are'} on record`);
}

const changes = (lines: number) => (lines === 1 ? 'one change' : `${inWords(lines)} changes`);

function spanOf(from: string | undefined, until: string | undefined): string {
  if (from !== undefined && from === until) return `the day ${from}`;
  if (from === undefined) return `the days until ${until}`;
  return until === undefined ? `the days from ${from} on` : `the days ${from} to ${until}`;
}

/** What a line is about, by its name where it has one. */
export function subjectName(subject: string, names: Names): string {
  return names.get(subject) ?? subject;
}

const DAY_MS = 86_400_000;

/** Days in UTC as instants: from the start of the first until the end of the last. */
export function instants({ from, until }: AuditSearch): { from?: string; to?: string } {
  return {
    ...(from === undefined ? {} : { from: `${from}T00:00:00Z` }),
    ...(until === undefined
      ? {}
      : { to: new Date(Date.parse(until) + DAY_MS).toISOString().replace('.000Z', 'Z') }),
  };
}
