/** Nothing here yet: what this is for, and the commands that fill it. */
import { Paper, Stack, Text, Title } from '@mantine/core';
import type { ReactNode } from 'react';
import { Command } from './Command';
import { Mark } from './icons';

interface Props {
  title: string;
  /** Whether that is the title of the page. */
  page?: boolean;
  children: ReactNode;
  commands?: { line: string; says: string }[];
}

export function Empty({ title, page = false, children, commands = [] }: Props) {
  return (
    <Paper withBorder p={{ base: 'md', sm: 'xl' }} bg="var(--surface)">
      <Stack gap="md" maw={640}>
        <Text component="span" c="dimmed">
          <Mark size={40} />
        </Text>
        <Title order={page ? 1 : 2} fz="lg">
          {title}
        </Title>
        <Text component="div">{children}</Text>
        {commands.map(({ line, says }) => (
          <Stack key={line} gap={4}>
            <Text c="dimmed">{says}</Text>
            <Command line={line} />
          </Stack>
        ))}
      </Stack>
    </Paper>
  );
}
