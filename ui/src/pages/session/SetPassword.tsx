/** A password, with the code of a link that an admin made. */
import { Button, Stack } from '@mantine/core';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { useState, type FormEvent } from 'react';
import { useSetPassword } from '../../api/session';
import { Refusal } from '../../parts/Refusal';
import { Card } from './Card';
import { NewPassword, PASSWORD_MIN } from '../../parts/NewPassword';

export function SetPassword() {
  const { code } = useSearch({ from: '/password' });
  if (code === undefined) {
    return (
      <Card
        title="This link has no code"
        says="Open the whole link that you were given, or ask an admin for a new one."
      />
    );
  }
  return <PasswordForm code={code} />;
}

function PasswordForm({ code }: { code: string }) {
  const [password, setPassword] = useState('');
  const set = useSetPassword();
  const navigate = useNavigate();
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (password.length < PASSWORD_MIN) return;
    set.mutate({ code, password }, { onSuccess: () => void navigate({ to: '/', replace: true }) });
  };
  return (
    <Card
      title="Set your password"
      says="The link works once, for a day. Wherever you are signed in you will be asked again."
    >
      <form onSubmit={submit}>
        <Stack gap="md">
          <NewPassword value={password} onChange={setPassword} />
          <Refusal error={set.error} />
          <Button type="submit" size="md" fullWidth loading={set.isPending}>
            Set password and sign in
          </Button>
        </Stack>
      </form>
    </Card>
  );
}
