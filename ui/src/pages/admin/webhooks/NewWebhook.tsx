/** Making a sender: what to call it, what it may and until when; then its secret, this once. */
import { Stack } from '@mantine/core';
import { useState, type FormEvent } from 'react';
import { useCreateWebhook } from '../../../api/webhooks';
import { now } from '../../../app/now';
import { Dialog } from '../../../parts/Dialog';
import { FormEnd } from '../../../parts/FormEnd';
import { NameField } from '../../../parts/NameField';
import { ONCE } from '../../../parts/Secret';
import { ScopeChoice } from '../ScopeChoice';
import { TeamChoice, useTeamChoice } from '../TeamChoice';
import { endOf, TermChoice } from '../TermChoice';
import { Once } from './Once';
import { SCOPES } from './scopes';

export function NewWebhook({ onClose }: { onClose: () => void }) {
  const create = useCreateWebhook();
  const made = create.data;
  return (
    <Dialog title={made ? ONCE : 'Make a sender'} onClose={onClose} once={made !== undefined}>
      {made ? <Once webhook={made} onClose={onClose} /> : <Form create={create} />}
    </Dialog>
  );
}

function Form({ create }: { create: ReturnType<typeof useCreateWebhook> }) {
  const choice = useTeamChoice();
  const [name, setName] = useState('');
  const [scopes, setScopes] = useState(['record_deployment']);
  const [term, setTerm] = useState('90');
  const { team } = choice;
  const submit = (event: FormEvent) => {
    event.preventDefault();
    create.mutate({
      name: name.trim(),
      scopes,
      ...(team === null ? {} : { team }),
      ...endOf(term, now()),
    });
  };
  return (
    <form onSubmit={submit}>
      <Stack gap="md">
        <NameField
          description="What sends: letters, digits, dots and dashes."
          value={name}
          onChange={setName}
        />
        <TeamChoice
          choice={choice}
          description="With one, it may do so for what the team owns alone."
        />
        <ScopeChoice
          label="What it may do"
          description="One of them at least."
          scopes={SCOPES}
          value={scopes}
          onChange={setScopes}
        />
        <TermChoice value={term} onChange={setTerm} />
        <FormEnd
          act="Make the sender"
          busy={create.isPending}
          disabled={scopes.length === 0}
          error={create.error}
        />
      </Stack>
    </form>
  );
}
