/** Receivers: who hears of what, over which channels, and whether they take it. */
import { Group, Stack, Text } from '@mantine/core';
import { useReceivers } from '../../../api/receivers';
import type { Receiver } from '../../../api/types';
import { count } from '../../../app/format';
import { sentenceCase } from '../../../app/words';
import { arrival, Arriving } from '../../../parts/Arriving';
import { DataRows, type Column } from '../../../parts/DataRows';
import { Empty } from '../../../parts/Empty';
import { Page } from '../../../parts/Page';
import { Pre } from '../../../parts/Pre';
import { RowLink } from '../../../parts/RowLink';
import { Searched } from '../Searched';
import { ReceiverState } from './ReceiverState';
import { channelName, hears, receiversSentence, reminded } from './words';

const COLUMNS: Column<Receiver>[] = [
  { head: 'State', cell: (receiver) => <ReceiverState receiver={receiver} />, width: 160 },
  { head: 'Receiver', cell: (receiver) => <Name receiver={receiver} /> },
  { head: 'Channels', cell: (receiver) => channels(receiver), width: '22%' },
  { head: 'Reminds', cell: reminded, width: 120 },
  { head: 'Told', cell: told, right: true, width: 110 },
];

export function Receivers() {
  const receivers = useReceivers();
  const items = receivers.data ?? [];
  return (
    <Page
      title={receivers.data === undefined ? 'Receivers' : receiversSentence(items)}
      help="receivers"
      commands={['plimsoll receivers list', 'plimsoll receivers test NAME']}
    >
      <Arriving
        asked={arrival(receivers)}
        of="the receivers"
        rows={3}
        works="Delivery goes on without this page."
      />
      {receivers.data && items.length === 0 && <Blank />}
      <Searched
        one="receiver"
        many="receivers"
        items={items}
        namesOf={({ name, team, channels }) => [name, team, ...channels.map((one) => one.name)]}
      >
        {(found) => (
          <DataRows
            label="Receivers"
            items={found}
            keyOf={(receiver) => receiver.name}
            columns={COLUMNS}
            card={(receiver) => <Card receiver={receiver} />}
            heights={{ row: 58, card: 116 }}
          />
        )}
      </Searched>
    </Page>
  );
}

function Card({ receiver }: { receiver: Receiver }) {
  return (
    <Stack gap={4}>
      <ReceiverState receiver={receiver} />
      <Name receiver={receiver} />
      <Group justify="space-between" fz="sm" c="dimmed" gap="xs">
        <span>
          {channels(receiver)}, reminds {reminded(receiver)}
        </span>
        <span>told {told(receiver)}</span>
      </Group>
    </Stack>
  );
}

function Name({ receiver }: { receiver: Receiver }) {
  return (
    <Stack gap={0} miw={0}>
      <RowLink to="/admin/receivers/$name" params={{ name: receiver.name }}>
        {receiver.name}
      </RowLink>
      <Text c="dimmed" fz="sm" style={{ overflowWrap: 'anywhere' }}>
        {sentenceCase(hears(receiver))}
      </Text>
    </Stack>
  );
}

function channels(receiver: Receiver): string {
  return receiver.channels.map(({ name }) => channelName(name)).join(', ');
}

/** How many messages were taken of how many that were owed. */
function told({ channels }: Receiver): string {
  const sum = (of: 'accepted' | 'owed') =>
    channels.reduce((sum, { counts }) => sum + counts[of], 0);
  return `${count(sum('accepted'))} of ${count(sum('owed'))}`;
}

const EXAMPLE = `apiVersion: plimsoll/v1
kind: Receiver
metadata:
  name: on-call
spec:
  default: true
  email:
    to: [on-call@example.com]`;

function Blank() {
  return (
    <Empty
      title="Say who is to be told"
      commands={[
        { line: 'plimsoll apply -f receiver.yaml', says: 'Put it in force:' },
        { line: 'plimsoll receivers test on-call', says: 'See what each provider answers:' },
      ]}
    >
      <Stack gap="md">
        <Text>
          A receiver hears of the alerts of what its team owns; one that is a default hears of what
          has no receiver. Without any, an alert opens and nobody is told. It is a document:
        </Text>
        <Pre text={EXAMPLE} label="A receiver" />
      </Stack>
    </Empty>
  );
}
