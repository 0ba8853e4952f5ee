/** What is shown once: a secret or a link, to be copied. */
import { ActionIcon, Code, CopyButton, Group, Tooltip } from '@mantine/core';
import { Icon } from './icons';

/** The title of what shows it. */
export const ONCE = 'Keep it now: it is shown only here';

/** `copy` says what the button does: "Copy the token". */
export function Secret({ text, copy: label }: { text: string; copy: string }) {
  return (
    <Group gap="xs" wrap="nowrap">
      <Code
        block
        style={{ flex: 1, minWidth: 0, overflowWrap: 'anywhere', whiteSpace: 'pre-wrap' }}
        fz="sm"
        data-secret
      >
        {text}
      </Code>
      <CopyButton value={text}>
        {({ copied, copy }) => (
          <Tooltip label={copied ? 'Copied' : 'Copy'} withArrow>
            <ActionIcon size={36} variant="default" onClick={copy} aria-label={label}>
              <Icon name={copied ? 'check' : 'copy'} />
            </ActionIcon>
          </Tooltip>
        )}
      </CopyButton>
    </Group>
  );
}
