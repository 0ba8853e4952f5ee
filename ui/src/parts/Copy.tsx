/** Copies a text; says that it did, or that this browser lets no page do so. */
import { ActionIcon, VisuallyHidden, type ActionIconProps } from '@mantine/core';
import { useClipboard } from '@mantine/hooks';
import { Icon } from './icons';
import { useTip } from './tip';

interface Props extends Pick<ActionIconProps, 'size' | 'variant' | 'color'> {
  text: string;
  /** What the button does: "Copy the token". */
  label: string;
}

export function Copy({ text, label, ...look }: Props) {
  const { copy, copied, error } = useClipboard();
  const outcome = copied ? 'Copied' : error ? 'Nothing was copied: select the text instead' : null;
  const { over, said } = useTip(() => outcome ?? 'Copy');
  return (
    <>
      <ActionIcon {...look} onClick={() => copy(text)} aria-label={label} {...over}>
        <Icon name={copied ? 'check' : error ? 'cross' : 'copy'} />
      </ActionIcon>
      {said}
      <VisuallyHidden role="status">{outcome}</VisuallyHidden>
    </>
  );
}
