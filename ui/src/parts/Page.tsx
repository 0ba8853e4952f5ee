/**
 * What every page has: where it is, a title that says how things stand, and at its foot the same on
 * the command line and in the handbook.
 */
import { Group, Stack, Text, Title } from '@mantine/core';
import type { ReactNode } from 'react';
import { useTitle } from '../app/title';
import { AppLink } from './AppLink';
import { Command } from './Command';
import { Icon } from './icons';

interface Props {
  /** A sentence about the state. */
  title: string;
  /** The pages above this one. */
  crumbs?: ReactNode;
  /** What stands beside the title: states, a button. */
  aside?: ReactNode;
  /** The handbook's page about this one. */
  help: string;
  commands: string[];
  gap?: 'sm' | 'md' | 'lg';
  children: ReactNode;
}

export function Page({ title, crumbs, aside, help, commands, gap = 'md', children }: Props) {
  useTitle(title);
  return (
    <Stack gap={gap}>
      <Stack gap={4}>
        {crumbs && (
          <Group
            gap="xs"
            c="dimmed"
            fz="sm"
            component="nav"
            aria-label="Where this is"
            style={{ overflowWrap: 'anywhere' }}
          >
            {crumbs}
          </Group>
        )}
        <Group justify="space-between" gap="sm" wrap="wrap">
          <Title
            order={1}
            style={{ textWrap: 'balance', overflowWrap: 'anywhere', flex: '1 1 280px' }}
          >
            {title}
          </Title>
          {aside}
        </Group>
      </Stack>
      {children}
      <Foot help={help} commands={commands} />
    </Stack>
  );
}

function Foot({ help, commands }: Pick<Props, 'help' | 'commands'>) {
  return (
    <Group gap="sm" c="dimmed" pt="sm" mt="xs" style={{ borderTop: '1px solid var(--rule)' }}>
      {commands.length > 0 && <Text fz="sm">On the command line</Text>}
      {commands.map((line) => (
        <Command key={line} line={line} />
      ))}
      <AppLink
        to="/handbook/$page"
        params={{ page: help }}
        fz="sm"
        ml={{ sm: 'auto' }}
        py={{ base: 8, sm: 0 }}
      >
        <Group component="span" gap={5} wrap="nowrap" display="inline-flex">
          <Icon name="book" size={14} />
          Handbook: {help.replaceAll('-', ' ')}
        </Group>
      </AppLink>
    </Group>
  );
}

/** What stands between two pages of the way here. */
export function Slash() {
  return <span aria-hidden>/</span>;
}
