/** A panel of the overview: a sentence, its evidence, and the way to all of it. */
import { Group, Paper, Stack, Title } from '@mantine/core';
import type { ReactNode } from 'react';
import { Problem } from '../../parts/Problem';
import { LoadingBlock } from '../../parts/Loading';

interface Props {
  /** The sentence; undefined while it is not known. */
  title: string | undefined;
  /** What it is called while it is not known. */
  what: string;
  error: unknown;
  retry: () => void;
  more?: ReactNode;
  children?: ReactNode;
}

export function Panel({ title, what, error, retry, more, children }: Props) {
  return (
    <Paper withBorder bg="var(--surface)" p="md" component="section" aria-label={what} miw={0}>
      <Stack gap="sm" h="100%">
        <Group justify="space-between" wrap="nowrap" align="flex-start">
          <Title order={2}>{title ?? what}</Title>
          {more}
        </Group>
        {error != null && (
          <Problem
            error={error}
            what={what}
            retry={retry}
            {...(title === undefined ? {} : { works: 'What stands here was last seen.' })}
          />
        )}
        {error == null && title === undefined && <LoadingBlock of={what} height={90} />}
        {children}
      </Stack>
    </Paper>
  );
}
