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
  const found = useFound(text, onHelp);
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
        {found.length === 0 && <Nothing />}
      </ScrollArea.Autosize>
    </>
  );
}

function Nothing() {
  return (
    <Text c="dimmed" p="md">
      Nothing is called that.
    </Text>
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

function useFound(text: string, onHelp: () => void): Found[] {
  const [asked] = useDebouncedValue(text.trim(), 120);
  const slos = useFoundSlos(asked, text);
  const services = useFoundServices(asked, text);
  const alerts = useFoundAlerts(text);
  const admin = useFoundAdmin(text);
  const actions = useActions(onHelp).filter((action) => matches(text, action.kind, action.name));
  return text.trim() === ''
    ? [...alerts, ...actions, ...slos, ...services]
    : [...slos, ...services, ...alerts, ...admin, ...actions];
}

/** Of what was found for other letters, only what fits these is offered: Enter opens the first. */
function fitting<T>(
  { items, settled }: Listing<T>,
  current: boolean,
  fits: (item: T) => boolean,
): T[] {
  return settled && current ? items : items.filter(fits);
}

function useFoundSlos(asked: string, text: string): Found[] {
  const navigate = useNavigate();
  const list = useSlos({ q: asked, sort: 'gravity' }, EACH_MAX);
  const found = fitting(list, asked === text.trim(), (slo) =>
    matches(text, slo.name, slo.display_name, slo.service),
  );
  return found.map((slo) => ({
    key: `slo ${slo.name}`,
    kind: 'SLO',
    name: nameOf(slo),
    status: slo.status,
    run: () => void navigate({ to: '/slos/$name', params: { name: slo.name } }),
  }));
}

function useFoundServices(asked: string, text: string): Found[] {
  const navigate = useNavigate();
  const list = useServices({ q: asked, sort: 'gravity' }, EACH_MAX);
  const found = fitting(list, asked === text.trim(), (service) =>
    matches(text, service.name, service.display_name),
  );
  return found.map((service) => ({
    key: `service ${service.name}`,
    kind: 'Service',
    name: nameOf(service),
    ...(service.status == null ? {} : { status: service.status }),
    run: () => void navigate({ to: '/services/$name', params: { name: service.name } }),
  }));
}

function useFoundAlerts(text: string): Found[] {
  const navigate = useNavigate();
  const firing = useLatest({ phase: 'firing' }, FIRING_MAX);
  return (firing.data?.items ?? [])
    .filter((alert) => matches(text, 'alert', alert.slo, alert.service, alert.severity))
    .slice(0, EACH_MAX)
    .map((alert) => ({
      key: `alert ${alert.id}`,
      kind: 'Alert',
      name: `${alert.slo}: ${alert.severity}`,
      run: () => void navigate({ to: '/alerts/$id', params: { id: alert.id } }),
    }));
}

/** What only admins look for is asked for only as one. */
function useFoundAdmin(text: string): Found[] {
  const navigate = useNavigate();
  const me = useMe();
  const teams = useTeams();
  const receivers = useReceivers();
  const seesPeople = PANELS.some((panel) => panel.name === 'People' && mayOpen(me.data, panel));
  const people = usePeople(seesPeople);
  if (text.trim() === '') return [];
  return [
    ...named('Team', teams.data ?? [], text, ({ name }) => {
      void navigate({ to: '/admin/teams/$name', params: { name } });
    }),
    ...named('Receiver', receivers.data ?? [], text, ({ name }) => {
      void navigate({ to: '/admin/receivers/$name', params: { name } });
    }),
    ...named('Person', people.data ?? [], text, () => void navigate({ to: '/admin/people' })),
  ];
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
