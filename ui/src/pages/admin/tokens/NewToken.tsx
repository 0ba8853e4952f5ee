/** Making a token: what to call it, what it may and until when; then its secret, this once. */
import {
  Button,
  Checkbox,
  Group,
  Input,
  SegmentedControl,
  Select,
  Stack,
  Text,
} from '@mantine/core';
import { useState, type FormEvent } from 'react';
import { useMe } from '../../../api/session';
import { useTeams } from '../../../api/teams';
import { useCreateToken } from '../../../api/tokens';
import type { Token } from '../../../api/types';
import { now } from '../../../app/now';
import { nameOf } from '../../../app/words';
import { Dialog } from '../../../parts/Dialog';
import { FormEnd } from '../../../parts/FormEnd';
import { NameField } from '../../../parts/NameField';
import { ONCE, Secret } from '../../../parts/Secret';
import { RoleChoice } from '../RoleChoice';
import { endOf, SCOPES, TERMS } from './scopes';

export function NewToken({ onClose }: { onClose: () => void }) {
  const create = useCreateToken();
  const made = create.data;
  return (
    <Dialog title={made ? ONCE : 'Make a token'} onClose={onClose} once={made !== undefined}>
      {made ? <Made token={made} onClose={onClose} /> : <Form create={create} />}
    </Dialog>
  );
}

function Form({ create }: { create: ReturnType<typeof useCreateToken> }) {
  const mine = useOwnTeams();
  const [name, setName] = useState('');
  const [role, setRole] = useState('responder');
  const [chosen, setTeam] = useState<string | null>(null);
  const [scopes, setScopes] = useState<string[]>([]);
  const [term, setTerm] = useState('90');
  const team = chosen ?? mine?.[0] ?? null;
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
        <TeamChoice value={team} onChange={setTeam} mine={mine} />
        <RoleChoice value={role} onChange={setRole} ofTeam={team !== null} />
        <ScopeChoice value={scopes} onChange={setScopes} />
        <Input.Wrapper label="Expires after" labelElement="div">
          <SegmentedControl
            fullWidth
            mt={4}
            aria-label="Expires after"
            data={TERMS}
            value={term}
            onChange={setTerm}
          />
        </Input.Wrapper>
        <FormEnd act="Make the token" busy={create.isPending} error={create.error} />
      </Stack>
    </form>
  );
}

/** The teams that the reader is an admin of; null for an admin of the installation. */
function useOwnTeams(): string[] | null {
  const me = useMe();
  if (me.data == null || me.data.role === 'admin') return null;
  return me.data.teams.filter(({ role }) => role === 'admin').map(({ team }) => team);
}

interface TeamChoiceProps {
  value: string | null;
  onChange: (team: string | null) => void;
  mine: string[] | null;
}

function TeamChoice({ value, onChange, mine }: TeamChoiceProps) {
  const teams = useTeams();
  const offered = (teams.data ?? []).filter(({ name }) => mine === null || mine.includes(name));
  return (
    <Select
      label="Team"
      description="With one, the role holds for what the team owns; everything else is only read."
      placeholder="The whole installation"
      clearable={mine === null}
      searchable
      nothingFoundMessage="No team is called that"
      data={offered.map((team) => ({ value: team.name, label: nameOf(team) }))}
      value={value}
      onChange={onChange}
    />
  );
}

function ScopeChoice({
  value,
  onChange,
}: {
  value: string[];
  onChange: (scopes: string[]) => void;
}) {
  return (
    <Checkbox.Group
      label="Limit it to"
      description="Nothing chosen: all that the role may. A scope gives nothing that the role does not."
      value={value}
      onChange={onChange}
    >
      <Stack gap={8} mt={6}>
        {SCOPES.map(([scope, says]) => (
          <Checkbox key={scope} value={scope} label={scope} description={says} />
        ))}
      </Stack>
    </Checkbox.Group>
  );
}

function Made({ token, onClose }: { token: Token; onClose: () => void }) {
  return (
    <Stack gap="md">
      <Text>
        This is the token <b>{token.name}</b>. Only its hash is stored: nobody can show it again.
      </Text>
      <Secret text={token.secret ?? ''} copy="Copy the token" />
      <Text c="dimmed" fz="sm">
        Give it to a program as PLIMSOLL_TOKEN, from a secret store and never from a repository.
      </Text>
      <Group justify="flex-end">
        <Button onClick={onClose}>I have kept it</Button>
      </Group>
    </Stack>
  );
}
