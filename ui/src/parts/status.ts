/** Which colours mean which status. */

const TONES: Record<string, string> = {
  healthy: 'healthy',
  caution: 'caution',
  warning: 'warning',
  exhausted: 'exhausted',
  firing: 'exhausted',
  closed: 'unknown',
  page: 'exhausted',
  ticket: 'warning',
  log: 'caution',
  allow: 'healthy',
  warn: 'caution',
  deny: 'exhausted',
  live: 'healthy',
  stale: 'caution',
  silent: 'unknown',
  accepted: 'healthy',
  pending: 'caution',
  undeliverable: 'exhausted',
  refused: 'exhausted',
  failed: 'warning',
  opened: 'exhausted',
  escalated: 'exhausted',
  reopened: 'exhausted',
  notified: 'healthy',
  unrouted: 'exhausted',
};

/** For words, lines and icons: readable on the page. */
export const statusInk = (status: string): string => `var(--${TONES[status] ?? 'unknown'}-ink)`;

/** For areas. */
export const statusFill = (status: string): string => `var(--${TONES[status] ?? 'unknown'}-fill)`;

/** Whether anybody knows how it stands. */
export const isKnown = (status: string): boolean => (TONES[status] ?? 'unknown') !== 'unknown';
