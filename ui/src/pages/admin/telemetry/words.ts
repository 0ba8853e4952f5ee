/** What is said about telemetry. */
import type { Telemetry } from '../../../api/types';
import { count } from '../../../app/format';
import { sentenceCase, someOf } from '../../../app/words';

export interface Drop {
  name: string;
  says: string;
  value: number;
}

/** Why samples were not counted, each with what it means. */
export function drops(counts: Telemetry): Drop[] {
  return [
    {
      name: 'Undeclared',
      says: 'of series that no definition names; this is no fault',
      value: counts.undeclared,
    },
    {
      name: 'Duplicate or late',
      says: 'not newer than the last one of their series',
      value: counts.duplicate_or_late,
    },
    {
      name: 'From the future',
      says: 'more than five minutes ahead of this server’s clock',
      value: counts.future,
    },
    { name: 'Over a cap', says: 'of series beyond what a tally may hold', value: counts.over_cap },
    {
      name: 'Not elected',
      says: 'of replicas that are not the elected one of their cluster',
      value: counts.not_elected,
    },
    {
      name: 'Unfit',
      says: 'of a kind that their tally does not count, or below zero in a counter',
      value: counts.unfit,
    },
  ];
}

/** The title of the panel. */
export function telemetrySentence(counts: Telemetry): string {
  const failing = counts.scrapes.filter(({ error }) => error != null).length;
  if (failing > 0)
    return sentenceCase(
      `${someOf(failing, counts.scrapes.length, 'scrape target')} ${failing === 1 ? 'fails' : 'fail'}`,
    );
  if (counts.accepted === 0) return 'No sample was counted since the server started';
  const lost = counts.future + counts.over_cap + counts.unfit;
  const counted =
    counts.accepted === 1
      ? 'One sample was counted'
      : `${count(counts.accepted)} samples were counted`;
  if (lost === 0) return `${counted}, and none that counts was lost`;
  return `${counted}, and ${lost === 1 ? 'one was' : `${count(lost)} were`} lost`;
}
