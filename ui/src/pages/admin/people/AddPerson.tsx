/** Adding a person: their name and role; then the link for their password, this once. */
import { Stack } from '@mantine/core';
import { useState, type FormEvent } from 'react';
import { useAddPerson } from '../../../api/people';
import { FormEnd } from '../../../parts/FormEnd';
import { NameField } from '../../../parts/NameField';
import { MadeOnce } from '../MadeOnce';
import { RoleChoice } from '../RoleChoice';
import { LinkOnce } from './LinkOnce';

export function AddPerson({ onClose }: { onClose: () => void }) {
  const add = useAddPerson();
  return (
    <MadeOnce
      title="Add a person"
      made={add.data}
      shown={({ person, link }) => <LinkOnce name={person.name} link={link} onClose={onClose} />}
      onClose={onClose}
    >
      <Form add={add} />
    </MadeOnce>
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
        <NameField
          description="What they sign in with. They set their password themselves."
          value={name}
          onChange={setName}
        />
        <RoleChoice value={role} onChange={setRole} />
        <FormEnd act="Add the person" busy={add.isPending} error={add.error} />
      </Stack>
    </form>
  );
}
