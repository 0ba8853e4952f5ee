/** The channels of a receiver, each with its last answer: a provider's words, shown as text. */
import { Group, Stack, Text } from '@mantine/core';
import type { Receiver, ReceiverChannel } from '../../../api/types';
import { count } from '../../../app/format';
import { Ago } from '../../../parts/Ago';
import { AppLink } from '../../../parts/AppLink';
import { Section } from '../../../parts/Section';
import { ChannelState } from './ReceiverState';
import { channelName } from './words';

export function Channels({ receiver }: { receiver: Receiver }) {
  return (
    <Section
      title="Its channels"
      says="Each is owed a message of its own; one that is down keeps it from no other."
      aside={
        <AppLink to="/admin/notifications" search={{ receiver: receiver.name }} fz="sm">
          What it was told
        </AppLink>
      }
    >
      <Stack gap="md" role="list" aria-label="Channels">
        {receiver.channels.map((channel) => (
          <One key={channel.name} channel={channel} />
        ))}
      </Stack>
    </Section>
  );
}

function One({ channel }: { channel: ReceiverChannel }) {
  const { name, target, fault, last } = channel;
  return (
    <Stack gap={2} role="listitem" style={{ overflowWrap: 'anywhere' }}>
      <Group justify="space-between" gap="xs">
        <Text fw={600}>{channelName(name)}</Text>
        <ChannelState channel={channel} />
      </Group>
      {target !== '' && <Text fz="sm">{target}</Text>}
      {fault != null && (
        <Text fz="sm" c="var(--exhausted-ink)">
          {fault}
        </Text>
      )}
      <Text fz="sm" c="dimmed">
        {tally(channel)}
      </Text>
      {last != null && (
        <Text fz="sm" c="dimmed" component="div">
          last: {last.outcome}, “{last.message}”, <Ago at={last.at} />
        </Text>
      )}
    </Stack>
  );
}

/** Where the messages that were ever owed over it stand. */
function tally({ counts }: ReceiverChannel): string {
  const { owed, accepted, superseded, undeliverable, pending } = counts;
  if (owed === 0) return 'nothing was owed over it yet';
  const rest: [number, string][] = [
    [pending, 'on their way'],
    [superseded, 'no longer news'],
    [undeliverable, 'undeliverable'],
  ];
  const said = rest.filter(([many]) => many > 0).map(([many, what]) => `${count(many)} ${what}`);
  return [`took ${count(accepted)} of ${count(owed)} messages`, ...said].join(', ');
}
