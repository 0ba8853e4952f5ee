/** A list: a table on a wide screen, cards on a phone, both drawn only where the screen is. */
import { Box, Loader, Paper, Table, Text } from '@mantine/core';
import type { ReactNode } from 'react';
import { usePhone } from '../app/screen';
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
  more?: boolean;
  onNearEnd?: () => void;
}

export function DataRows<T>(props: Props<T>) {
  const { items, heights, more = false, onNearEnd } = props;
  const phone = usePhone();
  const windowed = useRows(items.length, phone ? heights.card : heights.row, onNearEnd);
  return (
    <Box ref={windowed.box}>
      {phone ? <Cards {...props} {...windowed} /> : <Rows {...props} {...windowed} />}
      {more && (
        <Text c="dimmed" ta="center" p="sm" component="div">
          <Loader size="xs" type="dots" aria-label="Reading more" />
        </Text>
      )}
    </Box>
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
    <Paper withBorder bg="var(--surface)" style={{ overflow: 'hidden' }}>
      <Table highlightOnHover verticalSpacing={8} horizontalSpacing="md" aria-label={label}>
        <Table.Thead>
          <Table.Tr>
            {columns.map(({ head, right, width }) => (
              <Table.Th
                key={head}
                ta={right ? 'right' : 'left'}
                w={width}
                c="dimmed"
                fw={500}
                style={{ whiteSpace: 'nowrap' }}
              >
                {head}
              </Table.Th>
            ))}
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {before > 0 && <Table.Tr h={before} aria-hidden />}
          {shown.map(({ index }) => {
            const item = items[index];
            if (item === undefined) return null;
            return (
              <Table.Tr
                key={keyOf(item)}
                data-index={index}
                ref={measure}
                style={stripe(edge?.(item))}
              >
                {columns.map(({ head, cell, right }) => (
                  <Table.Td key={head} ta={right ? 'right' : 'left'}>
                    {cell(item)}
                  </Table.Td>
                ))}
              </Table.Tr>
            );
          })}
          {after > 0 && <Table.Tr h={after} aria-hidden />}
        </Table.Tbody>
      </Table>
    </Paper>
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
    <Box pt={before} pb={after} role="list" aria-label={label}>
      {shown.map(({ index }) => {
        const item = items[index];
        if (item === undefined) return null;
        return (
          <Box key={keyOf(item)} data-index={index} ref={measure} pb={8} role="listitem">
            <Paper
              withBorder
              bg="var(--surface)"
              p="sm"
              className="row-card"
              pos="relative"
              style={stripe(edge?.(item))}
            >
              {card(item)}
            </Paper>
          </Box>
        );
      })}
    </Box>
  );
}

function stripe(colour: string | undefined) {
  return colour === undefined ? undefined : { boxShadow: `inset 4px 0 0 ${colour}` };
}
