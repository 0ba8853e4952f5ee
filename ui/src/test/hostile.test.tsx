/** What others wrote is text on every page that shows it. One table, shared with mail and CSV. */
import { cleanup, screen } from '@testing-library/react';
import { expect, test } from 'vitest';
import TEXTS from '../../../crates/trials/src/hostile.json';
import { open, page } from './app';
import { alert, decision, deployment, service, slo } from './samples';

/** As a browser shows it: white space is one blank, and NUL is nothing. */
function seen(text: string): string {
  return text.replaceAll('\0', '').replace(/\s+/g, ' ').trim();
}

function check(text: string) {
  const body = document.body;
  expect(seen(body.textContent ?? '')).toContain(seen(text));
  expect(body.querySelectorAll('script, iframe, [onerror], [onload], [onmouseover]')).toHaveLength(
    0,
  );
  expect(body.querySelectorAll('img[src="x"], a[href^="javascript:"]')).toHaveLength(0);
  expect([...body.querySelectorAll('a')].filter((a) => a.href.includes('evil'))).toEqual([]);
  expect((window as { pwned?: number }).pwned).toBeUndefined();
}

const PAGES: [string, string, (text: string) => Record<string, unknown>][] = [
  ['an alert', '/alerts/alr_1', (text) => ({ '/api/v1/alerts/alr_1': alert({ summary: text }) })],
  ['alerts', '/alerts', (text) => ({ '/api/v1/alerts': page(alert({ summary: text })) })],
  [
    'a decision',
    '/releases/decisions/dec_1',
    (text) => ({
      '/api/v1/decisions/dec_1': decision({
        reasons: [{ code: 'x', verdict: 'deny', slo: null, message: text }],
      }),
    }),
  ],
  [
    'a deployment',
    '/releases/deployments/dep_1',
    (text) => ({ '/api/v1/deployments/dep_1': deployment({ version: text }) }),
  ],
  [
    'a service',
    '/services/checkout',
    (text) => ({
      '/api/v1/services/checkout': service({ display_name: text }),
      '/api/v1/slos': page(slo()),
    }),
  ],
];

for (const [what, address, answers] of PAGES) {
  test(`${what} shows hostile texts as texts`, async () => {
    for (const text of TEXTS) {
      open(address, answers(text));
      await screen.findByRole('heading', { level: 1 });
      await screen.findAllByText((_, element) =>
        seen(element?.textContent ?? '').includes(seen(text)),
      );
      check(text);
      cleanup();
    }
  });
}
