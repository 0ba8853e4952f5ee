/** Permissions to choose from, each with what it permits. */
import { Checkbox, Stack } from '@mantine/core';

interface Props {
  label: string;
  description: string;
  scopes: [scope: string, says: string][];
  value: string[];
  onChange: (scopes: string[]) => void;
}

export function ScopeChoice({ label, description, scopes, value, onChange }: Props) {
  return (
    <Checkbox.Group label={label} description={description} value={value} onChange={onChange}>
      <Stack gap={8} mt={6}>
        {scopes.map(([scope, says]) => (
          <Checkbox key={scope} value={scope} label={scope} description={says} />
        ))}
      </Stack>
    </Checkbox.Group>
  );
}
