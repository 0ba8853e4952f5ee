/** How a form to sign in ends: the password, why it was refused, and the way in. */
import { Button, PasswordInput } from '@mantine/core';
import { Refusal } from '../../parts/Refusal';

interface Props {
  value: string;
  onChange: (value: string) => void;
  error: Error | null;
  isPending: boolean;
}

export function PasswordEnd({ value, onChange, error, isPending }: Props) {
  return (
    <>
      <PasswordInput
        label="Password"
        size="md"
        autoComplete="current-password"
        required
        withAsterisk={false}
        data-autofocus
        value={value}
        onChange={(event) => onChange(event.currentTarget.value)}
      />
      <Refusal error={error} />
      <Button type="submit" size="md" fullWidth loading={isPending}>
        Sign in
      </Button>
    </>
  );
}
