/** Why the server did not let someone in. */
import { Text } from '@mantine/core';
import { Failure } from '../api/client';
import { asSentence } from '../app/words';

export function Refusal({ error }: { error: Error | null }) {
  if (error === null) return null;
  const { title, detail, hint } =
    error instanceof Failure ? error.problem : { title: error.message };
  return (
    <Text role="alert" c="var(--exhausted-ink)">
      <b>{asSentence(title)}</b>
      {detail && ` ${asSentence(detail)}`}
      {hint && ` ${asSentence(hint)}`}
    </Text>
  );
}
