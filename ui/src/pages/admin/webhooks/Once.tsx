/** A sender's secret, this once, and where what is signed with it goes. */
import { Code, Stack, Text } from '@mantine/core';
import type { Webhook } from '../../../api/types';
import { ShownOnce } from '../ShownOnce';
import { addresses } from './scopes';

export function Once({ webhook, onClose }: { webhook: Webhook; onClose: () => void }) {
  return (
    <ShownOnce
      says={
        <>
          This is the secret of <b>{webhook.name}</b>. It stands in no database: nobody can show it
          again.
        </>
      }
      text={webhook.secret ?? ''}
      copy="Copy the secret"
      onClose={onClose}
    >
      <Stack gap={4}>
        <Text c="dimmed" fz="sm">
          Whoever has it signs with it as Standard Webhooks says, and sends to:
        </Text>
        {addresses(webhook).map((address) => (
          <Code key={address} fz="sm" style={{ overflowWrap: 'anywhere' }}>
            {address}
          </Code>
        ))}
      </Stack>
    </ShownOnce>
  );
}
