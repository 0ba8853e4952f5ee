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
