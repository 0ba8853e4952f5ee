/** The card that setup and sign-in stand on. */
import { Center, Group, Paper, Stack, Text, Title } from '@mantine/core';
import type { ReactNode } from 'react';
import { useTitle } from '../../app/title';
import { Mark } from '../../parts/icons';

export function Card({
  title,
  says,
  children,
}: {
  title: string;
  says?: ReactNode;
  children?: ReactNode;
}) {
  useTitle(title);
  return (
    <Center component="main" mih="100dvh" p="md">
      <Stack w="100%" maw={400} gap="lg">
        <Group gap={10} c="var(--mantine-primary-color-filled)">
          <Mark size={34} />
          <Text component="span" fz="xl" fw={650} c="var(--ink)">
            Plimsoll
          </Text>
        </Group>
        <Paper withBorder p="lg" bg="var(--surface)">
          <Stack gap="md">
            <Title order={1} fz="lg">
              {title}
            </Title>
            {says && <Text c="dimmed">{says}</Text>}
            {children}
          </Stack>
        </Paper>
      </Stack>
    </Center>
  );
}
