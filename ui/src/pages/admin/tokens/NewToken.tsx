/** Making a token: what to call it, what it may and until when; then its secret, this once. */
import { Stack, Text } from '@mantine/core';
import { useState, type FormEvent } from 'react';
import { useCreateToken } from '../../../api/tokens';
import { now } from '../../../app/now';
import { Dialog } from '../../../parts/Dialog';
import { FormEnd } from '../../../parts/FormEnd';
import { NameField } from '../../../parts/NameField';
import { ONCE } from '../../../parts/Secret';
import { RoleChoice } from '../RoleChoice';
import { ScopeChoice } from '../ScopeChoice';
import { ShownOnce } from '../ShownOnce';
import { TeamChoice, useTeamChoice } from '../TeamChoice';
import { endOf, TermChoice } from '../TermChoice';
import { SCOPES } from './scopes';

export function NewToken({ onClose }: { onClose: () => void }) {
  const create = useCreateToken();
  const made = create.data;
  return (
    <Dialog title={made ? ONCE : 'Make a token'} onClose={onClose} once={made !== undefined}>
      {made ? (
        <ShownOnce
          says={
            <>
              This is the token <b>{made.name}</b>. Only its hash is stored: nobody can show it
              again.
            </>
          }
          text={made.secret ?? ''}
          copy="Copy the token"
          onClose={onClose}
        >
          <Text c="dimmed" fz="sm">
            Give it to a program as PLIMSOLL_TOKEN, from a secret store and never from a repository.
          </Text>
        </ShownOnce>
      ) : (
        <Form create={create} />
      )}
    </Dialog>
  );
}

function Form({ create }: { create: ReturnType<typeof useCreateToken> }) {
  const choice = useTeamChoice();
  const [name, setName] = useState('');
  const [role, setRole] = useState('responder');
  const [scopes, setScopes] = useState<string[]>([]);
  const [term, setTerm] = useState('90');
  const { team } = choice;
  const submit = (event: FormEvent) => {
    event.preventDefault();
    create.mutate({
      name: name.trim(),
      role,
      ...(team === null ? {} : { team }),
      ...(scopes.length === 0 ? {} : { scopes }),
      ...endOf(term, now()),
    });
  };
  return (
    <form onSubmit={submit}>
      <Stack gap="md">
        <NameField
          description="What comes in with it: letters, digits, dots and dashes."
          value={name}
          onChange={setName}
        />
        <TeamChoice
          choice={choice}
          description="With one, the role holds for what the team owns; everything else is only read."
        />
        <RoleChoice value={role} onChange={setRole} ofTeam={team !== null} />
        <ScopeChoice
          label="Limit it to"
          description="Nothing chosen: all that the role may. A scope gives nothing that the role does not."
          scopes={SCOPES}
          value={scopes}
          onChange={setScopes}
        />
        <TermChoice value={term} onChange={setTerm} />
        <FormEnd act="Make the token" busy={create.isPending} error={create.error} />
      </Stack>
    </form>
  );
}
