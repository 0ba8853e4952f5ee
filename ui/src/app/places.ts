/** The places of the app: what the navigation, the finder and the keys agree on. */
import type { IconName } from '../parts/icons';

export interface Place {
  to: '/' | '/services' | '/slos' | '/alerts' | '/releases' | '/admin' | '/handbook';
  name: string;
  icon: IconName;
  /** Pressed after g. */
  key: string;
  /** Whether it stands in the bar at the bottom of a phone. */
  thumb: boolean;
  /** Where pages of it are that do not lie below it. */
  also?: string[];
}

export const PLACES: Place[] = [
  { to: '/', name: 'Overview', icon: 'overview', key: 'o', thumb: true },
  { to: '/services', name: 'Services', icon: 'services', key: 's', thumb: true },
  {
    to: '/slos',
    name: 'SLOs',
    icon: 'gauge',
    key: 'l',
    thumb: true,
    also: ['/targets', '/import'],
  },
  { to: '/alerts', name: 'Alerts', icon: 'bell', key: 'a', thumb: true },
  { to: '/releases', name: 'Releases', icon: 'gate', key: 'r', thumb: true },
  { to: '/admin', name: 'Admin', icon: 'admin', key: 'd', thumb: false },
  { to: '/handbook', name: 'Handbook', icon: 'book', key: 'h', thumb: false },
];

/** Whether an address is of a place. */
export function isOf({ to, also }: Place, path: string): boolean {
  const below = (top: string) => path === top || path.startsWith(`${top}/`);
  return to === '/' ? path === '/' : [to, ...(also ?? [])].some(below);
}
