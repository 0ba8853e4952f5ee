/** What a reader's role does not show: said, with who can. */
import { Group, Paper, Stack, Text, Title } from '@mantine/core';
import { useMe } from '../api/session';
import { useTitle } from '../app/title';
import { Icon } from './icons';

interface Props {
  /** What is not shown, with its verb: "Tokens are". */
  what: string;
  /** The least role that sees it. */
  role: string;
  /** Whether that role in one team suffices. */
  ofTeam: boolean;
}

export function NotPermitted({ what, role, ofTeam }: Props) {
  const me = useMe();
  const title = `${what} for the role ${role}`;
  useTitle(title);
  return (
    <Paper withBorder p="lg" bg="var(--surface)">
      <Group gap="md" align="flex-start" wrap="nowrap">
        <Text component="span" c="dimmed" pt={4}>
          <Icon name="lock" size={22} />
        </Text>
        <Stack gap="xs">
          <Title order={1}>{title}</Title>
          <Text>
            You are signed in as <b>{me.data?.name}</b> with the role <b>{me.data?.role}</b>.
            Whoever is an admin of this Plimsoll can give you another
            {ofTeam && ', and whoever is an admin of a team one in it'}.
          </Text>
          <Text c="dimmed">Everything else works as it does for everybody.</Text>
        </Stack>
      </Group>
    </Paper>
  );
}
