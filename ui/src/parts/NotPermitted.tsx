/** What a reader's role does not show: said, with who can. */
import { Group, Paper, Stack, Text, Title } from '@mantine/core';
import { useMe } from '../api/session';
import { useTitle } from '../app/title';
import { Icon } from './icons';

interface Props {
  /** What is not shown: "Tokens". */
  what: string;
  /** The least role that sees it. */
  role: string;
}

export function NotPermitted({ what, role }: Props) {
  const me = useMe();
  useTitle(what);
  return (
    <Paper withBorder p="lg" bg="var(--surface)">
      <Group gap="md" align="flex-start" wrap="nowrap">
        <Text component="span" c="dimmed" pt={4}>
          <Icon name="lock" size={22} />
        </Text>
        <Stack gap="xs">
          <Title order={1}>
            {what} are for the role {role}
          </Title>
          <Text>
            You are signed in as <b>{me.data?.name}</b> with the role <b>{me.data?.role}</b>.
            Whoever is an admin of this Plimsoll can give you another.
          </Text>
          <Text c="dimmed">Everything else works as it does for everybody.</Text>
        </Stack>
      </Group>
    </Paper>
  );
}
