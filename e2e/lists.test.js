// Collections: a list is made, filled with a scanner and by words, put in order by keys and by mouse, shown to students and taken back; two people
// work on one; what cannot be is said at its field; nobody is kept out by three themes, a telephone or a keyboard.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { Browser, Carrel, barriers, picture, scan, signedIn, sizes, undo, until, visit } from './carrel.js';

let carrel, browser, page, token;

before(async () => {
  [carrel, browser] = await Promise.all([Carrel.sample(), Browser.open()]);
  page = await signedIn(browser, carrel);
  token = await page.evaluate(() => JSON.parse(localStorage.getItem('pocketbase_auth')).token);
});

after(async () => {
  await browser?.close();
  await carrel?.close();
});

const api = async (method, path, body) => (await carrel.api(method, `/api/carrel/${path}`, body, token)).body;
const said = (text) => page.locator('.toasts').getByText(text).first().waitFor();
const rows = (on = page) => on.locator('.list-rows tbody a.book').allInnerTexts();
const titlesOf = async (id) => (await api('GET', `lists/${id}`)).titles.map(({ title }) => title);
const make = async (name, more = {}) => (await api('POST', 'lists', { name, kind: 'display', ...more })).list;
const button = (name) => page.getByRole('button', { name, exact: true });

async function open(list, on = page) {
  await visit(on, 'catalog', 'lists', list.id);
  await on.locator('#list-title').getByText(list.name, { exact: true }).waitFor();
  await on.locator('.list-rows .table, .list-rows .empty').first().waitFor();
}

test('a display is made, filled by scanner and by words, and undone', async () => {
  await visit(page, 'catalog', 'lists');
  await page.getByRole('button', { name: 'New list' }).first().click();
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel('Name', { exact: true }).fill('Books to howl at');
  await dialog.getByLabel('Name in Spanish').fill('Libros para aullar');
  await dialog.getByRole('checkbox', { name: 'Show it to students' }).check();
  await dialog.getByLabel('From', { exact: true }).fill('2026-12-02');
  await dialog.getByLabel('Until, this day included').fill('2026-12-01');
  await dialog.getByRole('button', { name: 'Save' }).click();
  await dialog.locator('#list-until-error').getByText('before the first').waitFor();
  assert.equal(await dialog.getByLabel('Name', { exact: true }).inputValue(), 'Books to howl at', 'what was typed is kept');
  await dialog.getByLabel('From', { exact: true }).fill('2026-01-01');
  await dialog.getByLabel('Until, this day included').fill('');
  await dialog.getByRole('button', { name: 'Save' }).click();
  await page.getByRole('heading', { name: 'Books to howl at' }).waitFor();

  const { items } = await api('GET', 'search?q=wolves&perPage=5');
  const [copy] = (await api('GET', `titles/${items[0].id}`)).items;
  assert.ok(copy.barcode);
  await page.locator('#list-add').click();
  await scan(page, copy.barcode);
  await page.locator('.list-said.ok').waitFor();
  await scan(page, copy.barcode);
  await page.getByText('is in this list already').waitFor();
  await scan(page, '00000000000');
  await page.getByText('No book is found').waitFor();
  await page.locator('#list-add').fill('planets');
  await page.locator('.list-found button').first().waitFor();
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('Enter');
  await until(async () => (await rows()).length === 2, 'the second title');
  await picture(page, 'lists-new');
  const [first] = await rows();
  await page.getByRole('button', { name: `Take ${first} out of the list` }).click();
  await until(async () => (await rows()).length === 1, 'the title gone');
  await said(`“${first}” is taken out`);
  await page.locator('.toasts').getByRole('button', { name: 'Undo' }).last().click();
  await until(async () => (await rows())[0] === first, 'the title back at its place');
});

test('the order changes by arrows, by a number, by mouse; each is undone', async () => {
  const { items } = await api('GET', 'search?q=gail+gibbons&perPage=6');
  const list = await make('Order', { titles: items.map(({ id }) => id) });
  await open(list);
  const before = await rows();
  await page.getByRole('button', { name: `Move ${before[1]} up` }).press('Enter');
  await until(async () => (await titlesOf(list.id))[0] === before[1], 'the move up');
  await page.keyboard.press('Tab');
  await page.getByLabel(`Place of ${before[1]}`).fill('4');
  await page.getByLabel(`Place of ${before[1]}`).press('Enter');
  await until(async () => (await titlesOf(list.id))[3] === before[1], 'the fourth place');
  await page.locator('.list-title').nth(0).hover();
  await page.mouse.down();
  await page.locator('.list-title').nth(1).hover();
  await page.locator('.list-title').nth(2).hover();
  await page.locator('.list-title').nth(2).hover(); // a drop needs to have been dragged over
  await page.mouse.up();
  await until(async () => (await titlesOf(list.id))[2] === before[0], 'the drag');
  await said(`“${before[0]}” is at place 3 now.`);
  await page.locator('.toasts').getByRole('button', { name: 'Undo' }).last().click();
  await until(async () => (await titlesOf(list.id))[0] === before[0], 'the order before');
});

test('a topic fills itself, and is seen as students see it', async () => {
  await visit(page, 'catalog', 'lists');
  await page.getByRole('button', { name: 'New list' }).first().click();
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel('Name', { exact: true }).fill('<img src=x onerror=alert(1)>');
  await dialog.getByLabel('What it is').selectOption('topic');
  await dialog.getByLabel('The list fills itself from a search').check();
  await dialog.getByLabel('Words', { exact: true }).fill('folklore');
  await dialog.getByText(/finds \d+ titles today/).waitFor();
  await picture(page, 'lists-form');
  await dialog.getByRole('button', { name: 'Save' }).click();
  await page.locator('#list-title').getByText('<img src=x onerror=alert(1)>').waitFor();
  const { list } = await api('GET', `lists/${(await api('GET', 'lists')).lists.find(({ name }) => name.startsWith('<img')).id}`);
  assert.equal(list.search, 'q=folklore');
  assert.ok(list.titles > 5);
  assert.equal(await page.locator('#list-add').count(), 0, 'nothing is added by hand');
  await page.getByRole('button', { name: 'As students see it' }).click();
  await dialog.getByRole('button', { name: 'Español' }).click();
  assert.equal(await dialog.locator('.list-seen li').count(), 8);
  assert.deepEqual(await barriers(page), [], 'the preview');
  await picture(page, 'lists-preview');
  await page.keyboard.press('Escape');
  await page.getByRole('button', { name: 'Delete the list <img' }).click();
  await page.locator('.lists-none').waitFor();
  await undo(page, 'is deleted');
  await page.locator('#list-title').getByText('<img').waitFor();
});

test('two people: titles meet, names are asked about; an aide fills lists and changes none', async () => {
  const { items } = await api('GET', 'search?q=folklore&perPage=3');
  const list = await make('Shared');
  await open(list);
  const aide = await signedIn(browser, carrel, 'aide');
  await open(list, aide);
  assert.equal(await aide.getByRole('button', { name: 'Change', exact: true }).count(), 0);
  await aide.locator('#list-add').fill(items[0].title);
  await aide.locator('.list-found button').first().click();
  await page.locator('.list-rows tbody').getByText(items[0].title).first().waitFor();
  await button('Change').click();
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel('Name', { exact: true }).fill('Mine');
  await api('PATCH', `lists/${list.id}`, { updated: (await api('GET', `lists/${list.id}`)).list.updated, name: 'Theirs' });
  await dialog.getByRole('button', { name: 'Save', exact: true }).click();
  await dialog.getByText('Saved by somebody else meanwhile:').waitFor();
  assert.equal(await dialog.getByLabel('Name', { exact: true }).inputValue(), 'Mine', 'what was typed is kept');
  await dialog.getByRole('button', { name: 'Save mine' }).click();
  await page.locator('#list-title').getByText('Mine').waitFor();
  assert.deepEqual(aide.faults, []);
  await aide.context().close();
});

test('a list of thousands is shown, and one more than may be is refused', async () => {
  const { items } = await api('GET', 'search?perPage=100');
  const list = await make('Long', { titles: items.map(({ id }) => id) });
  await open(list);
  assert.ok((await page.locator('.list-rows tbody tr').count()) < 60, 'only rows in view are in the page');
  await page.getByLabel(`Place of ${items[0].title}`).first().fill('100');
  await page.getByLabel(`Place of ${items[0].title}`).first().press('Enter');
  await until(async () => (await titlesOf(list.id))[99] === items[0].title, 'the last place');
  await page.waitForFunction(() => document.activeElement?.getAttribute('aria-label')?.startsWith('Place of'));
  const refused = await carrel.api('POST', `/api/carrel/lists/${list.id}/titles`, { add: ['nothing'] }, token);
  assert.equal(refused.status, 400);
  assert.equal(refused.body.data.field, 'add.0');
  assert.deepEqual(page.faults, []);
});

test('no barriers in three themes, in Spanish and on a telephone', async () => {
  const list = (await api('GET', 'lists')).lists.find(({ kind }) => kind === 'display');
  for (const theme of ['light', 'dark', 'contrast']) {
    await page.evaluate(([theme, language]) => (localStorage.setItem('carrel.theme', theme), localStorage.setItem('carrel.language', language)), [theme, theme === 'dark' ? 'es' : 'en']);
    await page.setViewportSize(theme === 'dark' ? sizes.phone : sizes.wide);
    await page.reload();
    for (const [name, id] of [['lists', ''], ['list', list.id], ['topic', 'topicspace00000']]) {
      await visit(page, 'catalog', 'lists', ...(id ? [id] : []));
      await page.locator(id ? '.list-rows .table, .list-rows .empty' : '.lists-nav a').first().waitFor();
      assert.deepEqual(await barriers(page), [], `${name}, ${theme}`);
      await picture(page, `lists-${name}-${theme}`);
      assert.equal(await page.evaluate(() => document.documentElement.scrollWidth - innerWidth), 0, `${name}, ${theme}: too wide`);
    }
  }
});
