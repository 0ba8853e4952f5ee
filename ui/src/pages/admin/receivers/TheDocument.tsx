/** The document that a receiver is, and the commands that change it. */
import { Stack, Text } from '@mantine/core';
import { useDefinition } from '../../../api/definitions';
import { command } from '../../../app/command';
import { Ago } from '../../../parts/Ago';
import { Command } from '../../../parts/Command';
import { Pre } from '../../../parts/Pre';
import { Problem } from '../../../parts/Problem';
import { Section } from '../../../parts/Section';
import { LoadingBlock } from '../../../parts/Loading';

export function TheDocument({ name }: { name: string }) {
  const definition = useDefinition('Receiver', name);
  return (
    <Section
      title="Its document"
      says="It is changed where it is kept, in a file, and put in force by applying it."
    >
      {definition.isPending && <LoadingBlock of="the document" height={120} />}
      {definition.isError && (
        <Problem
          error={definition.error}
          what="The document"
          retry={() => void definition.refetch()}
        />
      )}
      {definition.data && (
        <>
          <Pre text={definition.data.yaml.trim()} label="The document" />
          {definition.data.changed_at != null && (
            <Text fz="sm" c="dimmed" component="div">
              changed <Ago at={definition.data.changed_at} />
              {definition.data.changed_by != null && ` by ${definition.data.changed_by}`}
            </Text>
          )}
        </>
      )}
      <Stack gap={4}>
        <Command line={command`plimsoll definitions get receiver ${name}`} />
        <Command line="plimsoll apply -f receiver.yaml" />
      </Stack>
    </Section>
  );
}
