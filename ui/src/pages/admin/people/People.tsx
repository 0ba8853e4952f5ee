/** Everybody who signs in: added, given a role, and erased. */
import { Button } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { useState } from 'react';
import { usePeople } from '../../../api/people';
import { inWords } from '../../../app/format';
import { sentenceCase } from '../../../app/words';
import { Empty } from '../../../parts/Empty';
import { LoadingRows } from '../../../parts/Loading';
import { Page } from '../../../parts/Page';
import { Problem } from '../../../parts/Problem';
import { AddPerson } from './AddPerson';
import { ChangeRole } from './ChangeRole';
import { ErasePerson } from './ErasePerson';
import { NewLink } from './NewLink';
import { PeopleRows, type Asked } from './PeopleRows';

export function People() {
  const people = usePeople();
  const [adding, add] = useDisclosure();
  const [asked, ask] = useState<Asked | null>(null);
  const items = people.data ?? [];
  return (
    <Page
      title={people.data === undefined ? 'People' : sentence(items.length)}
      aside={<Button onClick={add.open}>Add a person</Button>}
      help="admin"
      commands={['plimsoll people list', 'plimsoll people add NAME --role ROLE']}
    >
      {people.isError && (
        <Problem
          error={people.error}
          what="The people"
          retry={() => void people.refetch()}
          works="Whoever is signed in stays so."
        />
      )}
      {people.isPending && <LoadingRows of="the people" rows={3} />}
      {people.data && items.length === 0 && <Blank />}
      {items.length > 0 && <PeopleRows people={items} onAsk={ask} />}
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
