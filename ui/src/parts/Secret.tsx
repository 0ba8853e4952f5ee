/** What is shown once: a secret or a link, to be copied. */
import { Code, Group } from '@mantine/core';
import { Copy } from './Copy';

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
      <Copy text={text} label={label} size={36} variant="default" />
    </Group>
  );
}
