/** Another password for oneself: the rules first, then what the server thinks of it. */
import { PasswordInput, Stack, Text } from '@mantine/core';
import { useState, type FormEvent } from 'react';
import { useChangePassword } from '../../api/account';
import { FormEnd } from '../../parts/FormEnd';
import { NewPassword, PASSWORD_MIN } from '../../parts/NewPassword';
import { Section } from '../../parts/Section';
import { State } from '../../parts/Status';

export function ChangePassword({ name }: { name: string }) {
  const change = useChangePassword();
  const [current, setCurrent] = useState('');
  const [fresh, setFresh] = useState('');
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (fresh.length < PASSWORD_MIN) return;
    change.mutate(
      { current, new: fresh },
      {
        onSuccess: () => {
          setCurrent('');
          setFresh('');
        },
      },
    );
  };
  return (
    <Section title="Your password" says="Changing it ends your other sessions.">
      <form onSubmit={submit}>
        <Stack gap="md">
          {/* So that a password manager knows whose it is. */}
          <input type="text" autoComplete="username" value={name} readOnly hidden />
          <PasswordInput
            label="Password until now"
            size="md"
            autoComplete="current-password"
            required
            withAsterisk={false}
            value={current}
            onChange={(event) => setCurrent(event.currentTarget.value)}
          />
          <NewPassword label="New password" value={fresh} onChange={setFresh} />
          <Text c="dimmed" fz="sm">
            Any characters will do, and it does not run out; it must not be among the first that
            somebody would guess. The server says why when it is.
          </Text>
          {change.isSuccess && (
            <div role="status">
              <State code="accepted" word="It is changed" />
            </div>
          )}
          <FormEnd act="Change the password" busy={change.isPending} error={change.error} />
        </Stack>
      </form>
    </Section>
  );
}
