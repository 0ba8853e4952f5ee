/** One's own account: what one may do, where one is signed in, and one's password. */
import { Group, Stack, Text } from '@mantine/core';
import { useSessions } from '../../api/account';
import { useMe } from '../../api/session';
import type { Me } from '../../api/types';
import { sentenceCase } from '../../app/words';
import { AppLink } from '../../parts/AppLink';
import { Page } from '../../parts/Page';
import { Section } from '../../parts/Section';
import { roleSays } from '../admin/RoleChoice';
import { ChangePassword } from './ChangePassword';
import { Sessions } from './Sessions';
import { accountSentence } from './words';

export function AccountPage() {
  const me = useMe();
  const sessions = useSessions();
  if (me.data == null) return null;
  return (
    <Page
      title={accountSentence(me.data, sessions.data)}
      help="account"
      commands={['plimsoll whoami']}
    >
      <Group gap="md" align="flex-start" className="halves">
        <Stack gap="md" miw={0}>
          <May me={me.data} />
          <Sessions />
        </Stack>
        <Stack gap="md" miw={0}>
          <ChangePassword name={me.data.name} />
        </Stack>
      </Group>
    </Page>
  );
}

function May({ me }: { me: Me }) {
  return (
    <Section
      title="What you may do"
      says="A role holds for everything; one in a team only for what the team owns."
    >
      <Role name={sentenceCase(me.role)} of="the whole installation" says={roleSays(me.role)} />
      {me.teams.map(({ team, role }) => (
        <Role
          key={team}
          name={sentenceCase(role)}
          of={
            <AppLink to="/admin/teams/$name" params={{ name: team }} inherit underline="always">
              {team}
            </AppLink>
          }
          says={roleSays(role, true)}
        />
      ))}
      {me.teams.length === 0 && <Text c="dimmed">You are in no team.</Text>}
    </Section>
  );
}

interface RoleProps {
  name: string;
  of: React.ReactNode;
  says: string;
}

function Role({ name, of, says }: RoleProps) {
  return (
    <Stack gap={0}>
      <Text component="div">
        <b>{name}</b> of {of}
      </Text>
      <Text c="dimmed" fz="sm">
        {sentenceCase(says)}
      </Text>
    </Stack>
  );
}
