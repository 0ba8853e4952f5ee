/** The search of a list: `/` goes there, Escape leaves it; the address keeps what is typed. */
import { Kbd, TextInput, type TextInputProps } from '@mantine/core';
import { useDebouncedCallback } from '@mantine/hooks';
import { useEffect, useRef, useState } from 'react';
import { usePageKeys } from '../app/chords';
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
  const told = useRef(typed);
  const tell = useDebouncedCallback((text: string) => {
    told.current = text;
    onType(text);
  }, PATIENCE_MS);
  useEffect(() => {
    // What this box told comes back late, and must not undo what was typed since.
    if (typed === told.current) return;
    told.current = typed;
    setText(typed);
  }, [typed]);
  usePageKeys([['/', () => box.current?.focus()]]);
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
      onKeyDown={(event) => {
        if (event.key !== 'Escape') return;
        // A browser would empty the box.
        event.preventDefault();
        event.currentTarget.blur();
      }}
    />
  );
}
