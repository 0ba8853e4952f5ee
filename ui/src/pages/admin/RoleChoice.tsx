/** The roles, and choosing one. */
import { Radio, Stack } from '@mantine/core';

/** Each role with what it may, the least first. */
const ROLES: [string, string][] = [
  ['viewer', 'reads everything'],
  ['responder', 'also sends telemetry, records deployments and asks gates'],
  ['editor', 'also changes definitions'],
  ['admin', 'also manages people, teams and tokens, changes scrape targets and takes backups'],
];

/** The same for what a team owns. */
const TEAM_ROLES: [string, string][] = [
  ['viewer', 'reads everything'],
  ['responder', 'also records deployments of the team’s services and asks gates for them'],
  ['editor', 'also changes the team’s documents'],
  ['admin', 'also manages the team’s members and tokens'],
];

/** What a role may, by itself. */
export function roleSays(role: string, ofTeam = false): string {
  const all = ofTeam ? TEAM_ROLES : ROLES;
  const at = all.findIndex(([name]) => name === role);
  const says = all[at]?.[1] ?? 'a role this page does not know';
  const less = all[at - 1]?.[0];
  return less === undefined
    ? says
    : `${says.replace(/^also /, '')}, and does what ${/^[aeiou]/.test(less) ? 'an' : 'a'} ${less} does`;
}

interface Props {
  value: string;
  onChange: (role: string) => void;
  /** Whether the role is for what a team owns. */
  ofTeam?: boolean;
}

export function RoleChoice({ value, onChange, ofTeam = false }: Props) {
  return (
    <Radio.Group label="Role" value={value} onChange={onChange}>
      <Stack gap={8} mt={6}>
        {(ofTeam ? TEAM_ROLES : ROLES).map(([role, says]) => (
          <Radio key={role} value={role} label={role} description={says} />
        ))}
      </Stack>
    </Radio.Group>
  );
}
