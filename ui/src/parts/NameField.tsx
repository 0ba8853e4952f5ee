/** What something new is called: the first field of its form. */
import { TextInput } from '@mantine/core';

interface Props {
  description: string;
  value: string;
  onChange: (value: string) => void;
}

export function NameField({ description, value, onChange }: Props) {
  return (
    <TextInput
      data-autofocus
      label="Name"
      description={description}
      required
      withAsterisk={false}
      maxLength={63}
      value={value}
      onChange={(event) => onChange(event.currentTarget.value)}
    />
  );
}
