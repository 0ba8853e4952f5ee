/** A secret or a link, this once: what it is, the text to be copied, and that it was kept. */
import { Button, Group, Stack, Text } from '@mantine/core';
import type { ReactNode } from 'react';
import { Secret } from '../../parts/Secret';

interface Props {
  /** What it is, and who it is for. */
  says: ReactNode;
  text: string;
  /** What the button beside it says: "Copy the token". */
  copy: string;
  /** What is to be done with it. */
  children?: ReactNode;
  onClose: () => void;
}

export function ShownOnce({ says, text, copy, children, onClose }: Props) {
  return (
    <Stack gap="md">
      <Text component="div">{says}</Text>
      <Secret text={text} copy={copy} />
      {children}
      <Group justify="flex-end">
        <Button onClick={onClose}>I have kept it</Button>
      </Group>
    </Stack>
  );
}
