/// The stories, in a real browser against a real server: the first password, the list, one SLO and
/// the reasons behind its numbers; then the same pages on a phone and in the dark.
///
/// Environment: PLIMSOLL_URL, PLIMSOLL_SLO (a name), and PLIMSOLL_SETUP (the one-time link) or
/// PLIMSOLL_USER and PLIMSOLL_PASSWORD; PLIMSOLL_SHOTS is where the pictures go.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import {
  barriers,
  DESK,
  launch,
  nameless,
  openPage,
  overflow,
  PHONE,
  shoot,
  world,
} from './browser.mjs';

const { url, setup, user, password, slo, shots } = world();
let browser;
let storageState;

before(async () => {
  browser = await launch();
});
after(() => browser.close());

test('someone comes in, by the setup link or by name and password', async () => {
  const { page, complaints } = await openPage(browser);
  if (setup) await setFirstPassword(page);
  else await signIn(page);
  await page.waitForURL(/\/slos/);
  await page.getByRole('heading', { level: 1 }).waitFor();
  storageState = await page.context().storageState();
  assert.deepEqual(complaints, []);
  await page.context().close();
});

test('the password that was set signs in, and back to the page that was wanted', async () => {
  const { page, complaints } = await openPage(browser);
  await page.goto(`${url}/slos/${slo}`);
  await fillSignIn(page);
  await page.getByRole('link', { name: 'SLOs', exact: true }).first().waitFor();
  await page.getByRole('button', { name: /^Budget left/ }).waitFor();
  assert.ok(page.url().includes(`/slos/${slo}`), page.url());
  assert.deepEqual(complaints, []);
  await page.context().close();
});

test('the list leads to an SLO by keys alone', async () => {
  const { page, complaints } = await openPage(browser, { storageState });
  await page.goto(`${url}/slos?q=${encodeURIComponent(slo)}`);
  await page.locator(`a[href*="/slos/${slo}"]`).first().waitFor();
  await page.keyboard.press('j');
  await page.waitForFunction(() => document.activeElement?.hasAttribute('data-row-link'));
  await page.keyboard.press('Enter');
  await page.getByRole('button', { name: /^Budget left/ }).waitFor();
  assert.deepEqual(complaints, []);
  await page.context().close();
});

test('every number of an SLO leads to the minutes, the series and the arithmetic behind it', async () => {
  const { page, complaints } = await openPage(browser, { storageState });
  await page.goto(`${url}/slos/${slo}`);
  await page.locator('.uplot canvas').first().waitFor();
  for (const number of ['Budget left', 'Error ratio', 'Bad events', 'All events']) {
    await page
      .getByRole('button', { name: new RegExp(`^${number}: .*Explain$`) })
      .first()
      .click();
    const drawer = page.getByRole('dialog');
    await drawer.getByText('The arithmetic').waitFor();
    await drawer.getByText(/^The (last .* minutes)$/).waitFor();
    await drawer.getByText(/series routed then$/).waitFor();
    await page.keyboard.press('Escape');
    await drawer.waitFor({ state: 'detached' });
  }
  assert.deepEqual(complaints, []);
  await page.context().close();
});

test('a drag on a chart zooms, a double click goes back, a click explains that instant', async () => {
  const { page, complaints } = await openPage(browser, { storageState });
  await page.goto(`${url}/slos/${slo}?range=1h`);
  const chart = page.locator('.uplot .u-over').first();
  await chart.waitFor();
  const box = await chart.boundingBox();
  const y = box.y + box.height / 2;
  await page.mouse.move(box.x + box.width * 0.3, y);
  await page.mouse.down();
  await page.mouse.move(box.x + box.width * 0.7, y, { steps: 5 });
  await page.mouse.up();
  await page.waitForURL(/from=/);
  await page.mouse.dblclick(box.x + box.width * 0.5, y);
  await page.waitForURL((address) => !address.search.includes('from='));
  await page.mouse.click(box.x + box.width * 0.95, y);
  await page.waitForURL(/explain=/);
  await page.getByRole('dialog').getByText('Why these numbers').waitFor();
  assert.deepEqual(complaints, []);
  await page.context().close();
});

test('the finder knows the SLO', async () => {
  const { page, complaints } = await openPage(browser, { storageState });
  await page.goto(`${url}/slos`);
  await page.getByRole('heading', { level: 1 }).waitFor();
  await page.keyboard.press('Control+k');
  await page.getByRole('combobox', { name: 'Find' }).fill(slo);
  await page.getByRole('option', { name: /^SLO/ }).first().waitFor();
  await page.keyboard.press('Enter');
  await page.waitForURL(new RegExp(`/slos/`));
  assert.deepEqual(complaints, []);
  await page.context().close();
});

for (const [screen, viewport] of Object.entries({ desk: DESK, phone: PHONE })) {
  for (const colorScheme of ['light', 'dark']) {
    test(`each page stands on a ${screen}, ${colorScheme}`, async () => {
      const { page, complaints } = await openPage(browser, { viewport, colorScheme, storageState });
      const views = {
        list: [`${url}/slos`, 'h1'],
        slo: [`${url}/slos/${slo}`, '.uplot canvas'],
        explain: [
          `${url}/slos/${slo}?explain=${encodeURIComponent(new Date().toISOString())}`,
          '[role=dialog] pre',
        ],
      };
      for (const [name, [address, sign]] of Object.entries(views)) {
        await page.goto(address);
        await page.locator(sign).first().waitFor();
        await page.locator('[aria-busy]').waitFor({ state: 'detached' });
        assert.deepEqual(await nameless(page), [], `controls without a name on ${name}`);
        assert.deepEqual(await barriers(page), [], `barriers on ${name}`);
        assert.ok((await overflow(page)) <= 0, `${name} is wider than the screen`);
        await shoot(page, shots, `${name}-${screen}-${colorScheme}`);
      }
      assert.deepEqual(complaints, []);
      await page.context().close();
    });
  }
}

async function setFirstPassword(page) {
  await page.goto(setup);
  await page.getByLabel('Name').fill(user);
  await page.getByRole('textbox', { name: 'Password' }).fill(password);
  await page.getByRole('button', { name: 'Set password and sign in' }).click();
}

async function signIn(page) {
  await page.goto(`${url}/sign-in`);
  await fillSignIn(page);
}

async function fillSignIn(page) {
  await page.getByLabel('Name').fill(user);
  await page.getByRole('textbox', { name: 'Password' }).fill(password);
  await page.getByRole('button', { name: 'Sign in' }).click();
}
