/** Making a token: what to call it and what it may; then its secret, this once. */
import {
  ActionIcon,
  Button,
  Code,
  CopyButton,
  Group,
  Modal,
  Radio,
  Stack,
  Text,
  TextInput,
  Tooltip,
} from '@mantine/core';
import { useState, type FormEvent } from 'react';
import { useCreateToken } from '../../../api/access';
import type { Token } from '../../../api/types';
import { Icon } from '../../../parts/icons';
import { Refusal } from '../../../parts/Refusal';

/** Each role with what it may, the least first. */
const ROLES: [string, string][] = [
  ['viewer', 'reads'],
  ['responder', 'also sends telemetry, records deployments and asks gates: for pipelines'],
  ['editor', 'also applies definitions'],
  ['admin', 'also manages people and tokens'],
];

export function NewToken({ onClose }: { onClose: () => void }) {
  const create = useCreateToken();
  const made = create.data;
  return (
    <Modal
      opened
      onClose={onClose}
      title={<Text fw={600}>{made ? 'Keep it now: it is shown only here' : 'Make a token'}</Text>}
      closeButtonProps={{ 'aria-label': 'Close' }}
      closeOnClickOutside={made === undefined}
      closeOnEscape={made === undefined}
    >
      {made ? <Secret token={made} onClose={onClose} /> : <Form create={create} />}
    </Modal>
  );
}

function Form({ create }: { create: ReturnType<typeof useCreateToken> }) {
  const [name, setName] = useState('');
  const [role, setRole] = useState('responder');
  const submit = (event: FormEvent) => {
    event.preventDefault();
    create.mutate({ name: name.trim(), role });
  };
  return (
    <form onSubmit={submit}>
      <Stack gap="md">
        <TextInput
          data-autofocus
          label="Name"
          description="What comes in with it: letters, digits, dots and dashes."
          required
          withAsterisk={false}
          maxLength={63}
          value={name}
          onChange={(event) => setName(event.currentTarget.value)}
        />
        <Radio.Group label="Role" value={role} onChange={setRole}>
          <Stack gap={8} mt={6}>
            {ROLES.map(([value, says]) => (
              <Radio key={value} value={value} label={value} description={says} />
            ))}
          </Stack>
        </Radio.Group>
        <Refusal error={create.error} />
        <Group justify="flex-end">
          <Button type="submit" loading={create.isPending}>
            Make the token
          </Button>
        </Group>
      </Stack>
    </form>
  );
}

function Secret({ token, onClose }: { token: Token; onClose: () => void }) {
  const secret = token.secret ?? '';
  return (
    <Stack gap="md">
      <Text>
        This is the token <b>{token.name}</b>. Only its hash is stored: nobody can show it again.
      </Text>
      <Group gap="xs" wrap="nowrap">
        <Code
          block
          style={{ flex: 1, minWidth: 0, overflowWrap: 'anywhere', whiteSpace: 'pre-wrap' }}
          fz="sm"
          data-secret
        >
          {secret}
        </Code>
        <CopyButton value={secret}>
          {({ copied, copy }) => (
            <Tooltip label={copied ? 'Copied' : 'Copy'} withArrow>
              <ActionIcon size={36} variant="default" onClick={copy} aria-label="Copy the token">
                <Icon name={copied ? 'check' : 'copy'} />
              </ActionIcon>
            </Tooltip>
          )}
        </CopyButton>
      </Group>
      <Text c="dimmed" fz="sm">
        Give it to a program as PLIMSOLL_TOKEN, from a secret store and never from a repository.
      </Text>
      <Group justify="flex-end">
        <Button onClick={onClose}>I have kept it</Button>
      </Group>
    </Stack>
  );
}
