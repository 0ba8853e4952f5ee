/** The form that lets a program in: what it is called, for which team, what it may, until when. */
import { Stack } from '@mantine/core';
import { useState, type FormEvent, type ReactNode } from 'react';
import { now } from '../../app/now';
import { FormEnd } from '../../parts/FormEnd';
import { NameField } from '../../parts/NameField';
import { TeamChoice, useTeamChoice } from './TeamChoice';
import { endOf, TermChoice } from './TermChoice';

/** What is said of it, whatever it is. */
export interface Named {
  name: string;
  team?: string;
  expires_at?: string;
}

interface Props {
  /** What the name and the team mean. */
  says: { name: string; team: string };
  /** What the button says it does. */
  act: string;
  making: { isPending: boolean; error: Error | null };
  /** Whether what it may is not chosen yet. */
  unfinished?: boolean;
  onMake: (named: Named) => void;
  /** What it may; for what a team owns, or for all. */
  children: (ofTeam: boolean) => ReactNode;
}

export function LetIn({ says, act, making, unfinished = false, onMake, children }: Props) {
  const choice = useTeamChoice();
  const [name, setName] = useState('');
  const [term, setTerm] = useState('90');
  const { team } = choice;
  const submit = (event: FormEvent) => {
    event.preventDefault();
    onMake({ name: name.trim(), ...(team === null ? {} : { team }), ...endOf(term, now()) });
  };
  return (
    <form onSubmit={submit}>
      <Stack gap="md">
        <NameField description={says.name} value={name} onChange={setName} />
        <TeamChoice choice={choice} description={says.team} />
        {children(team !== null)}
        <TermChoice value={term} onChange={setTerm} />
        <FormEnd act={act} busy={making.isPending} disabled={unfinished} error={making.error} />
      </Stack>
    </form>
  );
}
