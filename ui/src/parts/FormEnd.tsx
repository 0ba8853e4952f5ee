/** The end of a form in a dialog: why the server refused it, and the button that sends it. */
import { Button, Group } from '@mantine/core';
import { Refusal } from './Refusal';

interface Props {
  /** What the button says it does: "Make the token". */
  act: string;
  busy: boolean;
  disabled?: boolean;
  error: Error | null;
}

export function FormEnd({ act, busy, disabled = false, error }: Props) {
  return (
    <>
      <Refusal error={error} />
      <Group justify="flex-end">
        <Button type="submit" disabled={disabled} loading={busy}>
          {act}
        </Button>
      </Group>
    </>
  );
}
