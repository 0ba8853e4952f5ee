/** Something that happened: its state, the way to it, when, and in a line why. */
import { Group, Stack, Text } from '@mantine/core';
import type { ReactNode } from 'react';
import { Ago } from '../../parts/Ago';

interface Props {
  state: ReactNode;
  link: ReactNode;
  at: string;
  says: string;
}

export function Noted({ state, link, at, says }: Props) {
  return (
    <Stack gap={0}>
      <Group gap="xs">
        {state}
        {link}
        <Text c="dimmed" component="div">
          <Ago at={at} />
        </Text>
      </Group>
      <Text fz="sm" c="dimmed" lineClamp={2} style={{ overflowWrap: 'anywhere' }}>
        {says}
      </Text>
    </Stack>
  );
}
