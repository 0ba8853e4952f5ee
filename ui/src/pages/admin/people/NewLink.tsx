/** A new link for somebody's password: asked first, then shown once. */
import { Button, Group, Stack, Text } from '@mantine/core';
import { usePasswordLink } from '../../../api/people';
import type { Person } from '../../../api/types';
import { Refusal } from '../../../parts/Refusal';
import { MadeOnce } from '../MadeOnce';
import { LinkOnce } from './LinkOnce';

export function NewLink({ person, onClose }: { person: Person; onClose: () => void }) {
  const make = usePasswordLink(person.id);
  return (
    <MadeOnce
      title={`A new password link for ${person.name}`}
      made={make.data}
      shown={(link) => <LinkOnce name={person.name} link={link} onClose={onClose} />}
      onClose={onClose}
    >
      <Stack gap="md">
        <Text>
          The link works once, within a day. Their password stays as it is until they use it; using
          it ends every session they have.
        </Text>
        <Refusal error={make.error} />
        <Group justify="flex-end">
          <Button loading={make.isPending} onClick={() => make.mutate(undefined)}>
            Make the link
          </Button>
        </Group>
      </Stack>
    </MadeOnce>
  );
}
