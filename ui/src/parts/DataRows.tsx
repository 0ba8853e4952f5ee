/**
 * A list: a table on a wide screen, cards on a phone, both drawn only where the screen is.
 *
 * Rows are plain elements with the styles of `rows.css`, and where `columns` and `card` stay the
 * same they are drawn again only when their item changed: a page shows some twenty, and what each
 * costs is what a reader waits for.
 */
import { Loader } from '@mantine/core';
import { memo, type ReactNode } from 'react';
import type { Rest } from '../api/pages';
import { usePhone } from '../app/screen';
import { Problem } from './Problem';
import { useRows, type Windowed } from './rows';

export interface Column<T> {
  head: string;
  cell: (item: T) => ReactNode;
  right?: boolean;
  width?: number | string;
}

interface Props<T> {
  /** What the rows are, for those who cannot see them: "SLOs". */
  label: string;
  items: T[];
  keyOf: (item: T) => string;
  columns: Column<T>[];
  card: (item: T) => ReactNode;
  /** What a row and a card are high, until they are measured. */
  heights: { row: number; card: number };
  /** A stripe at the edge of a card or row: a status. */
  edge?: (item: T) => string | undefined;
  /** What comes after these, where they are not all. */
  rest?: Rest | undefined;
}

export function DataRows<T>(props: Props<T>) {
  const { items, heights, rest } = props;
  const phone = usePhone();
  const windowed = useRows(items.length, phone ? heights.card : heights.row, rest?.next);
  return (
    <div ref={windowed.box}>
      {phone ? <Cards {...props} {...windowed} /> : <Rows {...props} {...windowed} />}
      {rest && <End {...rest} />}
    </div>
  );
}

function End({ more, missed, retry }: Rest) {
  if (missed !== null) return <Problem error={missed} what="The rest of the list" retry={retry} />;
  if (!more) return null;
  return (
    <div className="rows-more">
      <Loader size="xs" type="dots" aria-label="Reading more" />
    </div>
  );
}

function Rows<T>({
  label,
  items,
  keyOf,
  columns,
  edge,
  shown,
  measure,
  before,
  after,
}: Props<T> & Windowed) {
  return (
    <div className="rows">
      <table aria-label={label}>
        <thead>
          <tr>
            {columns.map(({ head, right, width }) => (
              <th key={head} className={side(right)} style={{ width }}>
                {head}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {before > 0 && <tr style={{ height: before }} aria-hidden />}
          {shown.map(({ index }) => {
            const item = items[index];
            if (item === undefined) return null;
            return (
              <Row
                key={keyOf(item)}
                index={index}
                measure={measure}
                item={item}
                columns={columns as Column<unknown>[]}
                edge={edge?.(item)}
              />
            );
          })}
          {after > 0 && <tr style={{ height: after }} aria-hidden />}
        </tbody>
      </table>
    </div>
  );
}

function Cards<T>({
  label,
  items,
  keyOf,
  card,
  edge,
  shown,
  measure,
  before,
  after,
}: Props<T> & Windowed) {
  return (
    <div role="list" aria-label={label} style={{ paddingTop: before, paddingBottom: after }}>
      {shown.map(({ index }) => {
        const item = items[index];
        if (item === undefined) return null;
        return (
          <Card
            key={keyOf(item)}
            index={index}
            measure={measure}
            item={item}
            card={card as (item: unknown) => ReactNode}
            edge={edge?.(item)}
          />
        );
      })}
    </div>
  );
}

interface One {
  index: number;
  measure: Windowed['measure'];
  item: unknown;
  edge: string | undefined;
}

const Row = memo(
  ({ index, measure, item, columns, edge }: One & { columns: Column<unknown>[] }) => (
    <tr data-index={index} ref={measure} style={stripe(edge)}>
      {columns.map(({ head, cell, right }) => (
        <td key={head} className={side(right)}>
          {cell(item)}
        </td>
      ))}
    </tr>
  ),
);

const Card = memo(
  ({ index, measure, item, card, edge }: One & { card: (item: unknown) => ReactNode }) => (
    <div data-index={index} ref={measure} className="row-place" role="listitem">
      <div className="row-card" style={stripe(edge)}>
        {card(item)}
      </div>
    </div>
  ),
);

function side(right: boolean | undefined) {
  return right ? 'right' : undefined;
}

function stripe(colour: string | undefined) {
  return colour === undefined ? undefined : { boxShadow: `inset 4px 0 0 ${colour}` };
}
