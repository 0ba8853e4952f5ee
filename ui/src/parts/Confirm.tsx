/** A question before something that cannot be taken back: what will happen, and to what. */
import { Button, Group, Stack, Text } from '@mantine/core';
import type { ReactNode } from 'react';
import { Dialog } from './Dialog';

interface Props {
  title: string;
  children: ReactNode;
  /** What the button says it does: "Revoke the token". */
  act: string;
  /** What the other button says: "Keep it". */
  keep?: string;
  busy: boolean;
  error?: ReactNode;
  onAct: () => void;
  onClose: () => void;
}

export function Confirm({
  title,
  children,
  act,
  keep = 'Keep it',
  busy,
  error,
  onAct,
  onClose,
}: Props) {
  return (
    <Dialog title={title} onClose={onClose}>
      <Stack gap="md">
        <Text component="div">{children}</Text>
        {error}
        <Group justify="flex-end" gap="sm">
          <Button variant="default" onClick={onClose}>
            {keep}
          </Button>
          <Button color="var(--danger)" onClick={onAct} loading={busy}>
            {act}
          </Button>
        </Group>
      </Stack>
    </Dialog>
  );
}
