// An empty library: the code on the console, the first librarian, and the same door after a restart.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { Browser, Carrel, barriers, picture, until, visit } from './carrel.js';

let carrel, browser;

before(async () => {
  [carrel, browser] = await Promise.all([Carrel.empty(), Browser.open()]);
});

after(async () => {
  await browser?.close();
  await carrel?.close();
});

test('the first librarian sets the library up', async () => {
  const page = await browser.page();
  const code = (await until(() => carrel.said.match(/code (\w{4}-\w{4})/), 'the code on the console'))[1];
  assert.equal((await fetch(`http://${carrel.staff}/api/carrel/search?q=a`)).status, 503);
  await page.goto(`http://${carrel.staff}/staff/`);
  await page.getByLabel('Set-up code').fill(code);
  await page.getByLabel('Name of the school or library').fill('Cedar Hollow');
  await page.getByLabel('Your name').fill('Dana Whitfield');
  await page.getByLabel('Email').fill('dana@example.org');
  await page.getByLabel('Password').fill('a long password');
  assert.deepEqual(await barriers(page), []);
  await picture(page, 'staff-setup');
  await page.getByRole('button', { name: 'Create my account' }).click();
  await visit(page, 'desk');
  await page.getByText('Scan a card to begin').waitFor();
  await visit(page, 'catalog');
  await page.getByText('No titles here yet').waitFor();
  await picture(page, 'staff-catalog-empty');
  await carrel.kill();
  await carrel.serve();
  assert.doesNotMatch(carrel.said, /code/);
  assert.ok(await carrel.signIn('dana@example.org', 'a long password'));
  assert.deepEqual(page.faults.filter((fault) => !/ERR_CONNECTION_REFUSED|ERR_INCOMPLETE_CHUNKED_ENCODING/.test(fault)), []);
});
