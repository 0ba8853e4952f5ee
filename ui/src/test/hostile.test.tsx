/** What others wrote is text on every page that shows it. One table, shared with mail and CSV. */
import { screen } from '@testing-library/react';
import { expect, test } from 'vitest';
import TEXTS from '../../../crates/trials/src/hostile.json';
import { open, page } from './app';
import { alert, decision, deployment, service, slo } from './samples';

/** As a browser shows it: white space is one blank, and NUL is nothing. */
function seen(text: string): string {
  return text.replaceAll('\0', '').replace(/\s+/g, ' ').trim();
}

/** All of them in one text, so that a page is opened once. */
const TEXT = TEXTS.join(' ~ ');

const PAGES: [string, string, Record<string, unknown>][] = [
  ['an alert', '/alerts/alr_1', { '/api/v1/alerts/alr_1': alert({ summary: TEXT }) }],
  ['alerts', '/alerts?phase=firing', { '/api/v1/alerts': page(alert({ summary: TEXT })) }],
  [
    'a decision',
    '/releases/decisions/dec_1',
    {
      '/api/v1/decisions/dec_1': decision({
        reasons: [{ code: 'x', verdict: 'deny', slo: null, message: TEXT }],
      }),
    },
  ],
  [
    'a deployment',
    '/releases/deployments/dep_1',
    { '/api/v1/deployments/dep_1': deployment({ version: TEXT }) },
  ],
  [
    'a service',
    '/services/checkout',
    {
      '/api/v1/services/checkout': service({ display_name: TEXT }),
      '/api/v1/slos': page(slo()),
    },
  ],
];

test.each(PAGES)('%s shows hostile texts as texts', async (_, address, answers) => {
  open(address, answers);
  const shown = await screen.findAllByText((_, element) =>
    seen(element?.textContent ?? '').includes(seen(TEXT)),
  );
  expect(shown.length).toBeGreaterThan(0);
  const body = document.body;
  expect(
    body.querySelectorAll('script, iframe, [onerror], [onload], [onmouseover], img[src="x"]'),
  ).toHaveLength(0);
  const links = [...body.querySelectorAll('a')].map((link) => link.href);
  expect(links.filter((href) => /^javascript:|evil/.test(href))).toEqual([]);
  expect((window as { pwned?: number }).pwned).toBeUndefined();
});
