/** Whose number it is: a default that ships, or yours; with the way to the document that says it. */
import { Text } from '@mantine/core';
import { useDefinition } from '../api/definitions';
import type { Provenance } from '../api/types';
import { originSentence } from '../app/words';
import { AppLink } from './AppLink';

type Of = Pick<Provenance, 'kind' | 'name'>;
type Whose = Pick<Provenance, 'origin' | 'version' | 'changed_at' | 'changed_by'>;

/** The same, asked of the server. */
export function Origin({ of, subject }: { of: Of; subject: string }) {
  const definition = useDefinition(of.kind, of.name);
  return <OriginOf of={of} subject={subject} whose={definition.data} />;
}

/** Says nothing of whose it is until that is known. */
export function OriginOf({
  of,
  subject,
  whose,
}: {
  of: Of;
  subject: string;
  whose: Whose | undefined;
}) {
  const { kind, name } = of;
  return (
    <Text c="dimmed" fz="sm" component="div">
      {subject}{' '}
      <AppLink to="/definitions/$kind/$name" params={{ kind, name }} inherit underline="always">
        {kind} {name}
      </AppLink>
      {whose !== undefined && `: ${originSentence(whose)}`}
    </Text>
  );
}
