/** The team for what it owns something may act; an admin of a team chooses among their own. */
import { Select } from '@mantine/core';
import { useState } from 'react';
import { useMe } from '../../api/session';
import { useTeams } from '../../api/teams';
import { nameOf } from '../../app/words';
import { noneSentence, opener } from '../../parts/Choice';

/** The team chosen: the reader's first where they cannot choose the whole installation. */
export function useTeamChoice(): TeamChosen {
  const mine = useOwnTeams();
  const [chosen, choose] = useState<string | null>(null);
  return { mine, team: chosen ?? mine?.[0] ?? null, choose };
}

interface TeamChosen {
  /** The teams that the reader is an admin of; null for an admin of the installation. */
  mine: string[] | null;
  /** None is the whole installation. */
  team: string | null;
  choose: (team: string | null) => void;
}

export function TeamChoice({
  choice: { mine, team, choose },
  description,
}: {
  choice: TeamChosen;
  description: string;
}) {
  const teams = useTeams();
  const offered = (teams.data ?? []).filter(({ name }) => mine === null || mine.includes(name));
  return (
    <Select
      label="Team"
      description={description}
      placeholder="The whole installation"
      clearable={mine === null}
      clearButtonProps={opener('The whole installation')}
      searchable
      nothingFoundMessage={noneSentence(teams, 'No team is called that')}
      data={offered.map((team) => ({ value: team.name, label: nameOf(team) }))}
      value={team}
      onChange={choose}
    />
  );
}

function useOwnTeams(): string[] | null {
  const me = useMe();
  if (me.data == null || me.data.role === 'admin') return null;
  return me.data.teams.filter(({ role }) => role === 'admin').map(({ team }) => team);
}
