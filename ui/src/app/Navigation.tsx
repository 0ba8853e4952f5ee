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
          {place.to === '/alerts' && <Firing count={firing} />}
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
        <Thumb key={place.to} place={place} firing={place.to === '/alerts' ? firing : 0} />
      ))}
    </Box>
  );
}

function Thumb({ place, firing }: { place: Place; firing: number }) {
  return (
    <Way place={place} look="thumb-link">
      <Box pos="relative" component="span" lh={0}>
        <Icon name={place.icon} size={22} />
        {firing > 0 && <span className="thumb-dot" />}
      </Box>
      <Text span fz={11} lh={1.2} fw={500}>
        {place.name}
      </Text>
      {firing > 0 && <VisuallyHidden>, {firing} firing</VisuallyHidden>}
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

function Firing({ count }: { count: number }) {
  if (count === 0) return null;
  return (
    <Badge size="sm" circle={count < 10} ml={6} color="var(--danger)" autoContrast={false}>
      {count}
      <VisuallyHidden> firing</VisuallyHidden>
    </Badge>
  );
}

/** How many alerts fire now. */
function useFiring(): number {
  return useLatest({ phase: 'firing' }, FIRING_MAX).data?.items.length ?? 0;
}
