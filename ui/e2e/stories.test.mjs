/// The stories, in a real browser against a real server: the first password, a shop with a week
/// behind it, the tasks people come with, each within three clicks; then every page on a wide screen
/// and on a phone, light and dark.
///
/// Environment: PLIMSOLL_URL, PLIMSOLL_SLO (a name), and PLIMSOLL_SETUP (the one-time link) or
/// PLIMSOLL_USER and PLIMSOLL_PASSWORD; PLIMSOLL_SHOTS is where the pictures go.
import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import { after, before, test } from 'node:test';
import {
  barriers,
  DESK,
  launch,
  nameless,
  openPage,
  overflow,
  PHONE,
  reader,
  shoot,
  world,
} from './browser.mjs';
import { api, apply, HOSTILE, open as openShop } from './shop.mjs';

const { url, setup, user, password, slo, shots } = world();
/// Who comes in while the stories are told.
const NEWCOMER = 'newcomer';
const NEW_PASSWORD = 'anchor violet ladder mustard';
const RECEIVER = 'story-hook';
let browser;
let storageState;
let server;
let closeShop = () => {};

before(async () => {
  browser = await launch();
});
after(async () => {
  closeShop();
  await browser.close();
});

test('someone comes in, by the setup link or by name and password', async () => {
  const { page, complaints } = await openPage(browser);
  if (setup) await setFirstPassword(page);
  else await signIn(page);
  await page.getByRole('heading', { level: 1, name: /services/ }).waitFor();
  storageState = await page.context().storageState();
  const cookie = storageState.cookies.map(({ name, value }) => `${name}=${value}`).join('; ');
  server = api(url, { cookie });
  assert.deepEqual(complaints, []);
  await page.context().close();
});

test('a shop with a week behind it is measured, and one of its budgets burns', async () => {
  closeShop = await openShop(server);
  const { page, complaints } = await openPage(browser, { storageState });
  await page.goto(`${url}/alerts`);
  await page.getByRole('link', { name: 'basket-availability' }).first().waitFor();
  await page.getByText('Firing: page').first().waitFor();
  assert.deepEqual(complaints, []);
  await page.context().close();
});

test('who was woken follows the link of a message to the explanation, on a phone', async () => {
  const { items } = await server.get('/api/v1/alerts?phase=firing&slo=basket-availability');
  const { page, complaints } = await openPage(browser, { viewport: PHONE, storageState });
  await page.goto(`${url}/alerts/${items[0].id}`);
  await page.getByRole('heading', { name: /burns its budget \d+ times too fast/ }).waitFor();
  await page.getByRole('region', { name: 'Who was told' }).waitFor();
  await page
    .getByRole('region', { name: 'What changed before it' })
    .getByText('basket 2.')
    .first()
    .waitFor();
  const { click } = reader(page, 1);
  await click(page.getByRole('button', { name: 'Explain the numbers' }).first());
  await page.getByRole('dialog').getByText('The arithmetic').waitFor();
  await page.getByRole('dialog').getByText('shop_requests_total').first().waitFor();
  assert.deepEqual(complaints, []);
  await page.context().close();
});

test('why a budget fell yesterday is found within three clicks', async () => {
  const { page, complaints } = await openPage(browser, { storageState });
  await page.goto(`${url}/slos?q=search`);
  const { click } = reader(page);
  await click(page.getByRole('link', { name: 'Search latency' }));
  await click(page.getByRole('radio', { name: /^7\sd$/ }).locator('xpath=..'));
  const chart = page.getByRole('img', { name: /^Bad events: / });
  await chart.locator('canvas').waitFor();
  await page.waitForURL(/range=7d/);
  await page.locator('[aria-busy]').waitFor({ state: 'detached' });
  await pick(page, chart, 1 - 25.3 / (7 * 24));
  const dialog = page.getByRole('dialog');
  await dialog.getByText('The arithmetic').waitFor();
  await dialog.getByText(/^The last .* minutes$/).waitFor();
  const day = new URL(page.url()).searchParams.get('explain');
  const hours = (Date.now() - Date.parse(day)) / 3_600_000;
  assert.ok(hours > 20 && hours < 30, `explains ${hours} hours ago`);
  assert.deepEqual(complaints, []);
  await page.context().close();
});

test('why a release was denied is seen within three clicks, and it replays', async () => {
  const { page, complaints } = await openPage(browser, { storageState });
  await page.goto(url);
  const { click } = reader(page);
  await page.getByRole('heading', { name: /releases? (was|were) denied/ }).waitFor();
  await click(page.getByRole('link', { name: 'mail, feature' }));
  await page.getByRole('heading', { name: 'Feature of mail may not go to production' }).waitFor();
  await page.getByText('Exhausted, which it was').waitFor();
  await page
    .getByRole('region', { name: 'The facts it rests on' })
    .getByText('mail-delivery')
    .waitFor();
  await click(page.getByRole('button', { name: 'Replay the decision' }));
  await page.getByText('Identical, byte for byte').waitFor();
  assert.deepEqual(complaints, []);
  await page.context().close();
});

test('a token is made within three clicks, lets a program in, and is revoked within three', async () => {
  const { page, complaints } = await openPage(browser, { storageState });
  await page.goto(`${url}/admin/tokens`);
  const making = reader(page);
  await making.click(page.getByRole('button', { name: 'Make a token' }));
  await page.getByRole('textbox', { name: 'Name' }).fill('story');
  await making.click(page.getByRole('button', { name: 'Make the token' }));
  const secret = (await page.locator('[data-secret]').textContent()).trim();
  await making.click(page.getByRole('button', { name: 'I have kept it' }));
  const bearer = { headers: { authorization: `Bearer ${secret}` } };
  assert.equal((await fetch(`${url}/api/v1/me`, bearer)).status, 200);
  const revoking = reader(page);
  await revoking.click(page.getByRole('button', { name: 'Revoke story' }));
  await revoking.click(page.getByRole('button', { name: 'Revoke the token' }));
  await page.getByRole('dialog').waitFor({ state: 'detached' });
  assert.equal((await fetch(`${url}/api/v1/me`, bearer)).status, 401);
  assert.equal((await page.content()).includes(secret), false);
  assert.deepEqual(complaints, []);
  await page.context().close();
});

test('a webhook sender is made within three clicks, its secret is shown once, and it is revoked', async () => {
  const { page, complaints } = await openPage(browser, { storageState });
  await page.goto(`${url}/admin/webhooks`);
  const making = reader(page);
  await making.click(page.getByRole('button', { name: 'Make a sender' }));
  await page.getByRole('textbox', { name: 'Name' }).fill('story-forge');
  await making.click(page.getByRole('button', { name: 'Make the sender' }));
  const secret = (await page.locator('[data-secret]').textContent()).trim();
  assert.match(secret, /^whsec_/);
  await making.click(page.getByRole('button', { name: 'I have kept it' }));
  assert.equal((await page.content()).includes(secret), false);
  const revoking = reader(page);
  await revoking.click(page.getByRole('button', { name: 'Change story-forge' }));
  await revoking.click(page.getByRole('menuitem', { name: 'Revoke…' }));
  await revoking.click(page.getByRole('button', { name: 'Revoke the sender' }));
  await page.getByRole('dialog').waitFor({ state: 'detached' });
  await page.getByText('story-forge').waitFor({ state: 'detached' });
  assert.deepEqual(complaints, []);
  await page.context().close();
});

test('a person who is added sets a password with the link, and sees what a viewer sees', async () => {
  const { page, complaints } = await openPage(browser, { storageState });
  await page.goto(`${url}/admin/people`);
  await page.getByRole('button', { name: 'Add a person' }).click();
  await page.getByRole('textbox', { name: 'Name' }).fill(NEWCOMER);
  await page.getByRole('button', { name: 'Add the person' }).click();
  const link = (await page.locator('[data-secret]').textContent()).trim();
  await page.getByRole('button', { name: 'I have kept it' }).click();
  await page.getByRole('table', { name: 'People' }).getByText('No password yet').waitFor();
  const theirs = await openPage(browser, { refusals: [422] });
  await theirs.page.goto(`${url}${new URL(link).pathname}${new URL(link).search}`);
  await theirs.page.getByRole('textbox', { name: 'Password' }).fill('qwertyuiop1234');
  await theirs.page.getByRole('button', { name: 'Set password and sign in' }).click();
  await theirs.page.getByText(/among the first that somebody would guess/).waitFor();
  await theirs.page.getByRole('textbox', { name: 'Password' }).fill(NEW_PASSWORD);
  await theirs.page.getByRole('button', { name: 'Set password and sign in' }).click();
  await theirs.page.getByRole('heading', { level: 1, name: /services/ }).waitFor();
  await theirs.page.goto(`${url}/admin/people`);
  await theirs.page.getByRole('heading', { name: 'People are for the role admin' }).waitFor();
  assert.deepEqual([...complaints, ...theirs.complaints], []);
  await theirs.page.context().close();
  await page.context().close();
});

test('somebody is put into a team, which they then see, and taken out again', async () => {
  const { page, complaints } = await openPage(browser, { storageState });
  await page.goto(`${url}/admin/teams`);
  await page.getByRole('link', { name: 'Team Shop' }).click();
  await page.getByRole('button', { name: 'Add a member' }).click();
  await page.getByRole('combobox', { name: 'Person' }).fill(NEWCOMER);
  await page.getByRole('option', { name: NEWCOMER }).click();
  await page.getByRole('radio', { name: 'editor' }).check();
  await page.getByRole('button', { name: 'Add to the team' }).click();
  await page.getByRole('dialog').waitFor({ state: 'detached' });
  const member = page.getByRole('listitem').filter({ hasText: NEWCOMER });
  await member.getByText('Editor, since').waitFor();
  await page.getByRole('button', { name: `Change ${NEWCOMER}` }).click();
  await page.getByRole('menuitem', { name: 'Change the role…' }).click();
  await page.getByRole('radio', { name: 'responder' }).check();
  await page.getByRole('button', { name: 'Change the role' }).click();
  await member.getByText('Responder, since').waitFor();
  const theirs = await openPage(browser);
  await theirs.page.goto(`${url}/account`);
  await fillSignIn(theirs.page, NEWCOMER, NEW_PASSWORD);
  await theirs.page.getByRole('link', { name: 'team-shop' }).click();
  await theirs.page.getByText(NEWCOMER).first().waitFor();
  assert.equal(await theirs.page.getByRole('button', { name: 'Add a member' }).count(), 0);
  await page.getByRole('button', { name: `Change ${NEWCOMER}` }).click();
  await page.getByRole('menuitem', { name: 'Take out of the team…' }).click();
  await page.getByRole('button', { name: 'Take out of the team' }).click();
  await member.waitFor({ state: 'detached' });
  assert.deepEqual([...complaints, ...theirs.complaints], []);
  await theirs.page.context().close();
  await page.context().close();
});

test('a session of one’s own in another place is ended, and asks for the password there', async () => {
  const here = await openPage(browser);
  await here.page.goto(`${url}/account`);
  await fillSignIn(here.page, NEWCOMER, NEW_PASSWORD);
  await here.page.getByRole('button', { name: 'End all others…' }).click();
  await here.page.getByRole('button', { name: 'End all others', exact: true }).click();
  await here.page.getByRole('heading', { name: /signed in here alone$/ }).waitFor();
  const there = await openPage(browser);
  await there.page.goto(`${url}/sign-in`);
  await fillSignIn(there.page, NEWCOMER, NEW_PASSWORD);
  await there.page.getByRole('heading', { level: 1, name: /services/ }).waitFor();
  await here.page.reload();
  await here.page.getByRole('heading', { name: /in one other place$/ }).waitFor();
  await here.page.getByRole('button', { name: /^End the session/ }).click();
  await here.page.getByRole('heading', { name: /signed in here alone$/ }).waitFor();
  // The page there stands still, and knows all the same: its stream ended with the session.
  const ended = there.page.getByRole('dialog', { name: 'Your session has ended' });
  await ended.getByRole('textbox', { name: 'Password' }).fill(NEW_PASSWORD);
  await ended.getByRole('button', { name: 'Sign in', exact: true }).click();
  await ended.waitFor({ state: 'detached' });
  await there.page.getByRole('heading', { level: 1, name: /services/ }).waitFor();
  assert.deepEqual([...here.complaints, ...there.complaints], []);
  await there.page.context().close();
  await here.page.context().close();
});

test('a receiver is tested, shows what its provider answers, and is not tested twice at once', async () => {
  const heard = [];
  const provider = createServer((request, response) => {
    let body = '';
    request.on('data', (part) => (body += part));
    request.on('end', () => {
      heard.push(JSON.parse(body));
      response.writeHead(204).end();
    });
  });
  await new Promise((ready) => provider.listen(0, '127.0.0.1', ready));
  const hook = `http://127.0.0.1:${provider.address().port}/hook`;
  await apply(server, [receiver(hook)]);
  const { page, complaints } = await openPage(browser, { storageState, refusals: [429] });
  await page.goto(`${url}/admin/receivers`);
  await page.getByRole('link', { name: RECEIVER }).click();
  await page.getByRole('button', { name: 'Send a test' }).click();
  await page.getByText('Every channel took it.').waitFor();
  await page.getByText(/“HTTP 204”, after/).waitFor();
  await shoot(page, shots, 'receiver-tested-desk-light');
  assert.equal(heard.length, 1);
  assert.equal(heard[0].type, 'receiver.test');
  await page.getByRole('button', { name: 'Send a test' }).click();
  await page.getByRole('alert').getByText('Nothing was sent.').waitFor();
  assert.equal(heard.length, 1);
  assert.deepEqual(complaints, []);
  await page.context().close();
  await new Promise((closed) => provider.close(closed));
});

test('the audit log is narrowed by a click and by a day, and names who did it', async () => {
  const { page, complaints } = await openPage(browser, { storageState });
  await page.goto(`${url}/admin/audit`);
  const table = page.getByRole('table', { name: 'Audit log' });
  await table.getByRole('button', { name: 'team team-shop' }).first().click();
  await page.waitForURL(/subject=team/);
  await table.getByText(`${NEWCOMER} is editor of the team team-shop.`).waitFor();
  await page.getByLabel('From, a day in UTC').fill(new Date().toISOString().slice(0, 10));
  await page.waitForURL(/from=/);
  await page.getByRole('heading', { name: /changes of team team-shop in the days/ }).waitFor();
  await page.getByLabel('Until, a day in UTC').fill('2001-01-01');
  await page.getByRole('heading', { name: 'No change matches' }).waitFor();
  await page.getByRole('button', { name: 'Show all' }).click();
  await table.getByText(user).first().waitFor();
  assert.deepEqual(complaints, []);
  await page.context().close();
});

test('a hostile name is text on every page that shows it', async () => {
  const { page, complaints } = await openPage(browser, { storageState });
  for (const address of ['/services/oddity', '/services?q=oddity', '/services?owner=team-shop']) {
    await page.goto(`${url}${address}`);
    await page.getByText(HOSTILE.slice(0, 30)).first().waitFor();
  }
  await page.keyboard.press('Control+k');
  await page.getByRole('combobox', { name: 'Find' }).fill('oddity');
  await page.getByRole('option', { name: /^Service\s*<img/ }).waitFor();
  assert.equal(await page.evaluate(() => window.pwned), undefined);
  assert.equal(await page.locator('main img, main script').count(), 0);
  assert.deepEqual(complaints, []);
  await page.context().close();
});

test('a lost connection is said, and is well again by itself', async () => {
  const { page } = await openPage(browser, { storageState });
  await page.goto(`${url}/alerts`);
  await page.getByText('Firing: page').first().waitFor();
  await page.route('**/api/v1/events', (route) => route.abort());
  await page.reload();
  await page.getByText(/^Live connection lost since/).waitFor();
  await page.getByRole('button', { name: 'Try now' }).click();
  await page.unroute('**/api/v1/events');
  await page.getByText(/^Live connection lost since/).waitFor({ state: 'detached' });
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

test('an SLO says what its budget was spent on, and all of it', async () => {
  const { page, complaints } = await openPage(browser, { storageState });
  await page.goto(`${url}/slos/${slo}`);
  const spent = page.getByRole('region', { name: 'What the budget was spent on' });
  await spent.getByRole('listitem').first().waitFor();
  const ledger = await server.get(`/api/v1/slos/${slo}/ledger`);
  const sum = ledger.entries.reduce((bad, entry) => bad + entry.bad, 0);
  assert.equal(sum, ledger.spent.bad);
  assert.deepEqual(complaints, []);
  await page.context().close();
});

test('SLOs of Sloth are read as definitions', async () => {
  const { page, complaints } = await openPage(browser, { storageState });
  await page.goto(`${url}/slos`);
  await page.getByRole('link', { name: /^Bring SLOs/ }).click();
  await page.getByLabel('YAML').fill(`version: prometheus/v1
service: books
slos:
  - name: availability
    objective: 99.9
    sli:
      events:
        error_query: sum(rate(a{code="500"}[{{.window}}]))
        total_query: sum(rate(a[{{.window}}]))
`);
  await page.getByRole('button', { name: 'Read them' }).click();
  await page.getByText('1 kept, 1 changed, 0 refused.').waitFor();
  const definitions = page.getByRole('region', { name: 'The definitions' });
  assert.match(await definitions.textContent(), /name: 'books-availability'/);
  await shoot(page, shots, 'imported-desk-light');
  assert.deepEqual(complaints, []);
  await page.context().close();
});

test('the finder knows the SLO', async () => {
  const { page, complaints } = await openPage(browser, { storageState });
  await page.goto(`${url}/slos`);
  await page.getByRole('heading', { level: 1 }).waitFor();
  await page.keyboard.press('Control+k');
  await page.getByRole('combobox', { name: 'Find' }).fill(slo);
  await page.getByRole('option', { name: /^SLO/ }).first().click();
  await page.waitForURL(new RegExp(`/slos/`));
  assert.deepEqual(complaints, []);
  await page.context().close();
});

/// Every page, with what shows that it stands.
async function views() {
  const first = async (path) => (await server.get(path)).items[0].id;
  const alert = await first('/api/v1/alerts?phase=firing&slo=basket-availability');
  const decision = await first('/api/v1/decisions?service=mail');
  const deployment = await first('/api/v1/deployments?service=basket');
  const now = encodeURIComponent(new Date().toISOString());
  const people = (await server.get('/api/v1/people')).items;
  for (const { id } of people)
    await server.put(`/api/v1/teams/team-shop/members/${id}`, { role: 'editor' });
  return {
    overview: ['/', 'h2'],
    services: ['/services', '[data-row-link]'],
    service: ['/services/basket', '.uplot canvas'],
    list: ['/slos', '[data-row-link]'],
    slo: ['/slos/search-latency', '.uplot canvas'],
    spent: [`/slos/${slo}`, 'section[aria-label^="What the budget"] li'],
    explain: [`/slos/${slo}?explain=${now}`, '[role=dialog] pre'],
    targets: ['/targets?window=365d', 'table, section'],
    import: ['/import', 'textarea'],
    definition: ['/definitions/ErrorBudgetPolicy/default', 'pre'],
    alerts: ['/alerts', '[data-row-link]'],
    narrowed: ['/alerts?severity=page', 'h1'],
    alert: [`/alerts/${alert}`, '.uplot canvas'],
    releases: ['/releases', '[data-row-link]'],
    deployments: ['/releases?show=deployments', '[data-row-link]'],
    decision: [`/releases/decisions/${decision}`, 'h2'],
    deployment: [`/releases/deployments/${deployment}`, 'h2'],
    telemetry: ['/admin/telemetry', 'h2'],
    storage: ['/admin/storage', '[role=img]'],
    receivers: ['/admin/receivers', '[data-row-link]'],
    receiver: [`/admin/receivers/${RECEIVER}`, 'main pre'],
    notifications: ['/admin/notifications', 'h1'],
    teams: ['/admin/teams', '[data-row-link]'],
    team: ['/admin/teams/team-shop', 'h2'],
    people: ['/admin/people', '[data-index]'],
    tokens: ['/admin/tokens', 'h1'],
    webhooks: ['/admin/webhooks', 'h1'],
    audit: ['/admin/audit', '[data-index]'],
    account: ['/account', '[role=listitem]'],
    handbook: ['/handbook/slos', '.prose h2'],
    nothing: ['/nothing-here', 'h1'],
  };
}

for (const [screen, viewport] of Object.entries({ desk: DESK, phone: PHONE })) {
  for (const colorScheme of ['light', 'dark']) {
    test(`each page stands on a ${screen}, ${colorScheme}`, async () => {
      const { page, complaints } = await openPage(browser, { viewport, colorScheme, storageState });
      for (const [name, [address, sign]] of Object.entries(await views())) {
        await page.goto(`${url}${address}`);
        await page.locator(sign).first().waitFor();
        await page.locator('[aria-busy]').first().waitFor({ state: 'detached' });
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

/// Clicks a chart at a share of its width: the third click of its task.
async function pick(page, chart, share) {
  const area = chart.locator('.u-over');
  const { width, height } = await area.boundingBox();
  // Not before it stands still.
  await area.click({ position: { x: width * share, y: height / 2 } });
  await page.waitForURL(/explain=/);
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

async function fillSignIn(page, name = user, secret = password) {
  await page.getByLabel('Name').fill(name);
  await page.getByRole('textbox', { name: 'Password' }).fill(secret);
  await page.getByRole('button', { name: 'Sign in' }).click();
}

/// A receiver whose one channel is a webhook.
function receiver(hook) {
  return {
    apiVersion: 'plimsoll/v1',
    kind: 'Receiver',
    metadata: { name: RECEIVER },
    spec: { team: 'team-shop', webhook: { url: hook } },
  };
}
