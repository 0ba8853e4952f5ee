/** The ways through the app: a row in the head of a wide screen, a bar at a phone's bottom. */
import { Badge, Box, Group, Text, VisuallyHidden } from '@mantine/core';
import { Link, useLocation } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { FIRING_MAX, useLatest } from '../api/alerts';
import { Icon } from '../parts/icons';
import { isOf, PLACES, type Place } from './places';

export function TopNavigation() {
  const firing = useFiring();
  return (
    <Group component="nav" aria-label="Pages" gap={2} wrap="nowrap" visibleFrom="md">
      {PLACES.filter(({ to }) => to !== '/handbook').map((place) => (
        <Way key={place.to} place={place} look="nav-link">
          {place.name}
          {place.to === '/alerts' && <Mark of={firing} />}
        </Way>
      ))}
    </Group>
  );
}

export function ThumbNavigation() {
  const firing = useFiring();
  return (
    <Box component="nav" aria-label="Pages" className="thumb-bar" hiddenFrom="md">
      {PLACES.filter(({ thumb }) => thumb).map((place) => (
        <Thumb key={place.to} place={place} {...(place.to === '/alerts' ? { firing } : {})} />
      ))}
    </Box>
  );
}

function Thumb({ place, firing = NONE }: { place: Place; firing?: Firing }) {
  const quiet = firing.short === '';
  return (
    <Way place={place} look="thumb-link">
      <Box pos="relative" component="span" lh={0}>
        <Icon name={place.icon} size={22} />
        {!quiet && <span className={firing.known ? 'thumb-dot' : 'thumb-dot unknown'} />}
      </Box>
      <Text span fz={11} lh={1.2} fw={500}>
        {place.name}
      </Text>
      {!quiet && <VisuallyHidden>, {firing.says}</VisuallyHidden>}
    </Way>
  );
}

/** The way to a place, marked where the reader is in it. */
function Way({ place, look, children }: { place: Place; look: string; children: ReactNode }) {
  const here = useLocation({ select: ({ pathname }) => isOf(place, pathname) });
  return (
    <Link
      to={place.to}
      className={here ? `${look} active` : look}
      activeProps={{}}
      activeOptions={{ exact: place.to === '/', includeSearch: false }}
      {...(here ? { 'aria-current': 'page' } : {})}
    >
      {children}
    </Link>
  );
}

function Mark({ of: { short, says, known } }: { of: Firing }) {
  if (short === '') return null;
  return (
    <Badge
      size="sm"
      circle={short.length < 2}
      ml={6}
      {...(known
        ? { color: 'var(--danger)' }
        : { color: 'var(--unknown-ink)', variant: 'outline' })}
      autoContrast={false}
      title={says}
    >
      <span aria-hidden>{short}</span>
      <VisuallyHidden> {says}</VisuallyHidden>
    </Badge>
  );
}

/** How many alerts fire now, short and in words; nothing short where none does. */
interface Firing {
  short: string;
  says: string;
  known: boolean;
}

const NONE: Firing = { short: '', says: 'none fires', known: true };

/** What was not read is not said to be none. */
function useFiring(): Firing {
  const { data, isError } = useLatest({ phase: 'firing' }, FIRING_MAX);
  if (data === undefined)
    return isError ? { short: '?', says: 'how many fire is not known', known: false } : NONE;
  if (data.items.length === 0) return NONE;
  const short = `${data.items.length}${data.next_cursor == null ? '' : '+'}`;
  return { short, says: `${short} firing`, known: true };
}
