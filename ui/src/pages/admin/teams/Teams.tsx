/** Teams: how many are in each, and what it owns. */
import { Group, Stack, Text } from '@mantine/core';
import { useReceivers } from '../../../api/receivers';
import { useTeams } from '../../../api/teams';
import type { Receiver, Team } from '../../../api/types';
import { count } from '../../../app/format';
import { nameOf } from '../../../app/words';
import { arrival, Arriving } from '../../../parts/Arriving';
import { DataRows, type Column } from '../../../parts/DataRows';
import { Empty } from '../../../parts/Empty';
import { Page } from '../../../parts/Page';
import { RowLink } from '../../../parts/RowLink';
import { Searched } from '../Searched';
import { receiversOf, teamsSentence } from './words';

/** Names that stand in a row; more are counted. */
const NAMED_MAX = 4;

export function Teams() {
  const teams = useTeams();
  const receivers = useReceivers();
  const items = teams.data ?? [];
  return (
    <Page
      title={teams.data === undefined ? 'Teams' : teamsSentence(items)}
      help="teams"
      commands={['plimsoll teams list', 'plimsoll teams set TEAM NAME --role ROLE']}
    >
      <Arriving
        asked={arrival(teams)}
        of="the teams"
        rows={3}
        works="What teams own stays theirs."
      />
      <Arriving asked={{ ...arrival(receivers), isPending: false }} of="the receivers" />
      {teams.data && items.length === 0 && <Blank />}
      <Searched
        one="team"
        many="teams"
        items={items}
        namesOf={({ name, display_name, services, members }) => [
          name,
          display_name,
          ...services,
          ...members.map((member) => member.name),
        ]}
      >
        {(found) => (
          <DataRows
            label="Teams"
            items={found}
            keyOf={(team) => team.name}
            columns={columns(receivers.data)}
            card={(team) => <Card team={team} receivers={receivers.data} />}
            heights={{ row: 58, card: 112 }}
          />
        )}
      </Searched>
    </Page>
  );
}

type Receivers = Receiver[] | undefined;

function columns(receivers: Receivers): Column<Team>[] {
  return [
    { head: 'Team', cell: (team) => <Name team={team} />, width: '30%' },
    { head: 'Members', cell: (team) => count(team.members.length), right: true, width: 90 },
    { head: 'Services', cell: (team) => <Named names={team.services} none="none" /> },
    {
      head: 'Receivers',
      cell: (team) => <Told team={team} receivers={receivers} none="the default ones" />,
      width: '22%',
    },
  ];
}

function Card({ team, receivers }: { team: Team; receivers: Receivers }) {
  return (
    <Stack gap={4}>
      <Group justify="space-between" wrap="nowrap" align="flex-start">
        <Name team={team} />
        <Text style={{ whiteSpace: 'nowrap' }}>
          {count(team.members.length)} {team.members.length === 1 ? 'member' : 'members'}
        </Text>
      </Group>
      <Text fz="sm" c="dimmed" component="div">
        owns: <Named names={team.services} none="no service" />
      </Text>
      <Text fz="sm" c="dimmed" component="div">
        told over: <Told team={team} receivers={receivers} none="the default receivers" />
      </Text>
    </Stack>
  );
}

function Name({ team }: { team: Team }) {
  return (
    <Stack gap={0} miw={0}>
      <RowLink to="/admin/teams/$name" params={{ name: team.name }}>
        {nameOf(team)}
      </RowLink>
      <Text c={team.defined ? 'dimmed' : 'var(--warning-ink)'} fz="sm">
        {team.defined ? team.name : 'only named; no Group defines it'}
      </Text>
    </Stack>
  );
}

function Named({ names, none }: { names: string[]; none: string }) {
  if (names.length === 0)
    return (
      <Text span inherit c="dimmed">
        {none}
      </Text>
    );
  const more = names.length - NAMED_MAX;
  return (
    <Text span inherit style={{ overflowWrap: 'anywhere' }}>
      {names.slice(0, NAMED_MAX).join(', ')}
      {more > 0 && ` and ${more} more`}
    </Text>
  );
}

/** Over what it is told; unless the receivers were read, that is not known. */
function Told({ team, receivers, none }: { team: Team; receivers: Receivers; none: string }) {
  const names = receiversOf(team.name, receivers).map(({ name }) => name);
  return <Named names={names} none={receivers === undefined ? 'not known' : none} />;
}

function Blank() {
  return (
    <Empty
      title="Say who owns what"
      commands={[
        { line: 'plimsoll apply -f catalog/', says: 'Apply Groups, and Components with an owner:' },
        { line: 'plimsoll teams set TEAM NAME --role editor', says: 'Then put people into them:' },
      ]}
    >
      A team is there when a Group defines it or a Component names it as its owner. A role in a team
      holds for what the team owns, so that its members change what is theirs and nothing else.
    </Empty>
  );
}
