/** The link by which somebody sets a password, this once. */
import { Button, Group, Stack, Text } from '@mantine/core';
import type { PasswordLink } from '../../../api/types';
import { Ago } from '../../../parts/Ago';
import { Secret } from '../../../parts/Secret';

interface Props {
  name: string;
  link: PasswordLink;
  onClose: () => void;
}

export function LinkOnce({ name, link, onClose }: Props) {
  return (
    <Stack gap="md">
      <Text component="div">
        Give this link to <b>{name}</b>, and to nobody else: whoever opens it sets the password. It
        works once, and ends <Ago at={link.expires_at} />.
      </Text>
      <Secret text={link.url} copy="Copy the link" />
      <Group justify="flex-end">
        <Button onClick={onClose}>I have kept it</Button>
      </Group>
    </Stack>
  );
}
