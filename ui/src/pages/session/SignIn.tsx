/** Name and password; or, while nobody has one, where the setup link is found. */
import { Stack, Text } from '@mantine/core';
import { useRouter, useSearch } from '@tanstack/react-router';
import { useEffect, useState, type FormEvent } from 'react';
import { useMe, useSignIn, useSignInState } from '../../api/session';
import { Command } from '../../parts/Command';
import { Card } from './Card';
import { NameInput } from './NameInput';
import { PasswordEnd } from './PasswordEnd';

export function SignIn() {
  const me = useMe();
  const state = useSignInState();
  const { next } = useSearch({ from: '/sign-in' });
  if (me.data) return <GoOn to={next ?? '/'} />;
  if (state.data?.needs_setup) return <NeedsSetup />;
  return <SignInForm />;
}

/** To a whole address, search and all. */
function GoOn({ to }: { to: string }) {
  const { history } = useRouter();
  useEffect(() => history.replace(to), [history, to]);
  return null;
}

function SignInForm() {
  const [name, setName] = useState('');
  const [password, setPassword] = useState('');
  const signIn = useSignIn();
  const submit = (event: FormEvent) => {
    event.preventDefault();
    signIn.mutate({ name: name.trim(), password });
  };
  return (
    <Card title="Sign in">
      <form onSubmit={submit}>
        <Stack gap="md">
          <NameInput value={name} onChange={setName} />
          <PasswordEnd
            value={password}
            onChange={setPassword}
            error={signIn.error}
            isPending={signIn.isPending}
          />
        </Stack>
      </form>
    </Card>
  );
}

function NeedsSetup() {
  return (
    <Card
      title="Nobody has a password yet"
      says="The server printed a one-time link when it started. It sets the first password and signs you in."
    >
      <Text>Look for “one-time link” in the output of:</Text>
      <Command line="plimsoll serve" />
    </Card>
  );
}
