/** The handbook's pages: the Markdown of docs/handbook, each loaded when it is opened. */
const FILES = import.meta.glob<string>('../../../../docs/handbook/*.md', {
  query: '?raw',
  import: 'default',
});

/** In reading order, with what each is called. */
export const HANDBOOK: { page: string; name: string }[] = [
  { page: 'start', name: 'Start here' },
  { page: 'overview', name: 'Overview' },
  { page: 'services', name: 'Services' },
  { page: 'slos', name: 'SLOs and budgets' },
  { page: 'alerts', name: 'Alerts' },
  { page: 'releases', name: 'Releases' },
  { page: 'defaults', name: 'Defaults and targets' },
  { page: 'admin', name: 'Admin' },
  { page: 'telemetry', name: 'Telemetry' },
  { page: 'storage', name: 'Storage' },
  { page: 'receivers', name: 'Receivers' },
  { page: 'teams', name: 'Teams' },
  { page: 'people', name: 'People' },
  { page: 'tokens', name: 'Tokens' },
  { page: 'webhooks', name: 'Webhooks' },
  { page: 'audit', name: 'Audit log' },
  { page: 'account', name: 'Your account' },
  { page: 'keys', name: 'Keys and views' },
];

/** The text of a page; null when there is none of that name. */
export async function handbookText(page: string): Promise<string | null> {
  const found = Object.entries(FILES).find(([path]) => path.endsWith(`/${page}.md`));
  return found === undefined ? null : found[1]();
}
