/** A word that says more about itself when it is pointed at, focused or touched. */
import { Text, Tooltip } from '@mantine/core';
import type { ReactNode } from 'react';

export function Hint({ says, children }: { says: string; children: ReactNode }) {
  return (
    <Tooltip
      label={says}
      multiline
      maw={320}
      withArrow
      events={{ hover: true, focus: true, touch: true }}
    >
      <Text
        span
        inherit
        tabIndex={0}
        style={{ cursor: 'help', textDecoration: 'underline dotted', textUnderlineOffset: 3 }}
      >
        {children}
      </Text>
    </Tooltip>
  );
}
