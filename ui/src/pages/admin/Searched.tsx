/**
 * A list that was read whole, searched by the names in it; the address keeps what is searched for.
 * There is nothing to search where all of it is seen at a glance.
 */
import { useNavigate, useSearch } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import type { WholeListSearch } from '../../app/search';
import { matches } from '../../app/words';
import { NoMatch } from '../../parts/NoMatch';
import { SearchBox } from '../../parts/SearchBox';

/** Fewer are seen at a glance. */
const MANY = 8;

interface Props<T> {
  /** What one of them is called: "token". */
  one: string;
  /** And several. */
  many: string;
  items: T[];
  /** What one is found by. */
  namesOf: (item: T) => (string | null | undefined)[];
  /** Those that were found; never none. */
  children: (found: T[]) => ReactNode;
}

export function Searched<T>({ one, many, items, namesOf, children }: Props<T>) {
  const { q } = useSearch({ strict: false });
  const navigate = useNavigate();
  const search = (typed: string) =>
    void navigate({
      to: '.',
      search: (before: WholeListSearch) => ({ ...before, q: typed === '' ? undefined : typed }),
      replace: true,
    });
  const found = q === undefined ? items : items.filter((item) => matches(q, ...namesOf(item)));
  if (items.length === 0) return null;
  return (
    <>
      {(items.length >= MANY || q !== undefined) && (
        <SearchBox label={`Search ${many}`} typed={q ?? ''} onType={search} />
      )}
      {found.length > 0 ? children(found) : <NoMatch what={one} onAll={() => search('')} />}
    </>
  );
}
