/** A titled part of a detail page. */
import { Group, Paper, Stack, Text, Title } from '@mantine/core';
import type { ReactNode } from 'react';

export function Section({
  title,
  says,
  aside,
  children,
}: {
  title: string;
  says?: ReactNode;
  aside?: ReactNode;
  children: ReactNode;
}) {
  return (
    <Paper withBorder bg="var(--surface)" p="md" component="section" aria-label={title} miw={0}>
      <Stack gap="sm">
        <Group justify="space-between">
          <Title order={2}>{title}</Title>
          {aside}
        </Group>
        {says && (
          <Text c="dimmed" fz="sm" mt={-6}>
            {says}
          </Text>
        )}
        {children}
      </Stack>
    </Paper>
  );
}
