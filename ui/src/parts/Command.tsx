/** A command that does on the terminal what the page does, to be copied. */
import { ActionIcon, Code, CopyButton, Group, Tooltip } from '@mantine/core';
import { Icon } from './icons';

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
      <CopyButton value={line}>
        {({ copied, copy }) => (
          <Tooltip label={copied ? 'Copied' : 'Copy'} withArrow>
            <ActionIcon
              variant="subtle"
              color="gray"
              onClick={copy}
              aria-label={`Copy the command ${line}`}
            >
              <Icon name={copied ? 'check' : 'copy'} />
            </ActionIcon>
          </Tooltip>
        )}
      </CopyButton>
    </Group>
  );
}
