/** The panels of the admin's area, in the order of its navigation, and who may see which. */
import type { Me } from '../../api/types';

export interface AdminPanel {
  to:
    | '/admin/telemetry'
    | '/admin/storage'
    | '/admin/receivers'
    | '/admin/notifications'
    | '/admin/teams'
    | '/admin/people'
    | '/admin/tokens'
    | '/admin/webhooks'
    | '/admin/audit';
  name: string;
  /** Who sees it; everybody when left out. */
  closed?: {
    /** The least role. */
    role: Role;
    /** Whether that role for what one team owns suffices. */
    ofTeam: boolean;
    /** What is not shown, with its verb: "Tokens are". */
    what: string;
  };
}

export const PANELS: AdminPanel[] = [
  { to: '/admin/telemetry', name: 'Telemetry' },
  { to: '/admin/storage', name: 'Storage' },
  { to: '/admin/receivers', name: 'Receivers' },
  { to: '/admin/notifications', name: 'Notifications' },
  { to: '/admin/teams', name: 'Teams' },
  { to: '/admin/people', name: 'People', closed: admins('People are', true) },
  { to: '/admin/tokens', name: 'Tokens', closed: admins('Tokens are', true) },
  { to: '/admin/webhooks', name: 'Webhooks', closed: admins('Webhook senders are', true) },
  { to: '/admin/audit', name: 'Audit', closed: admins('The audit log is', false) },
];

/** The least first. */
const ROLES = ['viewer', 'responder', 'editor', 'admin'] as const;
type Role = (typeof ROLES)[number];

type Reader = Pick<Me, 'role' | 'teams'> | null | undefined;

/** Whether somebody may see a panel. */
export function mayOpen(me: Reader, { closed }: AdminPanel): boolean {
  if (closed === undefined) return true;
  const inTeams = closed.ofTeam ? (me?.teams ?? []).map(({ role }) => role) : [];
  return reaches(closed.role, me?.role, ...inTeams);
}

/** Whether somebody has a role for what a team owns: for all of it, or in that team. */
export function mayFor(me: Reader, role: Role, team: string | null | undefined): boolean {
  return reaches(role, me?.role, me?.teams.find((one) => one.team === team)?.role);
}

function admins(what: string, ofTeam: boolean): NonNullable<AdminPanel['closed']> {
  return { role: 'admin', ofTeam, what };
}

function reaches(least: Role, ...roles: (string | undefined)[]): boolean {
  const rank = (role: string | undefined) => ROLES.findIndex((one) => one === role);
  return roles.some((role) => rank(role) >= rank(least));
}
