/** Putting somebody into a team: who, and as what. */
import { Select, Stack, Text } from '@mantine/core';
import { useState, type FormEvent } from 'react';
import { usePeople } from '../../../api/people';
import { useSetMember } from '../../../api/teams';
import type { Team } from '../../../api/types';
import { nameOf } from '../../../app/words';
import { AppLink } from '../../../parts/AppLink';
import { noneSentence } from '../../../parts/Choice';
import { Dialog } from '../../../parts/Dialog';
import { FormEnd } from '../../../parts/FormEnd';
import { Problem } from '../../../parts/Problem';
import { RoleChoice } from '../RoleChoice';
import { strangers } from './words';

export function AddMember({ team, onClose }: { team: Team; onClose: () => void }) {
  const people = usePeople();
  const set = useSetMember(team.name);
  const [id, setId] = useState<string | null>(null);
  const [role, setRole] = useState('responder');
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (id !== null) set.mutate({ id, role }, { onSuccess: onClose });
  };
  return (
    <Dialog title={`Add a member to ${nameOf(team)}`} onClose={onClose}>
      <form onSubmit={submit}>
        <Stack gap="md">
          {people.isError && <Problem error={people.error} what="The people" />}
          <Select
            data-autofocus
            label="Person"
            searchable
            placeholder="A name"
            nothingFoundMessage={noneSentence(people, 'Nobody outside the team is called that')}
            data={strangers(team, people.data).map((one) => ({ value: one.id, label: one.name }))}
            value={id}
            onChange={setId}
          />
          <RoleChoice value={role} onChange={setRole} ofTeam />
          <Text c="dimmed" fz="sm">
            Somebody who does not sign in yet is added under{' '}
            <AppLink to="/admin/people" inherit underline="always">
              People
            </AppLink>{' '}
            first, by an admin of the installation.
          </Text>
          <FormEnd
            act="Add to the team"
            busy={set.isPending}
            disabled={id === null}
            error={set.error}
          />
        </Stack>
      </form>
    </Dialog>
  );
}
