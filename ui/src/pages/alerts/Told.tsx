/** Who was told about an alert, and how each attempt ended. */
import { Group, Stack, Text } from '@mantine/core';
import { useTold } from '../../api/notifications';
import type { Alert, Notification } from '../../api/types';
import { Ago } from '../../parts/Ago';
import { Attempts, DeliveryState, newsOf } from '../../parts/Delivery';
import { Problem } from '../../parts/Problem';
import { Section } from '../../parts/Section';
import { LoadingBlock } from '../../parts/Loading';
import { nobodySentence } from './words';

export function Told({ alert }: { alert: Alert }) {
  const told = useTold(alert.id);
  return (
    <Section title="Who was told">
      {told.isPending && <LoadingBlock of="who was told" height={60} />}
      {told.isError && (
        <Problem
          error={told.error}
          what="Who was told"
          retry={() => void told.refetch()}
          works="Delivery goes on without this page."
        />
      )}
      {told.data?.length === 0 && (
        <Text style={{ overflowWrap: 'anywhere' }}>{nobodySentence(alert)}</Text>
      )}
      <Stack gap="md">
        {told.data?.map((message) => (
          <One key={message.id} message={message} />
        ))}
      </Stack>
    </Section>
  );
}

function One({ message }: { message: Notification }) {
  return (
    <Stack gap={2}>
      <Group justify="space-between" gap="xs">
        <Text fw={600} style={{ overflowWrap: 'anywhere' }}>
          {message.receiver}
        </Text>
        <DeliveryState message={message} />
      </Group>
      <Text c="dimmed" fz="sm" component="div">
        {newsOf(message, 'it')}, <Ago at={message.created_at} />
      </Text>
      <Attempts message={message} />
    </Stack>
  );
}
