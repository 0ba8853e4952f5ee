/** A document as text. */
import { Code } from '@mantine/core';

export function Pre({ text, label }: { text: string; label: string }) {
  return (
    <Code
      block
      fz="sm"
      tabIndex={0}
      role="region"
      aria-label={label}
      style={{ overflow: 'auto', maxHeight: 420, whiteSpace: 'pre-wrap', overflowWrap: 'anywhere' }}
    >
      {text}
    </Code>
  );
}
