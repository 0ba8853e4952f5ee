/** The first password, with the code of the one-time link. */
import { Button, PasswordInput, Stack } from '@mantine/core';
import { Navigate, useSearch } from '@tanstack/react-router';
import { useState, type FormEvent } from 'react';
import { useMe, useSetup } from '../../api/session';
import { Command } from '../../parts/Command';
import { Card } from './Card';
import { NameInput } from './NameInput';
import { Refusal } from '../../parts/Refusal';

/** What the server asks of a password. */
const PASSWORD_MIN = 12;

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
  const short = password.length > 0 && password.length < PASSWORD_MIN;
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
          <PasswordInput
            label="Password"
            description={`At least ${PASSWORD_MIN} characters; a sentence is good.`}
            size="md"
            autoComplete="new-password"
            required
            withAsterisk={false}
            minLength={PASSWORD_MIN}
            value={password}
            error={short && `${PASSWORD_MIN - password.length} more to go`}
            onChange={(event) => setPassword(event.currentTarget.value)}
          />
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
