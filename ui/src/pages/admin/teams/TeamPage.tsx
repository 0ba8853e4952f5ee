/** A team: who is in it as what, and what it owns. */
import { Group, Stack, Text } from '@mantine/core';
import { getRouteApi } from '@tanstack/react-router';
import { useMe } from '../../../api/session';
import { useTeam } from '../../../api/teams';
import type { Team } from '../../../api/types';
import { command } from '../../../app/command';
import { nameOf } from '../../../app/words';
import { AppLink } from '../../../parts/AppLink';
import { arrival, Arriving } from '../../../parts/Arriving';
import { Command } from '../../../parts/Command';
import { Page, Slash } from '../../../parts/Page';
import { mayFor } from '../panels';
import { Members } from './Members';
import { Owns } from './Owns';
import { teamSentence } from './words';

const route = getRouteApi('/signed-in/admin/teams/$name');

export function TeamPage() {
  const { name } = route.useParams();
  const team = useTeam(name);
  return (
    <Page
      title={team.data === undefined ? name : teamSentence(team.data)}
      crumbs={
        <>
          <AppLink to="/admin/teams" inherit>
            Teams
          </AppLink>
          <Slash />
          <span>{team.data === undefined ? name : nameOf(team.data)}</span>
        </>
      }
      help="teams"
      commands={[
        command`plimsoll teams get ${name}`,
        command`plimsoll teams set ${name} NAME --role ROLE`,
      ]}
    >
      <Arriving asked={arrival(team)} of="the team" rows={3} works="What it owns stays its own." />
      {team.data && <Whole team={team.data} />}
    </Page>
  );
}

function Whole({ team }: { team: Team }) {
  const me = useMe();
  return (
    <>
      {!team.defined && <Undefined />}
      <Group gap="md" align="flex-start" className="halves">
        <Stack gap="md" miw={0}>
          <Members team={team} mayChange={mayFor(me.data, 'admin', team.name)} />
        </Stack>
        <Stack gap="md" miw={0}>
          <Owns team={team} />
        </Stack>
      </Group>
    </>
  );
}

function Undefined() {
  return (
    <Stack gap={4}>
      <Text c="var(--warning-ink)">
        No Group defines this team: it is only named as an owner, or has members left. A Group gives
        it a title, and says that the name is no slip.
      </Text>
      <Command line="plimsoll apply -f team.yaml" />
    </Stack>
  );
}
