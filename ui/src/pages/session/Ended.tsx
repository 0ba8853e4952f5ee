/**
 * Asks for the password where a session has ended. The page behind it stays as it is, with all that
 * was typed, and is seen again by whoever was at it.
 */
import { Button, Modal, Stack, Text, TextInput } from '@mantine/core';
import { useState, type FormEvent } from 'react';
import { useComeBack, useLeave } from '../../api/session';
import type { Me } from '../../api/types';
import { useFocusBack } from '../../parts/focus';
import { PasswordEnd } from './PasswordEnd';

/** Above whatever dialog it found. */
const ABOVE = 400;

export function Ended({ me }: { me: Me }) {
  const [password, setPassword] = useState('');
  const comeBack = useComeBack(me);
  const leave = useLeave();
  useFocusBack();
  const submit = (event: FormEvent) => {
    event.preventDefault();
    comeBack.mutate(password);
  };
  return (
    <Modal
      opened
      onClose={leave}
      withCloseButton={false}
      closeOnEscape={false}
      closeOnClickOutside={false}
      zIndex={ABOVE}
      overlayProps={{ color: 'var(--page)', backgroundOpacity: 1 }}
      title={<Text fw={600}>Your session has ended</Text>}
    >
      <form onSubmit={submit}>
        <Stack gap="md">
          <Text>Sign in, and go on where you were: nothing that you typed is lost.</Text>
          <TextInput label="Name" size="md" autoComplete="username" readOnly value={me.name} />
          <PasswordEnd
            value={password}
            onChange={setPassword}
            error={comeBack.error}
            isPending={comeBack.isPending}
          />
          <Button variant="subtle" color="gray" onClick={leave}>
            Sign in as somebody else
          </Button>
        </Stack>
      </form>
    </Modal>
  );
}
