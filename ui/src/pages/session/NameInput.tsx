/** What someone signs in with, as browsers and password managers know it. */
import { TextInput } from '@mantine/core';

interface Props {
  value: string;
  onChange: (value: string) => void;
  description?: string;
}

export function NameInput({ value, onChange, description }: Props) {
  return (
    <TextInput
      label="Name"
      description={description}
      size="md"
      autoComplete="username"
      autoCapitalize="none"
      spellCheck={false}
      required
      withAsterisk={false}
      autoFocus
      value={value}
      onChange={(event) => onChange(event.currentTarget.value)}
    />
  );
}
