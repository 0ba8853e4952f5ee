/// From a mail of the demo to the reasons of its alert, as whoever is on call goes: the inbox, its
/// letter, the alert in the app, and back from there to the inbox.
///
/// Environment: PLIMSOLL_URL, PLIMSOLL_SLO, PLIMSOLL_USER and PLIMSOLL_PASSWORD as for the stories, and
/// PLIMSOLL_LETTER and PLIMSOLL_ALERT, which are addresses that
/// the demo told.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { DESK, launch, openPage, overflow, PHONE, reader, shoot, world } from './browser.mjs';

const { url, user, password, shots } = world();
const letter = process.env.PLIMSOLL_LETTER;
const alert = process.env.PLIMSOLL_ALERT;
let browser;
let storageState;

before(async () => {
  browser = await launch();
  const { page } = await openPage(browser);
  await page.goto(`${url}/sign-in`);
  await page.getByLabel('Name').fill(user);
  await page.getByRole('textbox', { name: 'Password' }).fill(password);
  await page.getByRole('button', { name: 'Sign in' }).click();
  await page.getByRole('heading', { level: 1, name: /services/ }).waitFor();
  storageState = await page.context().storageState();
  await page.context().close();
});
after(() => browser.close());

test('a letter leads to the reasons of its alert, by its text and by its HTML', async () => {
  for (const part of ['text', 'HTML']) {
    const { page, complaints } = await openPage(browser, { storageState });
    await page.goto(letter);
    const { click } = reader(page);
    const body = part === 'text' ? page.locator('pre') : page.frameLocator('iframe');
    const opened = page.context().waitForEvent('page');
    await click(body.locator(`a[href^="${alert}"]`).first());
    const app = await opened;
    await app.getByText('Why it fired').first().waitFor();
    assert.equal(new URL(app.url()).pathname, new URL(alert).pathname);
    assert.deepEqual(complaints, []);
    await page.context().close();
  }
});

test('who was told leads to the inbox', async () => {
  const { page, complaints } = await openPage(browser, { storageState });
  await page.goto(alert);
  const opened = page.context().waitForEvent('page');
  await page.getByRole('link', { name: 'in the inbox' }).first().click();
  const inbox = await opened;
  await inbox.getByRole('heading', { level: 1, name: /messages/ }).waitFor();
  assert.equal(new URL(inbox.url()).host, new URL(letter).host);
  assert.deepEqual(complaints, []);
  await page.context().close();
});

for (const [screen, viewport] of Object.entries({ desk: DESK, phone: PHONE })) {
  for (const colorScheme of ['light', 'dark']) {
    test(`the inbox stands on a ${screen}, ${colorScheme}`, async () => {
      const { page, complaints } = await openPage(browser, { viewport, colorScheme });
      for (const [name, address] of [
        ['inbox', new URL('/', letter).href],
        ['letter', letter],
      ]) {
        await page.goto(address);
        await page.getByRole('heading', { level: 1 }).waitFor();
        assert.ok((await overflow(page)) <= 0, `${name} is wider than the screen`);
        await shoot(page, shots, `${name}-${screen}-${colorScheme}`);
      }
      assert.deepEqual(complaints, []);
      await page.context().close();
    });
  }
}
