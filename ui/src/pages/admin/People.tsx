/** Everybody who signs in. */
import { Stack, Text } from '@mantine/core';
import { usePeople } from '../../api/people';
import type { Person } from '../../api/types';
import { inWords } from '../../app/format';
import { sentenceCase } from '../../app/words';
import { Ago } from '../../parts/Ago';
import { DataRows, type Column } from '../../parts/DataRows';
import { LoadingRows } from '../../parts/Loading';
import { Page } from '../../parts/Page';
import { Problem } from '../../parts/Problem';

const COLUMNS: Column<Person>[] = [
  { head: 'Name', cell: (person) => <Name person={person} /> },
  { head: 'Role', cell: (person) => sentenceCase(person.role), width: 160 },
  { head: 'Since', cell: (person) => <Ago at={person.created_at} />, right: true, width: 160 },
];

export function People() {
  const people = usePeople();
  return (
    <Page
      title={people.data === undefined ? 'People' : sentence(people.data.length)}
      help="admin"
      commands={[]}
    >
      {people.isError && (
        <Problem error={people.error} what="The people" retry={() => void people.refetch()} />
      )}
      {people.isPending && <LoadingRows of="the people" rows={3} />}
      {people.data && (
        <DataRows
          label="People"
          items={people.data}
          keyOf={(person) => person.id}
          columns={COLUMNS}
          card={(person) => <Card person={person} />}
          heights={{ row: 50, card: 74 }}
        />
      )}
    </Page>
  );
}

function Card({ person }: { person: Person }) {
  return (
    <Stack gap={2}>
      <Name person={person} />
      <Text c="dimmed" fz="sm" component="div">
        {person.role}, since <Ago at={person.created_at} />
      </Text>
    </Stack>
  );
}

function Name({ person }: { person: Person }) {
  return (
    <Stack gap={0} miw={0}>
      <Text fw={600} style={{ overflowWrap: 'anywhere' }}>
        {person.name}
      </Text>
      <Text c="dimmed" fz="xs" style={{ overflowWrap: 'anywhere' }}>
        {person.id}
      </Text>
    </Stack>
  );
}

function sentence(count: number): string {
  return sentenceCase(`${inWords(count)} ${count === 1 ? 'person signs' : 'people sign'} in here`);
}
