/** Names with their values, a line each. */
import { Box, Text } from '@mantine/core';
import { Fragment, type ReactNode } from 'react';

export function Facts({ facts }: { facts: [string, ReactNode][] }) {
  return (
    <Box
      component="dl"
      m={0}
      style={{
        display: 'grid',
        gridTemplateColumns: 'minmax(84px, max-content) minmax(0, 1fr)',
        columnGap: 16,
        rowGap: 6,
      }}
    >
      {facts.map(([name, value]) => (
        <Fragment key={name}>
          <Text component="dt" c="dimmed">
            {name}
          </Text>
          <Text component="dd" m={0} style={{ overflowWrap: 'anywhere' }}>
            {value}
          </Text>
        </Fragment>
      ))}
    </Box>
  );
}
