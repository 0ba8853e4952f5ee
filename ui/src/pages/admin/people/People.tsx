/** Everybody who signs in: added, given a role, and erased. */
import { Button, Text } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { useState } from 'react';
import { usePeople } from '../../../api/people';
import { useMe } from '../../../api/session';
import { inWords } from '../../../app/format';
import { sentenceCase } from '../../../app/words';
import { arrival, Arriving } from '../../../parts/Arriving';
import { Empty } from '../../../parts/Empty';
import { Page } from '../../../parts/Page';
import { mayFor } from '../panels';
import { Searched } from '../Searched';
import { later } from '../../../parts/later';
import { PeopleRows, type Asked } from './PeopleRows';

const AddPerson = later(() => import('./AddPerson').then((m) => m.AddPerson));
const ChangeRole = later(() => import('./ChangeRole').then((m) => m.ChangeRole));
const ErasePerson = later(() => import('./ErasePerson').then((m) => m.ErasePerson));
const NewLink = later(() => import('./NewLink').then((m) => m.NewLink));

export function People() {
  const people = usePeople();
  const me = useMe();
  const may = mayFor(me.data, 'admin', null);
  const [adding, add] = useDisclosure();
  const [asked, ask] = useState<Asked | null>(null);
  const items = people.data ?? [];
  return (
    <Page
      title={people.data === undefined ? 'People' : sentence(items.length)}
      aside={may && <Button onClick={add.open}>Add a person</Button>}
      help="people"
      commands={['plimsoll people list', 'plimsoll people add NAME --role ROLE']}
    >
      <Arriving
        asked={arrival(people)}
        of="the people"
        rows={3}
        works="Whoever is signed in stays so."
      />
      {!may && (
        <Text c="dimmed">
          You see them since you manage a team: put them into it on its page. Adding people, their
          roles for everything and their passwords are for admins of the installation.
        </Text>
      )}
      {people.data && items.length === 0 && <Blank />}
      <Searched
        one="person"
        many="people"
        items={items}
        namesOf={({ name, id, role, teams }) => [name, id, role, ...teams.map(({ team }) => team)]}
      >
        {(found) => <PeopleRows people={found} onAsk={may ? ask : undefined} />}
      </Searched>
      {adding && <AddPerson onClose={add.close} />}
      {asked !== null && <Answer asked={asked} onClose={() => ask(null)} />}
    </Page>
  );
}

function Answer({ asked: { what, person }, onClose }: { asked: Asked; onClose: () => void }) {
  switch (what) {
    case 'role':
      return <ChangeRole person={person} onClose={onClose} />;
    case 'link':
      return <NewLink person={person} onClose={onClose} />;
    case 'erase':
      return <ErasePerson person={person} onClose={onClose} />;
  }
}

function Blank() {
  return (
    <Empty
      title="Let a person in"
      commands={[{ line: 'plimsoll people add NAME', says: 'Or on the command line:' }]}
    >
      Each person signs in with their own name and a password that they set themselves, with a link
      that works once.
    </Empty>
  );
}

function sentence(count: number): string {
  if (count === 0) return 'Nobody signs in here';
  return sentenceCase(`${inWords(count)} ${count === 1 ? 'person signs' : 'people sign'} in here`);
}
