/** The search of a list: `/` goes there, Escape leaves it; the address keeps what is typed. */
import { Kbd, TextInput, type TextInputProps } from '@mantine/core';
import { useDebouncedCallback, useHotkeys } from '@mantine/hooks';
import { useEffect, useRef, useState } from 'react';
import { Icon } from './icons';

interface Props {
  label: string;
  typed: string;
  onType: (text: string) => void;
  w?: TextInputProps['w'];
}

const PATIENCE_MS = 200;

export function SearchBox({ label, typed, onType, w = { base: '100%', sm: 300 } }: Props) {
  const [text, setText] = useState(typed);
  const box = useRef<HTMLInputElement>(null);
  const tell = useDebouncedCallback(onType, PATIENCE_MS);
  useEffect(() => setText(typed), [typed]);
  useHotkeys([['/', () => box.current?.focus()]]);
  return (
    <TextInput
      ref={box}
      type="search"
      w={w}
      aria-label={label}
      placeholder={label}
      leftSection={<Icon name="search" size={14} />}
      rightSection={
        <Kbd size="xs" visibleFrom="sm">
          /
        </Kbd>
      }
      value={text}
      onChange={(event) => {
        setText(event.currentTarget.value);
        tell(event.currentTarget.value);
      }}
      onKeyDown={(event) => event.key === 'Escape' && event.currentTarget.blur()}
    />
  );
}
