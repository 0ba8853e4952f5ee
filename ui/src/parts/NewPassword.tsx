/** A password that is set: how long it must be, and how much is missing. */
import { PasswordInput } from '@mantine/core';

/** What the server asks of a password. */
export const PASSWORD_MIN = 12;

export function NewPassword({
  label = 'Password',
  value,
  onChange,
}: {
  label?: string;
  value: string;
  onChange: (value: string) => void;
}) {
  const short = value.length > 0 && value.length < PASSWORD_MIN;
  return (
    <PasswordInput
      label={label}
      description={`At least ${PASSWORD_MIN} characters; four random words are good.`}
      size="md"
      autoComplete="new-password"
      required
      withAsterisk={false}
      minLength={PASSWORD_MIN}
      value={value}
      error={short && `${PASSWORD_MIN - value.length} more to go`}
      onChange={(event) => onChange(event.currentTarget.value)}
    />
  );
}
