/** The rows of people. Their names are what someone typed, shown as text. */
import { Button, Group, Menu, Stack, Text } from '@mantine/core';
import type { Person } from '../../../api/types';
import { sentenceCase } from '../../../app/words';
import { Ago } from '../../../parts/Ago';
import { AppLink } from '../../../parts/AppLink';
import { DataRows, type Column } from '../../../parts/DataRows';
import { State } from '../../../parts/Status';

/** What is to be done with somebody. */
export interface Asked {
  what: 'role' | 'link' | 'erase';
  person: Person;
}

interface Props {
  people: Person[];
  /** Left out for who may not. */
  onAsk: ((asked: Asked) => void) | undefined;
}

export function PeopleRows({ people, onAsk }: Props) {
  return (
    <DataRows
      label="People"
      items={people}
      keyOf={(person) => person.id}
      columns={columns(onAsk)}
      card={(person) => <Card person={person} onAsk={onAsk} />}
      heights={{ row: 58, card: 124 }}
    />
  );
}

function columns(onAsk: Props['onAsk']): Column<Person>[] {
  return [
    { head: 'Name', cell: (person) => <Name person={person} /> },
    { head: 'Role', cell: (person) => sentenceCase(person.role), width: 110 },
    { head: 'Teams', cell: (person) => <Teams person={person} />, width: 220 },
    { head: 'Password', cell: (person) => <Password person={person} />, width: 130 },
    { head: 'Since', cell: (person) => <Ago at={person.created_at} />, width: 120 },
    ...(onAsk === undefined
      ? []
      : [
          {
            head: 'Do',
            cell: (person: Person) => <Actions person={person} onAsk={onAsk} />,
            right: true,
            width: 110,
          },
        ]),
  ];
}

function Card({ person, onAsk }: { person: Person; onAsk: Props['onAsk'] }) {
  return (
    <Group justify="space-between" wrap="nowrap" align="flex-start">
      <Stack gap={2} miw={0}>
        <Name person={person} />
        <Password person={person} />
        <Text fz="sm" component="div">
          {sentenceCase(person.role)}, since <Ago at={person.created_at} />
        </Text>
        <Teams person={person} />
      </Stack>
      {onAsk && <Actions person={person} onAsk={onAsk} />}
    </Group>
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

function Teams({ person: { teams } }: { person: Person }) {
  return (
    <Text fz="sm" c={teams.length === 0 ? 'dimmed' : ''} style={{ overflowWrap: 'anywhere' }}>
      {teams.length === 0
        ? 'in no team'
        : teams.map(({ team, role }, index) => (
            <span key={team}>
              {index > 0 && ', '}
              <AppLink to="/admin/teams/$name" params={{ name: team }} inherit underline="always">
                {team}
              </AppLink>{' '}
              ({role})
            </span>
          ))}
    </Text>
  );
}

function Password({ person }: { person: Person }) {
  return person.has_password ? (
    <State code="accepted" word="Set" />
  ) : (
    <State code="silent" word="Not set yet" />
  );
}

function Actions({ person, onAsk }: { person: Person; onAsk: (asked: Asked) => void }) {
  return (
    <Menu position="bottom-end" withArrow>
      <Menu.Target>
        <Button
          size="compact-sm"
          variant="default"
          style={{ flex: 'none' }}
          aria-label={`Change ${person.name}`}
        >
          Change…
        </Button>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Item onClick={() => onAsk({ what: 'role', person })}>Change the role…</Menu.Item>
        <Menu.Item onClick={() => onAsk({ what: 'link', person })}>New password link…</Menu.Item>
        <Menu.Divider />
        <Menu.Item c="var(--exhausted-ink)" onClick={() => onAsk({ what: 'erase', person })}>
          Erase…
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}
