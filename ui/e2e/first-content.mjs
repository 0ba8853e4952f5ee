/// How long until a page shows what it is about, in a real browser that has cached nothing: the
/// median of some openings, as JSON.
///
/// usage: node first-content.mjs SETUP_LINK TIMES
import { launch, openPage } from './browser.mjs';

/// Each page, and what is its content: the title that says how things stand, and rows.
const PAGES = [
  { path: '/', content: 'main h1' },
  { path: '/services', content: 'main table tbody tr' },
  { path: '/slos', content: 'main table tbody tr' },
  { path: '/slos/svc-00999-3', content: 'main h1' },
  { path: '/alerts', content: 'main h1' },
];

const [setup, times] = process.argv.slice(2);
const url = new URL(setup).origin;

/// Notes when the content is there and nothing in the page's head says that it still loads.
function watch(selector) {
  const look = () => {
    const found = document.querySelector(selector);
    if (found?.textContent.trim() && !found.querySelector('[aria-busy=true]')) {
      window.contentAt = performance.now();
    } else {
      requestAnimationFrame(look);
    }
  };
  look();
}

async function signedIn(browser) {
  const { page } = await openPage(browser);
  await page.goto(setup);
  await page.getByLabel('Name').fill('mara');
  await page.getByRole('textbox', { name: 'Password' }).fill('correct horse battery staple');
  await page.getByRole('button', { name: 'Set password and sign in' }).click();
  await page.getByRole('link', { name: 'Overview' }).first().waitFor();
  const state = await page.context().storageState();
  await page.context().close();
  return state;
}

async function opened(browser, storageState, { path, content }) {
  const { page } = await openPage(browser, { storageState });
  await page.addInitScript(watch, content);
  await page.goto(url + path);
  await page.waitForFunction(
    () =>
      window.contentAt !== undefined &&
      performance.getEntriesByName('first-contentful-paint').length > 0,
  );
  const figures = await page.evaluate(() => {
    const paint = performance.getEntriesByName('first-contentful-paint')[0].startTime;
    return { paint_ms: paint, content_ms: Math.max(paint, window.contentAt) };
  });
  await page.context().close();
  return figures;
}

const median = (figures) => Math.round(figures.sort((a, b) => a - b)[figures.length >> 1]);

const browser = await launch();
const storageState = await signedIn(browser);
const told = [];
for (const page of PAGES) {
  const runs = [];
  for (let run = 0; run < Number(times); run += 1) {
    runs.push(await opened(browser, storageState, page));
  }
  const of = (name) => median(runs.map((run) => run[name]));
  told.push({ path: page.path, paint_ms: of('paint_ms'), content_ms: of('content_ms') });
}
await browser.close();
process.stdout.write(JSON.stringify(told));
