/** One definition: whose it is, and its text as it is in force. */
import { Text } from '@mantine/core';
import { getRouteApi } from '@tanstack/react-router';
import { useDefinition } from '../../api/definitions';
import { command } from '../../app/command';
import { originSentence } from '../../app/words';
import { arrival, Arriving } from '../../parts/Arriving';
import { Page } from '../../parts/Page';
import { Pre } from '../../parts/Pre';

const route = getRouteApi('/signed-in/definitions/$kind/$name');

export function DefinitionPage() {
  const { kind, name } = route.useParams();
  const definition = useDefinition(kind, name);
  const { data } = definition;
  return (
    <Page
      title={data === undefined ? `${kind} ${name}` : `${kind} ${name} is ${originSentence(data)}`}
      help="defaults"
      commands={[
        command`plimsoll get definitions ${kind} ${name}`,
        command`plimsoll reference ${kind}`,
      ]}
    >
      <Arriving asked={arrival(definition)} of={`the ${kind} ${name}`} />
      {data !== undefined && (
        <>
          {data.origin === 'default' && (
            <Text maw={760}>
              It ships with Plimsoll. A document of yours with the same kind and name takes its
              place: save this text, change it, and apply it.
            </Text>
          )}
          <Pre text={data.yaml.trimEnd()} label="Its text" whole />
        </>
      )}
    </Page>
  );
}
