// What stands around every screen: search over everything, keys, the curtain, live updates, a session that ends, a server that is away.
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { after, before, test } from 'node:test';
import { Browser, barriers, picture, signedIn, until, visit } from './carrel.js';
import { School } from './kiosk.js';

let school, browser, page;

before(async () => {
  [school, browser] = await Promise.all([School.open(), Browser.open()]);
  page = await signedIn(browser, school.carrel);
});

after(async () => {
  await browser?.close();
  await school?.carrel.close();
});

const finder = () => page.getByRole('combobox', { name: 'Find a book, a person or a page' });
/** Strikes a single key until what it brings is seen: a key too close behind another one is taken for a scanner's. */
const strike = (key, seen) =>
  until(async () => {
    await page.keyboard.press(key);
    return seen.waitFor({ timeout: 1000 }).then(() => true, () => false);
  }, `what ${key} brings`);
const chosen = () => page.getByRole('option', { selected: true });

test('a slash finds a page, a person and a book', async () => {
  await page.getByRole('heading', { name: /Good (morning|afternoon|evening), Dana/ }).waitFor();
  await strike('/', finder());
  await finder().fill('kiosks');
  await chosen().getByText('Kiosks').waitFor();
  assert.deepEqual(await barriers(page), []);
  await picture(page, 'staff-find');
  await page.keyboard.press('Enter');
  await page.waitForFunction(() => location.hash === '#/settings/kiosks');

  const child = school.children[0];
  await page.keyboard.press('Control+k');
  await finder().fill(`${child.last_name} ${child.first_name}`.toLocaleLowerCase());
  await page.getByRole('option', { name: child.last_name }).first().waitFor();
  await page.keyboard.press('Escape');
  await finder().waitFor({ state: 'detached' });
});

test('single keys can be switched off, and the map of keys says so', async () => {
  await visit(page, 'today');
  await page.getByRole('heading', { name: /Good/ }).waitFor();
  await strike('?', page.getByRole('heading', { name: 'Keys' }));
  assert.deepEqual(await barriers(page), []);
  await picture(page, 'staff-keys');
  await page.getByLabel(/Single keys/).uncheck();
  await page.getByRole('button', { name: 'Close' }).click();
  await page.keyboard.press('/');
  await page.keyboard.press('Control+k'); // comes after the slash, so whatever the slash did is done
  await finder().waitFor();
  assert.equal(await page.getByRole('combobox').count(), 1);
  await page.keyboard.press('Escape');
  await page.keyboard.press('F1'); // nothing
  await page.evaluate(() => localStorage.removeItem('carrel.keys'));
  await page.reload();
});

test('a scan on a page that wants none opens nothing', async () => {
  await page.getByRole('heading', { name: /Good/ }).waitFor();
  await page.keyboard.type('30417/0000?1\n');
  await page.keyboard.press('F9'); // comes after the scan, so whatever that did is done
  await page.getByRole('heading', { name: 'Names are hidden' }).waitFor();
  assert.equal(await page.locator('dialog[open]').count(), 1);
});

test('the curtain hides every name', async () => {
  await picture(page, 'staff-curtain');
  assert.deepEqual(await barriers(page), []);
  const covers = await page.locator('dialog.curtain').boundingBox();
  assert.deepEqual([covers.width, covers.height], [1366, 768]);
  await page.keyboard.press('F9');
  await page.locator('dialog.curtain').waitFor({ state: 'detached' });
});

test('what happens at another desk is seen here', async () => {
  const out = page.locator('.stat', { hasText: 'Out now' }).locator('.n');
  const before = Number(await out.innerText());
  const { status } = await school.carrel.api('POST', '/api/carrel/checkouts', { patron: school.children[0].barcode, item: school.books[0].barcode, key: randomUUID() }, school.librarian);
  assert.equal(status, 201);
  await page.waitForFunction((want) => [...document.querySelectorAll('.stat')].some((tile) => tile.textContent.includes('Out now') && tile.querySelector('.n').textContent === String(want)), before + 1);
});

test('a server that is away is said calmly, and what was missed is asked for', async () => {
  await school.carrel.kill();
  await page.getByText(/No answer from the server since/).waitFor();
  assert.deepEqual(await barriers(page), []);
  await picture(page, 'staff-away');
  await school.carrel.serve();
  await page.getByText('Up to date').waitFor();
  await school.signIn();
});

test('a session that ends loses nothing', async () => {
  await visit(page, 'settings', 'kiosks');
  await page.getByRole('button', { name: 'New kiosk' }).waitFor();
  school.carrel.run('staff', 'upsert', 'librarian@cedarhollow.example', '--role', 'librarian', '--password', 'another hollow');
  await page.getByRole('button', { name: 'New kiosk' }).click();
  await page.getByRole('heading', { name: 'Please sign in again' }).waitFor();
  assert.deepEqual(await barriers(page), []);
  await picture(page, 'staff-sign-in-again');
  await page.getByLabel('Password').fill('cedar hollow');
  await page.getByRole('button', { name: 'Go on working' }).click();
  await page.getByText('Email and password do not match').waitFor();
  await page.getByLabel('Password').fill('another hollow');
  await until(async () => {
    await page.getByRole('button', { name: 'Go on working' }).click({ timeout: 500 }).catch(() => {});
    return !(await page.getByRole('heading', { name: 'Please sign in again' }).count());
  }, 'the sign-in, of which two in three seconds are let through');
  await page.locator('.once').waitFor(); // the request that found the session ended went on by itself
});

test('no page failed and nothing left the school', () => {
  assert.deepEqual(page.faults.filter((fault) => !/ERR_CONNECTION_REFUSED|ERR_INCOMPLETE_CHUNKED_ENCODING|Failed to fetch/.test(fault)), []);
});
