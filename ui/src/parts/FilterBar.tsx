/** The filters of a list: all in a row on a wide screen; on a phone the first, and the others on demand. */
import { Button, Collapse, Group, Stack } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import type { ReactNode } from 'react';
import { usePhone } from '../app/screen';

interface Props {
  /** What is always there: the search, or what a list is mostly narrowed by. */
  first: ReactNode;
  /** How many of the others are set. */
  set: number;
  children: ReactNode;
}

export function FilterBar({ first, set, children }: Props) {
  const phone = usePhone();
  const [opened, open] = useDisclosure();
  if (!phone) {
    return (
      <Group gap="sm">
        {first}
        {children}
      </Group>
    );
  }
  return (
    <Stack gap="sm">
      <Group gap="sm" wrap="nowrap">
        <div style={{ flex: 1, minWidth: 0 }}>{first}</div>
        <Button variant="default" px="sm" onClick={open.toggle} aria-expanded={opened}>
          {set === 0 ? 'Filters' : `Filters (${set})`}
        </Button>
      </Group>
      <Collapse expanded={opened}>
        <Group gap="sm">{children}</Group>
      </Collapse>
    </Stack>
  );
}

/** How many of some filters are set. */
export function countSet(...filters: (string | boolean | undefined)[]): number {
  return filters.filter((filter) => filter !== undefined).length;
}
