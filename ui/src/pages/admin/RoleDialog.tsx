/** Another role for somebody. */
import { Button, Group, Stack, Text } from '@mantine/core';
import { useState } from 'react';
import { Dialog } from '../../parts/Dialog';
import { Refusal } from '../../parts/Refusal';
import { RoleChoice } from './RoleChoice';

interface Props {
  title: string;
  /** The role until now. */
  role: string;
  /** Whether it is for what a team owns. */
  ofTeam?: boolean;
  /** What the change means. */
  says: string;
  busy: boolean;
  error: Error | null;
  onChange: (role: string) => void;
  onClose: () => void;
}

export function RoleDialog({ title, role, ofTeam, says, busy, error, onChange, onClose }: Props) {
  const [chosen, choose] = useState(role);
  return (
    <Dialog title={title} onClose={onClose}>
      <Stack gap="md">
        <RoleChoice value={chosen} onChange={choose} ofTeam={ofTeam ?? false} />
        <Text c="dimmed" fz="sm">
          {says}
        </Text>
        <Refusal error={error} />
        <Group justify="flex-end">
          <Button disabled={chosen === role} loading={busy} onClick={() => onChange(chosen)}>
            Change the role
          </Button>
        </Group>
      </Stack>
    </Dialog>
  );
}
