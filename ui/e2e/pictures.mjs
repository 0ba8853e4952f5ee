/// The pictures of the README, from a run of the demo: it is started, followed by what it tells, and
/// photographed while the story happens. What it told is kept beside them.
///
/// Environment: PLIMSOLL is the binary; PICTURES is where they go.
import { spawn } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { DESK, launch, openPage, PHONE } from './browser.mjs';

const binary = process.env.PLIMSOLL ?? 'plimsoll';
const to = process.env.PICTURES ?? 'docs/pictures';
/// So that a page with all of them is read on a slow line.
const BYTES_MAX = 150_000;

mkdirSync(to, { recursive: true });
const demo = spawn(binary, ['demo'], { stdio: ['ignore', 'pipe', 'inherit'] });
const ended = new Promise((resolve) => demo.on('exit', resolve));
const browser = await launch();
const told = [];
const waiting = [];
createInterface({ input: demo.stdout }).on('line', (line) => {
  console.log(line);
  told.push(line);
  for (const one of waiting.filter(({ part }) => line.includes(part))) one.resolve(told.length);
});

try {
  await story();
} finally {
  await browser.close();
  demo.kill('SIGINT');
  await ended;
}

async function story() {
  const setup = await link(await after('set a password first'));
  const storageState = await signIn(setup);
  const firing = await after('Alert: page for checkout-availability');
  const alert = await link(firing);
  const open = (options) => openPage(browser, { storageState, ...options });
  const denied = await link(await after('go to production, as a feature? deny'));
  const caller = await link(await after('Alert: page for storefront-availability'));
  const letter = await link(await after('✉ to web@'));
  await after('Alert: ticket for checkout-latency');
  await shoot(await open({ viewport: PHONE }), alert, 'phone', '.uplot canvas');
  await shoot(await open(), caller, 'alert', '.uplot canvas');
  await shoot(await open(), denied, 'decision', 'h2');
  await shoot(await open({ viewport: { width: 1000, height: 760 } }), letter, 'inbox', 'pre');
  const slo = await link(await after('Alert closed: checkout-latency'));
  await after('Data and server.log are in');
  await shoot(await open(), `${slo}?range=15m`, 'slo', '.uplot canvas');
  writeFileSync(`${to}/demo.txt`, `${told.map(kept).join('\n')}\n`);
}

/// A line as it is kept: without where the binary lies, and without a link that worked once.
function kept(line) {
  return line.replaceAll(binary, 'plimsoll').replace(/(setup\?code=)\S+/, '$1…');
}

/// Resolves when a line with that part has been told, with the place of what follows it.
function after(part) {
  const known = told.findIndex((line) => line.includes(part));
  if (known >= 0) return Promise.resolve(known + 1);
  return new Promise((resolve, reject) => {
    waiting.push({ part, resolve });
    void ended.then(() => reject(new Error(`never told: ${part}`)));
  });
}

/// The first link that was told from there on; lines come a moment after each other.
async function link(place) {
  for (;;) {
    const found = told.slice(place - 1).find((line) => line.includes('↳ http'));
    if (found) return found.slice(found.indexOf('http')).trim();
    await new Promise((resolve) => demo.stdout.once('data', resolve));
  }
}

async function signIn(setup) {
  const { page } = await openPage(browser);
  await page.goto(setup);
  await page.getByLabel('Name').fill('mara');
  await page.getByRole('textbox', { name: 'Password' }).fill('correct horse battery staple');
  await page.getByRole('button', { name: 'Set password and sign in' }).click();
  await page.getByRole('heading', { level: 1, name: /services/ }).waitFor();
  const state = await page.context().storageState();
  await page.context().close();
  return state;
}

async function shoot({ page, complaints }, url, name, sign) {
  await page.goto(url);
  await page.locator(sign).first().waitFor();
  await page.locator('[aria-busy]').first().waitFor({ state: 'detached' });
  const png = await page.screenshot();
  await page.context().close();
  if (complaints.length > 0) throw new Error(`${name}: ${complaints.join('\n')}`);
  const path = `${to}/${name}.webp`;
  const picture = await packed(png);
  writeFileSync(path, picture);
  const size = picture.length;
  if (size > BYTES_MAX) throw new Error(`${path} has ${size} bytes, ${BYTES_MAX} are allowed`);
  console.log(`── ${path}, ${size} bytes`);
}

/// The same as WebP, which the browser writes: half as large, and letters stay sharp.
async function packed(png) {
  const { page } = await openPage(browser);
  const url = await page.evaluate(
    async (data) => {
      const image = new Image();
      image.src = data;
      await image.decode();
      const canvas = document.createElement('canvas');
      canvas.width = image.width;
      canvas.height = image.height;
      canvas.getContext('2d').drawImage(image, 0, 0);
      return canvas.toDataURL('image/webp', 0.92);
    },
    `data:image/png;base64,${png.toString('base64')}`,
  );
  await page.context().close();
  return Buffer.from(url.slice(url.indexOf(',') + 1), 'base64');
}
