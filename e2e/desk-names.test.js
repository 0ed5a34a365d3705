// Names at the desk: typed, shared with a book, written by somebody with bad intentions; and the note about a person.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { barriers, picture, visit } from './carrel.js';
import { api, hear, open, openSchool, pageOf, says } from './desk.js';

let school, shelf, page, both;

before(async () => {
  school = await openSchool();
  ({ shelf } = school);
  both = shelf[0];
  const hurt = '<img src=x onerror="document.title=1">';
  for (const person of [
    { first_name: 'Quill', last_name: 'Quetzal', barcode: 'Q-1001', grade: '4', say_name: 'KET-sahl', reads: 'English, Spanish', note: 'Prefers large print' },
    { first_name: 'Quentin', last_name: 'Quetzal', barcode: 'Q-1002', grade: '4' },
    { first_name: 'Same', last_name: 'Number', barcode: both },
    { first_name: 'Zyx', last_name: hurt, barcode: 'Q-1003', say_name: hurt, note: hurt },
  ]) await api(school, 'POST', 'patrons', person);
  await api(school, 'POST', 'patrons/Q-1001/restrictions', { mode: 'ask', scope: 'all' });
  page = await pageOf(school);
  await visit(page, 'desk', 'person');
  await page.getByText('Scan a card to begin').waitFor();
});

after(() => school?.close());

const dialog = () => page.locator('dialog[open]');
const options = () => page.locator('#names li');

test('a typed name lists people, and the arrow keys choose', async () => {
  await page.keyboard.type('quetzal', { delay: 45 });
  await options().nth(2).waitFor();
  assert.deepEqual(await barriers(page), []);
  await picture(page, 'desk-names');
  const first = await options().first().innerText();
  await page.keyboard.press('ArrowDown');
  const second = await page.locator('#names li[aria-selected=true]').innerText();
  assert.notEqual(first, second);
  await page.keyboard.press('Enter');
  await page.locator('.patron h2', { hasText: 'Quetzal' }).waitFor();
  assert.ok(second.includes(await page.locator('.patron .code').innerText()));
});

test('Enter before the answer chooses the only one', async () => {
  await page.keyboard.type('quill quetzal', { delay: 40 });
  await page.keyboard.press('Enter');
  await page.locator('.patron', { hasText: 'Q-1001' }).waitFor();
  await page.getByText('Say “KET-sahl”').waitFor();
  await page.getByText('Family choice on file.').waitFor();
  await page.getByText('Prefers large print').waitFor();
  await page.getByText('English, Spanish').waitFor();
});

test('a note is changed, taken back, and never lost to somebody else’s', async () => {
  await page.getByRole('button', { name: 'Change note' }).focus();
  await page.keyboard.press('Enter');
  await dialog().getByLabel('Note', { exact: true }).fill('Reads to the dog');
  assert.deepEqual(await barriers(page), []);
  await picture(page, 'desk-note');
  const { patron } = await api(school, 'GET', 'patrons/Q-1001');
  await api(school, 'PATCH', 'patrons/Q-1001', { updated: patron.updated, note: 'From the other desk' });
  await dialog().getByRole('button', { name: 'Save note' }).focus();
  await page.keyboard.press('Enter');
  await dialog().getByText('From the other desk').waitFor();
  assert.equal(await dialog().getByLabel('Note', { exact: true }).inputValue(), 'Reads to the dog');
  await page.keyboard.press('Escape'); // what was typed waits
  await page.getByRole('button', { name: 'Change note' }).focus();
  await page.keyboard.press('Enter');
  assert.equal(await dialog().getByLabel('Note', { exact: true }).inputValue(), 'Reads to the dog');
  await dialog().getByRole('button', { name: 'Save note' }).focus();
  await page.keyboard.press('Enter');
  await page.locator('.alerts', { hasText: 'Reads to the dog' }).waitFor();
});

test('words that are no name are looked for in the catalogue', async () => {
  await page.keyboard.press('Escape');
  await page.keyboard.type('wild robot', { delay: 45 });
  await page.locator('#names li[aria-selected=true]', { hasText: 'in the catalog' }).waitFor();
  await page.waitForFunction(() => document.querySelector('.namelist [role=status]')?.textContent.includes('0'));
  await page.keyboard.press('Enter');
  await page.waitForURL(/#\/catalog\/search\?q=wild%20robot/);
  await visit(page, 'desk', 'person');
  await page.getByText('Scan a card to begin').waitFor();
});

test('a person and a book with one number are asked about once', async () => {
  await hear(page, both);
  await dialog().getByRole('button', { name: 'The person' }).waitFor();
  assert.deepEqual(await barriers(page), []);
  await picture(page, 'desk-both');
  await dialog().getByRole('button', { name: 'The person' }).focus();
  await page.keyboard.press('Enter');
  await page.locator('.patron h2', { hasText: 'Same Number' }).waitFor();
  await page.keyboard.press('Escape');
  await page.locator('.patron').waitFor({ state: 'detached' });
  await hear(page, '99999999'); // the same code twice would be one scan
  await says(page, 'No card and no book');
  await hear(page, both);
  await page.locator('.patron h2', { hasText: 'Same Number' }).waitFor();
  await page.getByRole('button', { name: 'Ask me again' }).focus();
  await page.keyboard.press('Enter');
  await dialog().getByRole('button', { name: 'The book' }).focus();
  await page.keyboard.press('Enter');
  await says(page, 'Checked out');
  assert.equal(open(school.carrel, both).patron, both);
});

test('the slip is printed, and a loss is charged what was typed', async () => {
  const printed = page.waitForResponse((answer) => answer.url().includes('receipt.pdf'));
  await page.keyboard.press('Control+p');
  assert.equal((await printed).status(), 200);
  await page.bringToFront(); // the slip has a tab of its own
  await api(school, 'PUT', 'settings/fees', { on: true });
  await page.keyboard.press('Escape');
  await page.locator('.patron').waitFor({ state: 'detached' });
  await hear(page, 'Q-1002');
  await page.locator('.patron', { hasText: 'Q-1002' }).waitFor();
  await hear(page, shelf[2]);
  await says(page, 'Checked out');
  await page.getByRole('button', { name: /^More actions for/ }).first().focus();
  await page.keyboard.press('Enter');
  await page.locator('[role=menuitem]:focus').waitFor();
  for (let i = 0; i < 3; i++) await page.keyboard.press('ArrowDown');
  await page.keyboard.press('Enter');
  await dialog().getByLabel('Another amount').focus();
  await page.keyboard.press('Space');
  await dialog().getByLabel('Amount', { exact: true }).focus();
  await page.keyboard.type('a lot', { delay: 45 });
  await dialog().getByText('Write an amount such as 12.50.').waitFor();
  assert.deepEqual(await barriers(page), []);
  await dialog().getByLabel('Amount', { exact: true }).fill('7.25');
  await page.keyboard.press('Enter');
  await says(page, 'Noted as lost');
  await page.getByText('1 book lost:').waitFor();
  await page.locator('.facts', { hasText: '7.25' }).waitFor();
  await page.keyboard.press('Control+z');
  await page.getByText('1 book lost:').waitFor({ state: 'detached' });
});

test('a script in a name is a name', async () => {
  await hear(page, 'Q-1003');
  await page.locator('.patron h2', { hasText: '<img' }).waitFor();
  await hear(page, shelf[1]);
  await says(page, 'Checked out');
  await page.keyboard.type('zyx', { delay: 45 });
  await options().filter({ hasText: '<img' }).waitFor();
  assert.equal(await page.locator('img[src="x"]').count(), 0);
  assert.notEqual(await page.title(), '1');
});

test('no page failed', () => assert.deepEqual(page.faults, []));
