/** A document as text. */
import { Code } from '@mantine/core';

interface Props {
  text: string;
  label: string;
  /** However long it is; else it scrolls. */
  whole?: boolean;
}

export function Pre({ text, label, whole = false }: Props) {
  return (
    <Code
      block
      fz="sm"
      tabIndex={0}
      role="region"
      aria-label={label}
      style={{
        overflow: 'auto',
        ...(whole ? {} : { maxHeight: 420 }),
        whiteSpace: 'pre-wrap',
        overflowWrap: 'anywhere',
      }}
    >
      {text}
    </Code>
  );
}
