/** The panels of the admin's area, in the order of its navigation: a new one is a line here. */
import { lazy, type ComponentType, type LazyExoticComponent } from 'react';
import type { Me } from '../../api/types';

export interface AdminPanel {
  /** Its part of the address. */
  path: string;
  name: string;
  /** The least role that may see it; anyone signed in when left out. */
  role?: 'editor' | 'admin';
  /** Whether that role for what one team owns suffices. */
  ofTeam?: true;
  component: LazyExoticComponent<ComponentType>;
}

export const PANELS: AdminPanel[] = [
  {
    path: 'telemetry',
    name: 'Telemetry and storage',
    component: lazy(() => import('./telemetry/Telemetry').then((m) => ({ default: m.Telemetry }))),
  },
  {
    path: 'notifications',
    name: 'Notifications',
    component: lazy(() => import('./Notifications').then((m) => ({ default: m.Notifications }))),
  },
  {
    path: 'tokens',
    name: 'Tokens',
    role: 'admin',
    ofTeam: true,
    component: lazy(() => import('./tokens/Tokens').then((m) => ({ default: m.Tokens }))),
  },
  {
    path: 'people',
    name: 'People',
    role: 'admin',
    component: lazy(() => import('./people/People').then((m) => ({ default: m.People }))),
  },
];

const ROLES = ['viewer', 'responder', 'editor', 'admin'];

/** Whether somebody has what a panel needs. */
export function mayOpen(me: Me | null | undefined, { role, ofTeam }: AdminPanel): boolean {
  if (role === undefined) return true;
  const theirs = ofTeam ? (me?.teams.map((team) => team.role) ?? []) : [];
  return [me?.role ?? '', ...theirs].some((one) => ROLES.indexOf(one) >= ROLES.indexOf(role));
}
