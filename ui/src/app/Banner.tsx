/** Says above every page that something is not as it should be, and offers to mend it. */
import { Button, Container, Group, Text } from '@mantine/core';
import type { ReactNode } from 'react';
import { Icon } from '../parts/icons';

interface Props {
  /** `alert` interrupts whoever has the page read to them; `status` waits. */
  role: 'alert' | 'status';
  icon: 'triangle' | 'broken';
  /** What can be done. */
  act: string;
  onAct: () => void;
  acting?: boolean;
  children: ReactNode;
}

export function Banner({ role, icon, act, onAct, acting = false, children }: Props) {
  return (
    <Container
      fluid
      role={role}
      bg="var(--surface)"
      py={6}
      style={{ borderBottom: '2px solid var(--warning-fill)' }}
    >
      <Group gap="xs" justify="center">
        <Text component="span" c="var(--warning-ink)" lh={0}>
          <Icon name={icon} />
        </Text>
        <Text component="span">{children}</Text>
        <Button size="compact-xs" variant="default" loading={acting} onClick={onAct}>
          {act}
        </Button>
      </Group>
    </Container>
  );
}
