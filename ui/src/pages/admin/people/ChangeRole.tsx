/** Another role for somebody, for the whole installation. */
import { Button, Group, Modal, Stack, Text } from '@mantine/core';
import { useState } from 'react';
import { useChangeRole } from '../../../api/people';
import type { Person } from '../../../api/types';
import { Refusal } from '../../../parts/Refusal';
import { RoleChoice } from '../RoleChoice';

export function ChangeRole({ person, onClose }: { person: Person; onClose: () => void }) {
  const change = useChangeRole(person.id);
  const [role, setRole] = useState(person.role);
  return (
    <Modal
      opened
      onClose={onClose}
      title={<Text fw={600}>The role of {person.name}</Text>}
      closeButtonProps={{ 'aria-label': 'Close' }}
    >
      <Stack gap="md">
        <RoleChoice value={role} onChange={setRole} />
        <Text c="dimmed" fz="sm">
          It holds for the whole installation, from now on. Roles in teams stay as they are.
        </Text>
        <Refusal error={change.error} />
        <Group justify="flex-end">
          <Button
            disabled={role === person.role}
            loading={change.isPending}
            onClick={() => change.mutate(role, { onSuccess: onClose })}
          >
            Change the role
          </Button>
        </Group>
      </Stack>
    </Modal>
  );
}
