// The copies of a title: added with the barcodes that follow, printed, changed by two people, marked and taken back; and a change of two hundred at once with a
// barcode that cannot be, after which what was lent stays as it became.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { Browser, Carrel, barriers, picture, signedIn, sizes, undo, until, visit } from './carrel.js';

let carrel, browser, page, token;
/** A title of the sample school with a copy out, and one made for a class set. */
let title, set;

const api = (method, path, body) => carrel.api(method, `/api/carrel/${path}`, body, token);
const get = async (path) => (await api('GET', path)).body;
const post = async (path, body) => {
  const answer = await api('POST', path, { key: crypto.randomUUID(), ...body });
  assert.ok(answer.status < 300, `${path}: ${JSON.stringify(answer.body)}`);
  return answer.body;
};
const itemsOf = async (id) => (await get(`titles/${id}/items`)).items;
const said = (text) => page.locator('.toasts').getByText(text).first().waitFor();
const button = (name) => page.getByRole('button', { name, exact: typeof name === 'string' });
const dialog = () => page.getByRole('dialog');
const rows = () => page.locator('.copies tbody tr');

before(async () => {
  [carrel, browser] = await Promise.all([Carrel.sample(), Browser.open()]);
  token = await carrel.signIn();
  page = await signedIn(browser, carrel);
  const found = (await get('search?q=the&perPage=100')).items;
  title = found.find(({ items, available }) => items > 1 && available > 0 && available < items);
  set = found.find(({ items, available, id }) => items === available && id !== title.id);
});

after(async () => {
  await browser?.close();
  await carrel?.close();
});

async function open(id) {
  await visit(page, 'catalog', 'search', id);
  await rows().first().waitFor();
}

test('three copies are added with the barcodes that follow, and their labels are printed', async () => {
  const before = await itemsOf(title.id);
  const { barcode: next } = await get('barcodes/next');
  await open(title.id);
  assert.equal(await rows().count(), before.length);
  await page.locator('.copies .chip:visible', { hasText: 'Out, ' }).first().waitFor();
  await button('Add copy').click();
  await dialog().locator(`input[placeholder="${next}"]`).waitFor();
  await dialog().getByLabel('How many').fill('3');
  await dialog().getByLabel('Price').fill('lots');
  await button('Add 3 copies').click();
  await dialog().locator('.field.bad .err').getByText(/lots/).waitFor();
  assert.equal(await page.evaluate(() => document.activeElement.value), 'lots', 'the field that cannot be has the focus');
  await dialog().getByLabel('Price').fill('12.50');
  await picture(page, 'items-add');
  await button('Add 3 copies').click();
  await said('3 copies added');
  await until(async () => (await rows().count()) === before.length + 3, 'the new rows');
  const after = await itemsOf(title.id);
  assert.equal(after[before.length].barcode, next);
  assert.deepEqual(after.slice(-3).map(({ price, location }) => [price, location]), Array(3).fill(['12.50', before.at(-1).location]));
  const paper = page.context().waitForEvent('response', (response) => response.url().includes('labels.pdf'));
  await button(/^Print \d+ labels$/).click();
  const labels = await paper;
  assert.equal(labels.status(), 200);
  assert.ok(decodeURIComponent(labels.url()).includes(next));
  await picture(page, 'items');
  await undo(page, 'copies added');
  await until(async () => (await rows().count()) === before.length, 'the undo');
});

test('a copy is edited: a barcode that is taken is named, script stays text, and two who change one copy choose', async () => {
  await open(title.id);
  const [one, other] = (await itemsOf(title.id)).filter(({ status }) => status === 'available').concat(await itemsOf(set.id));
  const row = rows().filter({ hasText: one.barcode.slice(-4) });
  await row.getByRole('button', { name: /^More for copy/ }).click();
  await page.getByRole('menuitem', { name: 'Edit' }).click();
  await dialog().getByLabel('Barcode').fill(other.barcode);
  await dialog().getByRole('button', { name: 'Save' }).click();
  await dialog().locator('.field.bad .err').getByText(`The barcode ${other.barcode} is on`).waitFor();
  await dialog().getByLabel('Barcode').fill(one.barcode);
  await dialog().getByLabel('Note for staff').fill('<img src=x onerror=alert(1)> torn');
  await dialog().getByLabel('Copy or volume').fill('9');
  const changed = await api('PATCH', `items/${one.id}`, { updated: one.updated, copy: '7' });
  assert.equal(changed.status, 200);
  await dialog().getByRole('button', { name: 'Save' }).click();
  await dialog().getByText('they wrote “7”, you wrote “9”').waitFor();
  await picture(page, 'items-conflict');
  await dialog().getByRole('button', { name: 'Take theirs' }).click();
  await dialog().getByRole('button', { name: 'Save' }).click();
  await said(`Copy ${one.barcode} saved`);
  const now = (await itemsOf(title.id)).find(({ id }) => id === one.id);
  assert.deepEqual([now.copy, now.staff_note], ['7', '<img src=x onerror=alert(1)> torn']);
});

test('a copy is marked at once and the mark is taken back, by keyboard, too', async () => {
  await open(title.id);
  const one = (await itemsOf(title.id)).find(({ status }) => status === 'available');
  const status = async () => (await itemsOf(title.id)).find(({ id }) => id === one.id).status;
  const more = rows().filter({ hasText: one.barcode.slice(-4) }).getByRole('button', { name: /^More for copy/ });
  await more.focus();
  await page.keyboard.press('Enter');
  await page.getByRole('menuitem', { name: 'Edit' }).waitFor();
  await until(async () => (await page.evaluate(() => document.activeElement.textContent)) === 'Edit', 'the focus in the menu');
  for (let i = 0; i < 3; i++) await page.keyboard.press('ArrowDown');
  assert.equal(await page.evaluate(() => document.activeElement.textContent), 'Send to repair');
  await page.keyboard.press('Enter');
  await page.locator('.copies .chip:visible', { hasText: 'In repair' }).first().waitFor();
  assert.equal(await status(), 'repair');
  await undo(page, /repair/);
  await until(async () => (await status()) === 'available', 'the undo');
});

test('two hundred copies are changed at once: a barcode that is taken is named, the rest goes on, and what was lent since stays', async () => {
  await post('items', { title: set.id, n: 100, barcode: 'SET1001' });
  await post('items', { title: set.id, n: 100, barcode: 'SET1101' });
  const own = (await itemsOf(set.id)).length;
  const place = await post('locations', { name: 'Class sets' });
  await open(set.id);
  await button('Change all').click();
  await page.getByRole('checkbox', { name: 'Location' }).check();
  await until(async () => (await page.getByRole('combobox', { name: 'Location' }).locator('option').count()) > 2, 'the locations');
  await page.getByRole('combobox', { name: 'Location' }).selectOption('Class sets');
  await page.getByRole('checkbox', { name: 'New barcodes' }).check();
  await page.getByRole('textbox', { name: 'New barcodes' }).fill('SET1001, SET2001\nSET1002, SET1003\n');
  await button('See what would happen').click();
  await dialog().getByText(`${own} copies will change`).waitFor();
  await dialog().getByText(`Line 2: ${set.title} (SET1002): SET1003 is on “${set.title}” already.`).waitFor();
  assert.deepEqual(await barriers(page), []);
  await picture(page, 'items-bulk');
  assert.equal((await itemsOf(set.id)).filter(({ location }) => location === 'Class sets').length, 0, 'the preview changes nothing');
  await button('Back').click();
  assert.equal(await page.getByRole('textbox', { name: 'New barcodes' }).inputValue(), 'SET1001, SET2001\nSET1002, SET1003\n', 'what was typed is there');
  await button('See what would happen').click();
  await button(`Change ${own} copies`).click();
  await said(`${own} copies changed`);
  let now = await itemsOf(set.id);
  assert.equal(now.filter(({ location_id }) => location_id === place.id).length, own);
  assert.ok(now.some(({ barcode }) => barcode === 'SET2001') && now.some(({ barcode }) => barcode === 'SET1002'));
  const { items: people } = await get('patrons?perPage=1');
  await post('checkouts', { item: 'SET1150', patron: people[0].barcode, override: ['patron_overdue', 'loan_limit', 'title_limit'], reason: 'test' });
  await button('Change all').click();
  await page.getByText('Earlier changes').click();
  await button('Take back').click();
  await said(/but for 1 that was used/);
  now = await itemsOf(set.id);
  assert.deepEqual(now.filter(({ location_id }) => location_id === place.id).map(({ barcode }) => barcode), ['SET1150'], 'what was lent stays');
  assert.ok(now.some(({ barcode }) => barcode === 'SET1001'));
  await page.keyboard.press('Escape');
});

test('the aide sees no money, and nobody else sees copies', async () => {
  const aide = await signedIn(browser, carrel, 'aide');
  await visit(aide, 'catalog', 'search', title.id);
  await aide.locator('.copies tbody tr').first().waitFor();
  assert.equal(await aide.locator('.copies').getByRole('columnheader', { name: 'Price' }).count(), 0);
  await aide.getByRole('button', { name: 'Add copy' }).click();
  assert.equal(await aide.getByLabel('Price').count(), 0);
  assert.deepEqual(aide.faults, []);
});

test('without barriers in three themes, in both languages and on a phone', async () => {
  for (const theme of ['light', 'dark', 'contrast']) {
    await page.evaluate(([theme, language]) => (localStorage.setItem('carrel.theme', theme), localStorage.setItem('carrel.language', language)), [theme, theme === 'dark' ? 'es' : 'en']);
    await page.setViewportSize(theme === 'dark' ? sizes.phone : sizes.wide);
    await page.reload();
    await open(title.id);
    assert.deepEqual(await barriers(page), [], `copies, ${theme}`);
    await picture(page, `items-${theme}`);
    await page.locator('.copies tbody .link').first().click();
    await dialog().locator('form').waitFor();
    assert.deepEqual(await barriers(page), [], `one copy, ${theme}`);
    await picture(page, `items-one-${theme}`);
    await page.keyboard.press('Escape');
    await page.locator('.copies-head .btn').first().click();
    await dialog().locator('form').waitFor();
    assert.deepEqual(await barriers(page), [], `many copies, ${theme}`);
    await picture(page, `items-many-${theme}`);
    await page.keyboard.press('Escape');
  }
  assert.deepEqual(page.faults, []);
});
