/** The latest few of something on a detail page: with the way to all, and what is said of none. */
import { Stack } from '@mantine/core';
import type { ReactNode } from 'react';
import { Arriving, type Arrival } from './Arriving';
import { Section } from './Section';
import { LoadingBlock } from './Loading';

/** How many of them are shown, and need to be asked for. */
export const SHOWN_MAX = 5;

interface Props<T> {
  title: string;
  /** The link to all of them. */
  all: ReactNode;
  asked: Arrival;
  /** What is asked for: "the decisions". */
  of: string;
  works?: string;
  items: T[];
  keyOf: (item: T) => string;
  one: (item: T) => ReactNode;
  none: ReactNode;
}

export function Latest<T>({ title, all, asked, of, works, items, keyOf, one, none }: Props<T>) {
  return (
    <Section title={title} aside={all}>
      {asked.isPending && <LoadingBlock of={of} height={80} />}
      <Arriving
        asked={{ ...asked, isPending: false }}
        of={of}
        {...(works === undefined ? {} : { works })}
      />
      {asked.known && items.length === 0 && none}
      <Stack gap="sm">
        {items.slice(0, SHOWN_MAX).map((item) => (
          <div key={keyOf(item)}>{one(item)}</div>
        ))}
      </Stack>
    </Section>
  );
}
