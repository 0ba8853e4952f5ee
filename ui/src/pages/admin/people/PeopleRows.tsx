/** The rows of people. Their names are what someone typed, shown as text. */
import { Text } from '@mantine/core';
import type { Person } from '../../../api/types';
import { sentenceCase } from '../../../app/words';
import { Ago } from '../../../parts/Ago';
import { AppLink } from '../../../parts/AppLink';
import type { Column } from '../../../parts/DataRows';
import { State } from '../../../parts/Status';
import { AccessRows } from '../AccessRows';
import { Change } from '../Change';
import { Called } from '../credentials';

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

const COLUMNS: Column<Person>[] = [
  { head: 'Name', cell: (person) => <Called of={person} /> },
  { head: 'Role', cell: ({ role }) => sentenceCase(role), width: 110 },
  { head: 'Teams', cell: (person) => <Teams person={person} />, width: 220 },
  { head: 'Password', cell: (person) => <Password person={person} />, width: 170 },
  { head: 'Since', cell: ({ created_at }) => <Ago at={created_at} />, width: 120 },
];

export function PeopleRows({ people, onAsk }: Props) {
  return (
    <AccessRows
      label="People"
      items={people}
      columns={COLUMNS}
      lines={(person) => <Lines person={person} />}
      act={onAsk && ((person) => <Actions person={person} onAsk={onAsk} />)}
    />
  );
}

function Lines({ person }: { person: Person }) {
  return (
    <>
      <Called of={person} />
      <Password person={person} />
      <Text fz="sm" component="div">
        {sentenceCase(person.role)}, since <Ago at={person.created_at} />
      </Text>
      <Teams person={person} />
    </>
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
    <State code="accepted" word="Password set" />
  ) : (
    <State code="silent" word="No password yet" />
  );
}

function Actions({ person, onAsk }: { person: Person; onAsk: (asked: Asked) => void }) {
  const ask = (what: Asked['what']) => () => onAsk({ what, person });
  return (
    <Change
      name={person.name}
      deeds={[
        { says: 'Change the role…', onAsk: ask('role') },
        { says: 'New password link…', onAsk: ask('link') },
      ]}
      grave={{ says: 'Erase…', onAsk: ask('erase') }}
    />
  );
}
