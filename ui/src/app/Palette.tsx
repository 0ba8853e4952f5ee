/** Finds any SLO, service, alert or action by a few letters. */
import { Group, Kbd, Modal, ScrollArea, Text, TextInput, UnstyledButton } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { useNavigate } from '@tanstack/react-router';
import { useEffect, useId, useRef, useState, type KeyboardEvent } from 'react';
import { FIRING_MAX, useLatest } from '../api/alerts';
import type { Listing } from '../api/pages';
import { usePeople } from '../api/people';
import { useReceivers } from '../api/receivers';
import { useServices } from '../api/services';
import { useMe, useSignOut } from '../api/session';
import { useSlos } from '../api/slos';
import { useTeams } from '../api/teams';
import { mayOpen, PANELS } from '../pages/admin/panels';
import { useFocusBack } from '../parts/focus';
import { Status } from '../parts/Status';
import { Icon } from '../parts/icons';
import { PLACES } from './places';
import { useThemeToggle } from './ThemeToggle';
import { matches, nameOf } from './words';

interface Props {
  onClose: () => void;
  onHelp: () => void;
}

interface Found {
  key: string;
  kind: string;
  name: string;
  status?: string;
  run: () => void;
}

const EACH_MAX = 8;

export function Palette({ onClose, onHelp }: Props) {
  useFocusBack();
  return (
    <Modal
      opened
      onClose={onClose}
      withCloseButton={false}
      size="lg"
      padding={0}
      yOffset="12vh"
      aria-label="Find"
    >
      <Finder onClose={onClose} onHelp={onHelp} />
    </Modal>
  );
}

function Finder({ onClose, onHelp }: Props) {
  const [text, setText] = useState('');
  const [chosen, setChosen] = useState(0);
  const list = useId();
  const { found, looking, failed } = useFound(text, onHelp);
  const at = Math.min(chosen, found.length - 1);
  const run = (item: Found | undefined) => {
    if (item === undefined) return;
    onClose();
    item.run();
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step !== undefined) setChosen((at + step + found.length) % Math.max(1, found.length));
    else if (event.key === 'Enter') run(found[at]);
    else return;
    event.preventDefault();
  };
  return (
    <>
      <TextInput
        data-autofocus
        size="lg"
        variant="unstyled"
        px="md"
        placeholder="Find an SLO, a service, an alert, a team, an action"
        aria-label="Find"
        value={text}
        onChange={(event) => {
          setText(event.currentTarget.value);
          setChosen(0);
        }}
        onKeyDown={onKeyDown}
        leftSection={<Icon name="search" size={18} />}
        rightSection={<Kbd size="xs">Esc</Kbd>}
        role="combobox"
        aria-expanded
        aria-controls={list}
        aria-activedescendant={found[at] && `${list}-${at}`}
      />
      <ScrollArea.Autosize mah="50vh" style={{ borderTop: '1px solid var(--rule)' }}>
        <div id={list} role="listbox" aria-label="Found">
          {found.map((item, index) => (
            <Row
              key={item.key}
              id={`${list}-${index}`}
              item={item}
              chosen={index === at}
              onRun={() => run(item)}
            />
          ))}
        </div>
        <Beside none={found.length === 0} looking={looking} failed={failed} />
      </ScrollArea.Autosize>
    </>
  );
}

interface BesideProps {
  none: boolean;
  looking: boolean;
  failed: boolean;
}

/** What is said beside what was found: that there is nothing only when all was looked through. */
function Beside({ none, looking, failed }: BesideProps) {
  const says = failed
    ? 'Not everything could be looked through: the server did not answer all of it.'
    : none && (looking ? 'Looking…' : 'Nothing is called that.');
  return (
    <div role="status">
      {says && (
        <Text c="dimmed" p="md">
          {says}
        </Text>
      )}
    </div>
  );
}

function Row({
  id,
  item,
  chosen,
  onRun,
}: {
  id: string;
  item: Found;
  chosen: boolean;
  onRun: () => void;
}) {
  const row = useRef<HTMLButtonElement>(null);
  useEffect(() => {
    if (chosen) row.current?.scrollIntoView({ block: 'nearest' });
  }, [chosen]);
  return (
    <UnstyledButton
      ref={row}
      id={id}
      role="option"
      aria-selected={chosen}
      tabIndex={-1}
      w="100%"
      px="md"
      py={8}
      onClick={onRun}
      bg={chosen ? 'var(--mantine-primary-color-light)' : undefined}
    >
      <Group justify="space-between" wrap="nowrap">
        <Text truncate>
          <Text span c="dimmed" display="inline-block" w={72}>
            {item.kind}
          </Text>
          {item.name}
        </Text>
        {item.status && <Status status={item.status} />}
      </Group>
    </UnstyledButton>
  );
}

/** What a place to look in gave, and how far it was looked through. */
interface Part {
  found: Found[];
  looking: boolean;
  failed: boolean;
}

function useFound(text: string, onHelp: () => void): Part {
  const [asked] = useDebouncedValue(text.trim(), 120);
  const slos = useFoundSlos(asked, text);
  const services = useFoundServices(asked, text);
  const alerts = useFoundAlerts(text);
  const admin = useFoundAdmin(text);
  const actions = useActions(onHelp).filter((action) => matches(text, action.kind, action.name));
  const parts = [slos, services, alerts, admin];
  return {
    found:
      text.trim() === ''
        ? [...alerts.found, ...actions, ...slos.found, ...services.found]
        : [...slos.found, ...services.found, ...alerts.found, ...admin.found, ...actions],
    looking: asked !== text.trim() || parts.some(({ looking }) => looking),
    failed: parts.some(({ failed }) => failed),
  };
}

/** Of a list that the server searches. */
function listed(list: Listing<unknown>, found: Found[]): Part {
  return { found, looking: !list.settled && !list.isError, failed: list.isError };
}

/** Of things that are read whole. */
function whole(read: { data: unknown; isError: boolean; fetchStatus: string }[], found: Found[]) {
  return {
    found,
    looking: read.some(({ data, fetchStatus }) => data === undefined && fetchStatus !== 'idle'),
    failed: read.some(({ isError }) => isError),
  };
}

/** Of what was found for other letters, only what fits these is offered: Enter opens the first. */
function fitting<T>(
  { items, settled }: Listing<T>,
  current: boolean,
  fits: (item: T) => boolean,
): T[] {
  return settled && current ? items : items.filter(fits);
}

function useFoundSlos(asked: string, text: string): Part {
  const navigate = useNavigate();
  const list = useSlos({ q: asked, sort: 'gravity' }, EACH_MAX);
  const found = fitting(list, asked === text.trim(), (slo) =>
    matches(text, slo.name, slo.display_name, slo.service),
  );
  const rows = found.map((slo) => ({
    key: `slo ${slo.name}`,
    kind: 'SLO',
    name: nameOf(slo),
    status: slo.status,
    run: () => void navigate({ to: '/slos/$name', params: { name: slo.name } }),
  }));
  return listed(list, rows);
}

function useFoundServices(asked: string, text: string): Part {
  const navigate = useNavigate();
  const list = useServices({ q: asked, sort: 'gravity' }, EACH_MAX);
  const found = fitting(list, asked === text.trim(), (service) =>
    matches(text, service.name, service.display_name),
  );
  const rows = found.map((service) => ({
    key: `service ${service.name}`,
    kind: 'Service',
    name: nameOf(service),
    ...(service.status == null ? {} : { status: service.status }),
    run: () => void navigate({ to: '/services/$name', params: { name: service.name } }),
  }));
  return listed(list, rows);
}

function useFoundAlerts(text: string): Part {
  const navigate = useNavigate();
  const firing = useLatest({ phase: 'firing' }, FIRING_MAX);
  const rows = (firing.data?.items ?? [])
    .filter((alert) => matches(text, 'alert', alert.slo, alert.service, alert.severity))
    .slice(0, EACH_MAX)
    .map((alert) => ({
      key: `alert ${alert.id}`,
      kind: 'Alert',
      name: `${alert.slo}: ${alert.severity}`,
      run: () => void navigate({ to: '/alerts/$id', params: { id: alert.id } }),
    }));
  return whole([firing], rows);
}

/** What only admins look for is asked for only as one. */
function useFoundAdmin(text: string): Part {
  const navigate = useNavigate();
  const me = useMe();
  const teams = useTeams();
  const receivers = useReceivers();
  const seesPeople = PANELS.some((panel) => panel.name === 'People' && mayOpen(me.data, panel));
  const people = usePeople(seesPeople);
  if (text.trim() === '') return whole([], []);
  return whole(seesPeople ? [teams, receivers, people] : [teams, receivers], [
    ...named('Team', teams.data ?? [], text, ({ name }) => {
      void navigate({ to: '/admin/teams/$name', params: { name } });
    }),
    ...named('Receiver', receivers.data ?? [], text, ({ name }) => {
      void navigate({ to: '/admin/receivers/$name', params: { name } });
    }),
    ...named('Person', people.data ?? [], text, ({ name }) => {
      void navigate({ to: '/admin/people', search: { q: name } });
    }),
  ]);
}

function named<T extends { name: string; display_name?: string | null }>(
  kind: string,
  things: T[],
  text: string,
  open: (thing: T) => void,
): Found[] {
  return things
    .filter((thing) => matches(text, kind, thing.name, thing.display_name))
    .slice(0, EACH_MAX)
    .map((thing) => ({
      key: `${kind} ${thing.name}`,
      kind,
      name: nameOf(thing),
      run: () => open(thing),
    }));
}

function useActions(onHelp: () => void): Found[] {
  const navigate = useNavigate();
  const me = useMe();
  const theme = useThemeToggle();
  const signOut = useSignOut();
  const pages = [
    ...PLACES,
    ...PANELS.filter((panel) => mayOpen(me.data, panel)),
    { to: '/account', name: 'Your account' } as const,
  ];
  return [
    ...pages.map(({ to, name }) => ({
      key: `go ${to}`,
      kind: 'Go',
      name,
      run: () => void navigate({ to }),
    })),
    { key: 'theme', kind: 'Do', name: `Theme ${theme.next}`, run: theme.toggle },
    { key: 'keys', kind: 'Do', name: 'Show the keys', run: onHelp },
    { key: 'out', kind: 'Do', name: 'Sign out', run: () => signOut.mutate() },
  ];
}
