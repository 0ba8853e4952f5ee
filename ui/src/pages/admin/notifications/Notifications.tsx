/** Every message that is or was owed, with how each attempt ended. */
import { Group, Stack, Text } from '@mantine/core';
import { useNotifications } from '../../api/notifications';
import type { Notification } from '../../api/types';
import { inWords } from '../../app/format';
import { sentenceCase } from '../../app/words';
import { Ago } from '../../parts/Ago';
import { Attempts, DeliveryState, transitionWord } from '../../parts/Delivery';
import { DataRows, type Column } from '../../parts/DataRows';
import { Empty } from '../../parts/Empty';
import { LoadingRows } from '../../parts/Loading';
import { Page } from '../../parts/Page';
import { Problem } from '../../parts/Problem';
import { RowLink } from '../../parts/RowLink';
import { statusFill } from '../../parts/status';

const COLUMNS: Column<Notification>[] = [
  { head: 'Outcome', cell: (message) => <DeliveryState message={message} />, width: 150 },
  { head: 'Receiver', cell: (message) => <Receiver message={message} />, width: '28%' },
  { head: 'Attempts', cell: (message) => <Attempts message={message} /> },
  { head: 'Owed', cell: (message) => <Ago at={message.created_at} />, right: true, width: 120 },
];

export function Notifications() {
  const list = useNotifications();
  const none = list.known && list.items.length === 0;
  return (
    <Page
      title={list.known ? notificationsSentence(list.items, list.more) : 'Notifications'}
      help="alerts"
      commands={['plimsoll notifications list']}
    >
      {list.isError && (
        <Problem
          error={list.error}
          what="The notifications"
          retry={list.retry}
          works="Delivery goes on without this page."
        />
      )}
      {list.isPending && <LoadingRows of="the notifications" />}
      {none && <Blank />}
      {list.items.length > 0 && (
        <DataRows
          label="Notifications"
          items={list.items}
          keyOf={(message) => message.id}
          columns={COLUMNS}
          card={(message) => <Card message={message} />}
          heights={{ row: 60, card: 116 }}
          edge={({ state }) => (state === 'accepted' ? undefined : statusFill(state))}
          more={list.more}
          onNearEnd={list.next}
        />
      )}
    </Page>
  );
}

/** Whether everything arrived. */
export function notificationsSentence(items: Notification[], more: boolean): string {
  if (items.length === 0) return 'Nobody had to be told anything yet';
  const of = (state: string) => items.filter((message) => message.state === state).length;
  const all = `${more ? 'the last ' : ''}${inWords(items.length)}`;
  const lost = of('undeliverable');
  const waiting = of('pending');
  if (lost > 0)
    return sentenceCase(
      `${inWords(lost)} of ${all} messages ${lost === 1 ? 'was' : 'were'} undeliverable`,
    );
  if (waiting > 0)
    return sentenceCase(
      `${inWords(waiting)} of ${all} messages ${waiting === 1 ? 'is' : 'are'} on ${waiting === 1 ? 'its' : 'their'} way`,
    );
  const superseded = of('superseded');
  if (superseded === 1 && items.length === 1) return 'The one message was no longer news';
  if (superseded > 0)
    return sentenceCase(
      `${inWords(superseded)} of ${all} messages ${superseded === 1 ? 'was' : 'were'} no longer news`,
    );
  return items.length === 1
    ? 'The one message was delivered'
    : `All ${more ? 'of ' : ''}${all} messages were delivered`;
}

function Card({ message }: { message: Notification }) {
  return (
    <Stack gap={4} pl={4}>
      <Group justify="space-between" wrap="nowrap">
        <DeliveryState message={message} />
        <Text c="dimmed" fz="sm" component="div">
          <Ago at={message.created_at} />
        </Text>
      </Group>
      <Receiver message={message} />
      <Attempts message={message} />
    </Stack>
  );
}

function Receiver({ message }: { message: Notification }) {
  return (
    <Stack gap={0} miw={0}>
      <RowLink to="/alerts/$id" params={{ id: message.alert }}>
        {message.receiver}
      </RowLink>
      <Text c="dimmed" fz="sm">
        {(message.reminder ?? 0) > 0
          ? `reminder ${message.reminder} that an alert fires`
          : `that an alert ${transitionWord(message.transition)}`}
        {message.channel && `, over ${message.channel}`}
      </Text>
    </Stack>
  );
}

function Blank() {
  return (
    <Empty
      title="Say who is to be told"
      commands={[{ line: 'plimsoll receivers list', says: 'Who is told now:' }]}
    >
      When an alert opens, becomes graver, closes or comes back, its owner’s receivers are told;
      without any, those that are the default. Each message stands here with every attempt.
    </Empty>
  );
}
