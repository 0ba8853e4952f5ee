/** What failed, how to mend it, what still works, and a way to try again. */
import { Button, Group, Paper, Stack, Text } from '@mantine/core';
import { Failure } from '../api/client';
import { asSentence } from '../app/words';
import { Icon } from './icons';
import { Said } from './Said';
import { statusInk } from './status';

interface Props {
  error: unknown;
  /** What could not be shown: "The minutes". */
  what: string;
  /** What still works. */
  works?: string;
  retry?: () => void;
}

export function Problem({ error, what, works, retry }: Props) {
  const { title, detail, hint } = describe(error);
  return (
    <Paper withBorder p="md" bg="var(--surface)" role="alert">
      <Group gap="sm" align="flex-start" wrap="nowrap">
        <Text component="span" c={statusInk('warning')} pt={2}>
          <Icon name="triangle" size={18} />
        </Text>
        <Stack gap={4} miw={0}>
          <Text fw={600}>
            {what} could not be shown. <Said text={asSentence(title)} />
          </Text>
          {detail && (
            <Text style={{ overflowWrap: 'anywhere' }}>
              <Said text={asSentence(detail)} />
            </Text>
          )}
          {hint && (
            <Text c="dimmed">
              <Said text={asSentence(hint)} />
            </Text>
          )}
          {works && <Text c="dimmed">{works}</Text>}
          {retry && (
            <Group>
              <Button size="compact-sm" variant="default" mt={4} onClick={retry}>
                Try again
              </Button>
            </Group>
          )}
        </Stack>
      </Group>
    </Paper>
  );
}

function describe(error: unknown): {
  title: string;
  detail?: string | null | undefined;
  hint?: string | null | undefined;
} {
  if (!(error instanceof Failure))
    return { title: 'This page has a fault.', detail: String(error) };
  if (error.problem.status !== 403) return error.problem;
  return {
    ...error.problem,
    hint: error.problem.hint ?? 'An admin can give you the role this needs.',
  };
}
