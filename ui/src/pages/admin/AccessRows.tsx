/** The rows of people, tokens and webhook senders: who comes in, and what is to be done with each. */
import { Group, Stack } from '@mantine/core';
import type { ReactNode } from 'react';
import { DataRows, type Column } from '../../parts/DataRows';

interface Props<T> {
  label: string;
  items: T[];
  columns: Column<T>[];
  /** The lines of a card. */
  lines: (item: T) => ReactNode;
  /** What is to be done with it; left out for who may do nothing. */
  act: ((item: T) => ReactNode) | undefined;
}

export function AccessRows<T extends { id: string }>({
  label,
  items,
  columns,
  lines,
  act,
}: Props<T>) {
  const doing: Column<T>[] =
    act === undefined ? [] : [{ head: 'Do', cell: act, right: true, width: 110 }];
  return (
    <DataRows
      label={label}
      items={items}
      keyOf={({ id }) => id}
      columns={[...columns, ...doing]}
      card={(item) => (
        <Group justify="space-between" wrap="nowrap" align="flex-start">
          <Stack gap={2} miw={0}>
            {lines(item)}
          </Stack>
          {act?.(item)}
        </Group>
      )}
      heights={{ row: 58, card: 148 }}
    />
  );
}
