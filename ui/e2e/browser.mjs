/// A real browser for the stories: Debian's Chromium, silent, with every complaint of a page kept.
import { mkdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chromium } from 'playwright-core';

const FLAGS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

export const DESK = { width: 1440, height: 900 };
export const PHONE = { width: 390, height: 844 };

/// What a story needs to know, from the environment.
export function world() {
  const url = required('PLIMSOLL_URL').replace(/\/$/, '');
  return {
    url,
    setup: process.env.PLIMSOLL_SETUP,
    user: process.env.PLIMSOLL_USER ?? 'mara',
    password: process.env.PLIMSOLL_PASSWORD ?? 'correct horse battery staple',
    slo: required('PLIMSOLL_SLO'),
    shots: process.env.PLIMSOLL_SHOTS ?? join(tmpdir(), 'plimsoll-shots'),
  };
}

export async function launch() {
  const executablePath = process.env.CHROMIUM ?? '/usr/bin/chromium';
  return chromium.launch({ executablePath, args: FLAGS });
}

/// A page of its own whose errors land in `complaints`. What the server refuses, as it should,
/// Chromium reports as an error of the console: 401 before anyone is signed in, and what else a
/// story expects, are no faults.
export async function openPage(
  browser,
  { viewport = DESK, colorScheme = 'light', storageState, refusals = [] } = {},
) {
  const context = await browser.newContext({
    viewport,
    colorScheme,
    ...(storageState ? { storageState } : {}),
  });
  const page = await context.newPage();
  // A machine that builds besides takes its time; nothing waits longer than it has to.
  page.setDefaultTimeout(90_000);
  const complaints = [];
  page.on('pageerror', (error) => complaints.push(`fault: ${error.message}`));
  page.on('console', (message) => {
    const expected = [401, ...refusals].some((code) =>
      message.text().includes(`status of ${code}`),
    );
    if (message.type() === 'error' && !expected) complaints.push(`console: ${message.text()}`);
  });
  return { page, complaints };
}

const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

/// What axe finds that is serious: contrast, names, roles.
export async function barriers(page) {
  await page.evaluate(AXE);
  const found = await page.evaluate(() =>
    window.axe.run(document, { resultTypes: ['violations'] }),
  );
  return found.violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .map(
      ({ id, nodes }) =>
        `${id}: ${nodes
          .map((node) => node.html.slice(0, 140))
          .slice(0, 3)
          .join(' | ')}`,
    );
}

/// Controls without a name that a screen reader could say.
export async function nameless(page) {
  return page.evaluate(() => {
    const shown = (node) => node.checkVisibility?.({ visibilityProperty: true }) ?? true;
    const named = (node) =>
      node.getAttribute('aria-label') ||
      node.getAttribute('aria-labelledby') ||
      node.textContent.trim() ||
      node.labels?.length ||
      node.getAttribute('title');
    const controls = document.querySelectorAll(
      'button, a[href], input, select, textarea, [role=img], [role=dialog]',
    );
    return [...controls]
      .filter((node) => node.type !== 'hidden' && shown(node) && !named(node))
      .map((node) => node.outerHTML.slice(0, 160));
  });
}

/// Counts what a reader does: clicks, and keys that act. A task is done within three.
export function reader(page, most = 3) {
  let done = 0;
  const count = () => {
    done += 1;
    if (done > most) throw new Error(`more than ${most} clicks`);
  };
  return {
    async click(locator) {
      count();
      await locator.click();
    },
    async press(key) {
      count();
      await page.keyboard.press(key);
    },
    clicks: () => done,
  };
}

/// How many pixels a page is wider than its screen.
export async function overflow(page) {
  return page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
}

/// A picture for people to look at.
export async function shoot(page, dir, name) {
  mkdirSync(dir, { recursive: true });
  const fullPage = (await page.getByRole('dialog').count()) === 0;
  await page.screenshot({ path: `${dir}/${name}.png`, fullPage });
}

function required(name) {
  const value = process.env[name];
  if (!value) throw new Error(`set ${name}`);
  return value;
}
