/**
 * A dialog: what it is about, and a way out that is named. A click beside it closes it not: what is
 * typed in it would be gone.
 */
import { Modal, Text } from '@mantine/core';
import type { ReactNode } from 'react';
import { useEnded } from '../api/session';
import { useFocusBack } from './focus';

interface Props {
  title: string;
  onClose: () => void;
  /** Holds something that is shown only here: it is not closed by a slip. */
  once?: boolean;
  children: ReactNode;
}

export function Dialog({ title, onClose, once = false, children }: Props) {
  const ended = useEnded();
  useFocusBack();
  return (
    <Modal
      opened
      onClose={onClose}
      title={<Text fw={600}>{title}</Text>}
      closeButtonProps={{ 'aria-label': 'Close' }}
      closeOnClickOutside={false}
      // What asks for the password stands above it, and a key meant for that is not meant for this.
      closeOnEscape={!once && !ended}
    >
      {children}
    </Modal>
  );
}
