/** The permissions a token can be limited to, each with what it permits. */
export const SCOPES: [string, string][] = [
  ['read', 'Read everything that is read.'],
  ['write_telemetry', 'Send telemetry by remote write.'],
  ['record_deployment', 'Record deployments.'],
  ['decide_release', 'Ask gates whether something may go out.'],
  ['change_definitions', 'Apply and delete definitions.'],
  ['change_sources', 'The same for scrape targets, besides change_definitions.'],
  ['manage_team', 'Manage members and tokens of teams.'],
  ['manage_access', 'Manage people, and read the audit log.'],
  ['back_up', 'Take everything away in one file.'],
];

/** How long a token may be in force, in days; none is for ever. */
export const TERMS = [
  { value: '30', label: '30 days' },
  { value: '90', label: '90 days' },
  { value: '365', label: '365 days' },
  { value: 'never', label: 'Never' },
];

const DAY_MS = 86_400_000;

/** When a token of that term ends by itself. */
export function endOf(term: string, now: number): { expires_at?: string } {
  if (term === 'never') return {};
  return { expires_at: new Date(now + Number(term) * DAY_MS).toISOString() };
}
