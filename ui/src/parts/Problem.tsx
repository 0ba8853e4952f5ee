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
  /** Takes it away, where it stands over the page. */
  onClose?: () => void;
}

export function Problem({ error, what, works, retry, onClose }: Props) {
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
          {(retry ?? onClose) && (
            <Group gap="xs" mt={4}>
              {retry && <Act says="Try again" onAct={retry} />}
              {onClose && <Act says="Close" onAct={onClose} />}
            </Group>
          )}
        </Stack>
      </Group>
    </Paper>
  );
}

function Act({ says, onAct }: { says: string; onAct: () => void }) {
  return (
    <Button size="compact-sm" variant="default" onClick={onAct}>
      {says}
    </Button>
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
