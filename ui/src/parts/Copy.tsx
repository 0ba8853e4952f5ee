/** Copies a text; says that it did, or that this browser lets no page do so. */
import { ActionIcon, Tooltip, VisuallyHidden, type ActionIconProps } from '@mantine/core';
import { useClipboard } from '@mantine/hooks';
import { Icon } from './icons';

interface Props extends Pick<ActionIconProps, 'size' | 'variant' | 'color'> {
  text: string;
  /** What the button does: "Copy the token". */
  label: string;
}

export function Copy({ text, label, ...look }: Props) {
  const { copy, copied, error } = useClipboard();
  const outcome = copied ? 'Copied' : error ? 'Nothing was copied: select the text instead' : null;
  return (
    <>
      <Tooltip label={outcome ?? 'Copy'} withArrow>
        <ActionIcon {...look} onClick={() => copy(text)} aria-label={label}>
          <Icon name={copied ? 'check' : error ? 'cross' : 'copy'} />
        </ActionIcon>
      </Tooltip>
      <VisuallyHidden role="status">{outcome}</VisuallyHidden>
    </>
  );
}
