/** Every message that is or was owed, with how each attempt ended. */
import { Group, Stack, Text } from '@mantine/core';
import { getRouteApi } from '@tanstack/react-router';
import { useNotifications } from '../../../api/notifications';
import type { Listing } from '../../../api/pages';
import { useReceivers } from '../../../api/receivers';
import type { Notification } from '../../../api/types';
import { flags } from '../../../app/command';
import { unknownWord, type NotificationsSearch } from '../../../app/search';
import { Ago } from '../../../parts/Ago';
import { AppLink } from '../../../parts/AppLink';
import { Arriving } from '../../../parts/Arriving';
import { Choice } from '../../../parts/Choice';
import { Attempts, DeliveryState, newsOf, stateWord } from '../../../parts/Delivery';
import { DataRows, type Column } from '../../../parts/DataRows';
import { Empty } from '../../../parts/Empty';
import { NoMatch } from '../../../parts/NoMatch';
import { Page } from '../../../parts/Page';
import { RowLink } from '../../../parts/RowLink';
import { statusFill } from '../../../parts/status';
import { notificationsTitle } from './words';

const COLUMNS: Column<Notification>[] = [
  { head: 'Outcome', cell: (message) => <DeliveryState message={message} />, width: 150 },
  { head: 'Receiver', cell: (message) => <Receiver message={message} />, width: '28%' },
  { head: 'Attempts', cell: (message) => <Attempts message={message} /> },
  { head: 'Owed', cell: (message) => <Ago at={message.created_at} />, right: true, width: 120 },
];

const route = getRouteApi('/signed-in/admin/notifications');

export function Notifications() {
  const search = route.useSearch();
  const navigate = route.useNavigate();
  const { receiver, state } = search;
  const unknown = unknownWord(search);
  const list = useNotifications({ receiver, state }, unknown === undefined);
  const filtered = Boolean(receiver ?? state);
  const none = list.known && list.items.length === 0;
  const showAll = () => void navigate({ search: {} });
  return (
    <Page
      title={list.settled ? notificationsTitle(list.items, list.more, search) : 'Notifications'}
      help="receivers"
      commands={[`plimsoll notifications list${flags({ receiver, state })}`]}
    >
      {!(none && !filtered) && <Filters search={search} />}
      {unknown ? (
        <NoMatch what="message" unknown={unknown} onAll={showAll} />
      ) : (
        <>
          <Arriving
            asked={list}
            of="the notifications"
            works="Delivery goes on without this page."
          />
          {none && filtered && <NoMatch what="message" onAll={showAll} />}
          {none && !filtered && <Blank />}
          {list.items.length > 0 && <Rows list={list} />}
        </>
      )}
    </Page>
  );
}

function Rows({ list }: { list: Listing<Notification> }) {
  return (
    <DataRows
      label="Notifications"
      items={list.items}
      keyOf={(message) => message.id}
      columns={COLUMNS}
      card={(message) => <Card message={message} />}
      heights={{ row: 60, card: 116 }}
      edge={({ state }) => (state === 'accepted' ? undefined : statusFill(state))}
      rest={list}
    />
  );
}

function Filters({ search }: { search: NotificationsSearch }) {
  const navigate = route.useNavigate();
  const receivers = useReceivers();
  const keep = (change: NotificationsSearch) =>
    void navigate({ search: (before) => ({ ...before, ...change }), replace: true });
  return (
    <Group gap="sm">
      <Choice
        label="Receiver"
        any="Any receiver"
        value={search.receiver}
        data={(receivers.data ?? []).map(({ name }) => ({ value: name, label: name }))}
        onChoose={(receiver) => keep({ receiver })}
      />
      <Choice
        label="Outcome"
        any="Any outcome"
        value={search.state}
        data={STATES.map((value) => ({ value, label: stateWord(value) }))}
        onChoose={(state) => keep({ state })}
      />
    </Group>
  );
}

const STATES = ['accepted', 'pending', 'superseded', 'undeliverable'] as const;

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
        {newsOf(message, 'an alert')}
      </Text>
    </Stack>
  );
}

function Blank() {
  return (
    <Empty
      title="Say who is to be told"
      commands={[{ line: 'plimsoll receivers list', says: 'On the command line:' }]}
    >
      When an alert opens, becomes graver, closes or comes back, its owner’s receivers are told;
      without any, those that are the default. Each message stands here with every attempt.{' '}
      <AppLink to="/admin/receivers" underline="always">
        Who is told now
      </AppLink>
    </Empty>
  );
}
