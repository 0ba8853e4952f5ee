/** Whether those who were to be told were told. */
import { Group, Stack, Text } from '@mantine/core';
import { useNotifications } from '../../api/notifications';
import { useReceivers } from '../../api/receivers';
import type { Notification } from '../../api/types';
import { Ago } from '../../parts/Ago';
import { AppLink } from '../../parts/AppLink';
import { DeliveryState, newsOf } from '../../parts/Delivery';
import { Panel } from './Panel';
import { toldSentence } from './words';

const SHOWN = 4;

/** What somebody still waits for, or waits for in vain; the superseded is no news any more. */
const isLate = ({ state }: Notification) => state === 'pending' || state === 'undeliverable';

export function Told() {
  const told = useNotifications();
  // Whoever was told has a receiver.
  const receivers = useReceivers(told.known && told.items.length === 0);
  const nobody = receivers.data?.length === 0;
  const late = told.items.filter(isLate);
  const shown = [...late, ...told.items.filter((message) => !isLate(message))].slice(0, SHOWN);
  return (
    <Panel
      title={told.known ? toldSentence(told.items, told.more, nobody) : undefined}
      what="Messages"
      error={told.error}
      retry={told.retry}
      more={
        <AppLink
          to={nobody ? '/admin/receivers' : '/admin/notifications'}
          fz="sm"
          style={{ whiteSpace: 'nowrap' }}
        >
          {nobody ? 'Receivers' : 'All messages'}
        </AppLink>
      }
    >
      {told.known && shown.length === 0 && (
        <Text c="dimmed">
          When an alert opens, its owner’s receivers are told; without any, the default ones.
        </Text>
      )}
      <Stack gap={8}>
        {shown.map((message) => (
          <Group key={message.id} justify="space-between" wrap="nowrap" gap="md">
            <Stack gap={0} miw={0}>
              <AppLink to="/alerts/$id" params={{ id: message.alert }} truncate>
                {message.receiver}
              </AppLink>
              <Text c="dimmed" fz="sm" component="div">
                {newsOf(message, 'an alert')}, <Ago at={message.created_at} />
              </Text>
            </Stack>
            <DeliveryState message={message} />
          </Group>
        ))}
      </Stack>
    </Panel>
  );
}
