/** A command that does on the terminal what the page does, to be copied. */
import { Code, Group } from '@mantine/core';
import { Copy } from './Copy';

export function Command({ line }: { line: string }) {
  return (
    <Group gap={4} wrap="nowrap" miw={0}>
      <Code
        style={{ overflowX: 'auto', whiteSpace: 'nowrap', minWidth: 0 }}
        fz="sm"
        px={8}
        py={4}
        tabIndex={0}
      >
        {line}
      </Code>
      <Copy text={line} label={`Copy the command ${line}`} variant="subtle" color="gray" />
    </Group>
  );
}
