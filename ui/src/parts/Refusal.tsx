/** Why the server refused what was sent. */
import { Text } from '@mantine/core';
import { Failure } from '../api/client';
import { asSentence } from '../app/words';
import { Said } from './Said';

export function Refusal({ error }: { error: Error | null }) {
  if (error === null) return null;
  const { title, detail, hint } =
    error instanceof Failure ? error.problem : { title: error.message };
  return (
    <Text role="alert" c="var(--exhausted-ink)">
      <b>
        <Said text={asSentence(title)} />
      </b>
      {detail && <Said text={` ${asSentence(detail)}`} />}
      {hint && <Said text={` ${asSentence(hint)}`} />}
    </Text>
  );
}
