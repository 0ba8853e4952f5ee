/** One definition: whose it is, and its text as it is in force. */
import { Box, Paper, Text } from '@mantine/core';
import { getRouteApi } from '@tanstack/react-router';
import { useDefinition } from '../../api/definitions';
import { command } from '../../app/command';
import { originSentence } from '../../app/words';
import { LoadingRows } from '../../parts/Loading';
import { Page } from '../../parts/Page';
import { Problem } from '../../parts/Problem';

const route = getRouteApi('/signed-in/definitions/$kind/$name');

export function DefinitionPage() {
  const { kind, name } = route.useParams();
  const { data, error, isPending, refetch } = useDefinition(kind, name);
  return (
    <Page
      title={data === undefined ? `${kind} ${name}` : `${kind} ${name} is ${originSentence(data)}`}
      help="defaults"
      commands={[
        command`plimsoll get definitions ${kind} ${name}`,
        command`plimsoll reference ${kind}`,
      ]}
    >
      {isPending && <LoadingRows of={`${kind} ${name}`} />}
      {error !== null && (
        <Problem error={error} what={`The ${kind} ${name}`} retry={() => void refetch()} />
      )}
      {data !== undefined && (
        <>
          {data.origin === 'default' && (
            <Text maw={760}>
              It ships with Plimsoll. A document of yours with the same kind and name takes its
              place: save this text, change it, and apply it.
            </Text>
          )}
          <Paper withBorder bg="var(--surface)" p="md" style={{ overflowX: 'auto' }}>
            <Box
              component="pre"
              m={0}
              fz="sm"
              tabIndex={0}
              role="region"
              aria-label="Its text"
              style={{ fontFamily: 'var(--mantine-font-family-monospace)' }}
            >
              {data.yaml.trimEnd()}
            </Box>
          </Paper>
        </>
      )}
    </Page>
  );
}
