/** What happened, oldest first, along a line. */
import { Box, Text } from '@mantine/core';
import type { ReactNode } from 'react';
import { Ago } from './Ago';
import { statusInk } from './status';

export interface Moment {
  key: string;
  at: string;
  what: ReactNode;
  says?: ReactNode;
  /** A status that colours its dot. */
  tone?: string;
}

export function Timeline({ moments }: { moments: Moment[] }) {
  return (
    <Box component="ol" m={0} p={0} style={{ listStyle: 'none' }}>
      {moments.map(({ key, at, what, says, tone }, index) => (
        <Box
          component="li"
          key={key}
          pos="relative"
          pl={22}
          pb={index === moments.length - 1 ? 0 : 14}
          style={{ overflowWrap: 'anywhere' }}
        >
          <Rail last={index === moments.length - 1} />
          <Dot tone={tone ?? 'closed'} />
          <Text component="div" lh={1.4}>
            <b>{what}</b>{' '}
            <Text span c="dimmed">
              <Ago at={at} />
            </Text>
          </Text>
          {says && (
            <Text c="dimmed" fz="sm" component="div">
              {says}
            </Text>
          )}
        </Box>
      ))}
    </Box>
  );
}

function Rail({ last }: { last: boolean }) {
  if (last) return null;
  return (
    <span
      aria-hidden
      style={{
        position: 'absolute',
        left: 5,
        top: 12,
        bottom: -6,
        width: 2,
        background: 'var(--rule)',
      }}
    />
  );
}

function Dot({ tone }: { tone: string }) {
  return (
    <span
      aria-hidden
      style={{
        position: 'absolute',
        left: 1,
        top: 5,
        width: 10,
        height: 10,
        borderRadius: 5,
        background: statusInk(tone),
      }}
    />
  );
}
