/** Adding a person: their name and role; then the link for their password, this once. */
import { Button, Group, Modal, Stack, Text, TextInput } from '@mantine/core';
import { useState, type FormEvent } from 'react';
import { useAddPerson } from '../../../api/people';
import { Refusal } from '../../../parts/Refusal';
import { RoleChoice } from '../RoleChoice';
import { LinkOnce } from './LinkOnce';

export function AddPerson({ onClose }: { onClose: () => void }) {
  const add = useAddPerson();
  const added = add.data;
  return (
    <Modal
      opened
      onClose={onClose}
      title={<Text fw={600}>{added ? 'Keep it now: it is shown only here' : 'Add a person'}</Text>}
      closeButtonProps={{ 'aria-label': 'Close' }}
      closeOnClickOutside={added === undefined}
      closeOnEscape={added === undefined}
    >
      {added ? (
        <LinkOnce name={added.person.name} link={added.link} onClose={onClose} />
      ) : (
        <Form add={add} />
      )}
    </Modal>
  );
}

function Form({ add }: { add: ReturnType<typeof useAddPerson> }) {
  const [name, setName] = useState('');
  const [role, setRole] = useState('viewer');
  const submit = (event: FormEvent) => {
    event.preventDefault();
    add.mutate({ name: name.trim(), role });
  };
  return (
    <form onSubmit={submit}>
      <Stack gap="md">
        <TextInput
          data-autofocus
          label="Name"
          description="What they sign in with. They set their password themselves."
          required
          withAsterisk={false}
          maxLength={63}
          value={name}
          onChange={(event) => setName(event.currentTarget.value)}
        />
        <RoleChoice value={role} onChange={setRole} />
        <Refusal error={add.error} />
        <Group justify="flex-end">
          <Button type="submit" loading={add.isPending}>
            Add the person
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
