/** The first password, with the code of the one-time link. */
import { Button, Stack } from '@mantine/core';
import { Navigate, useSearch } from '@tanstack/react-router';
import { useState, type FormEvent } from 'react';
import { useMe, useSetup } from '../../api/session';
import { Command } from '../../parts/Command';
import { Card } from './Card';
import { NameInput } from './NameInput';
import { NewPassword, PASSWORD_MIN } from '../../parts/NewPassword';
import { Refusal } from '../../parts/Refusal';

export function Setup() {
  const { code } = useSearch({ from: '/setup' });
  const me = useMe();
  if (me.data) return <Navigate to="/" replace />;
  if (code === undefined) return <NoCode />;
  return <SetupForm code={code} />;
}

function SetupForm({ code }: { code: string }) {
  const [name, setName] = useState('');
  const [password, setPassword] = useState('');
  const setup = useSetup();
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (password.length >= PASSWORD_MIN) setup.mutate({ code, name: name.trim(), password });
  };
  return (
    <Card
      title="Set the first password"
      says="You become the admin of this Plimsoll. The link works once."
    >
      <form onSubmit={submit}>
        <Stack gap="md">
          <NameInput
            value={name}
            onChange={setName}
            description="What you sign in with: letters, digits, dots and dashes."
          />
          <NewPassword value={password} onChange={setPassword} />
          <Refusal error={setup.error} />
          <Button type="submit" size="md" fullWidth loading={setup.isPending}>
            Set password and sign in
          </Button>
        </Stack>
      </form>
    </Card>
  );
}

function NoCode() {
  return (
    <Card
      title="This link has no code"
      says="Open the whole setup link that the server printed when it started."
    >
      <Command line="plimsoll serve" />
    </Card>
  );
}
