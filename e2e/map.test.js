// The map of the library: drawn by mouse, by keys and by numbers, every change undone and saved; two people; what cannot be is said at its place; a
// book is found and the way is told; no barriers in three themes, in Spanish and on a telephone.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { Browser, Carrel, barriers, picture, signedIn, sizes, until, visit } from './carrel.js';

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

const kept = async () => (await carrel.api('GET', '/api/carrel/settings/map', undefined, token)).body;
const thing = async (id) => (await kept()).things.find((one) => one.id === id);
const grab = (id) => page.locator(`[data-thing="${id}"]`);
const saved = () => page.getByText('Saved', { exact: true }).waitFor();

async function open(on = page) {
  await visit(on, 'settings', 'map');
  await on.locator('.roommap .grab').first().waitFor();
}

test('a book is found, and the way to it is told and drawn', async () => {
  await open();
  await page.getByLabel('A call number, such as 523.4 GIB').fill('523.4 GIB');
  await page.getByLabel('Location of the book').selectOption({ label: 'Nonfiction' });
  await page.getByRole('button', { name: 'Find', exact: true }).click();
  await page.locator('.map-steps li').first().waitFor();
  assert.deepEqual(await page.locator('.map-steps li').allInnerTexts(), [
    'Walk past the desk.', 'Turn right at the rug.', 'Turn left.', 'It is in front of you: Science wall, bay 4, shelf 2.', 'Look for 523.4 GIB on the label.',
  ]);
  assert.equal(await page.locator('.roommap .way').count(), 1);
  await picture(page, 'map-found');
});

test('a thing moves by keys and by mouse, and each change is undone', async () => {
  await open();
  const before = await thing('desk');
  await grab('desk').focus();
  await page.keyboard.press('ArrowLeft');
  await page.keyboard.press('Shift+ArrowDown');
  await until(async () => { const now = await thing('desk'); return now.x === before.x - 5 && now.y === before.y + 1; }, 'the keys');
  await saved();
  await page.keyboard.press('Control+z');
  await page.keyboard.press('Control+z');
  await until(async () => { const now = await thing('desk'); return now.x === before.x && now.y === before.y; }, 'the undo');
  await page.keyboard.press('Control+y');
  await until(async () => (await thing('desk')).x === before.x - 5, 'again');
  const box = await grab('rug').boundingBox();
  const rug = await thing('rug');
  await page.mouse.move(box.x + box.width / 2, box.y + box.height / 2);
  await page.mouse.down();
  await page.mouse.move(box.x + box.width / 2 + 20, box.y + box.height / 2, { steps: 5 });
  await page.mouse.up();
  await until(async () => (await thing('rug')).x > rug.x, 'the drag');
  await page.getByRole('button', { name: 'Undo the last change' }).click();
  await until(async () => (await thing('rug')).x === rug.x, 'the drag taken back at once');
  await grab('rug').focus();
  await page.keyboard.press('ArrowLeft');
  for (let i = 0; i < 60; i++) await page.keyboard.press('ArrowRight');
  await until(async () => { const { x, w } = await thing('rug'); return x + w === 190; }, 'the wall, and no further');
});

test('a shelf is added, named, filled and taken away without a mouse', async () => {
  await open();
  await page.getByRole('button', { name: 'Shelf', exact: true }).press('Enter');
  await page.getByLabel('Name', { exact: true }).fill('<img src=x onerror=alert(1)>');
  await page.getByLabel('Name', { exact: true }).press('Tab');
  await until(async () => (await kept()).things.at(-1).name.startsWith('<img'), 'the name');
  await page.getByLabel('Bays').fill('3');
  await page.getByLabel('Bays').press('Tab');
  await page.getByRole('button', { name: 'Add', exact: true }).click();
  await page.getByLabel('Range 1, from call number').fill('900');
  await page.getByLabel('Range 1, to call number').fill('100');
  await page.getByLabel('Range 1, to call number').press('Tab');
  await page.locator('.map-ranges .err').getByText('stands before').waitFor();
  assert.equal(await page.getByLabel('Range 1, to call number').inputValue(), '100', 'what was typed is kept');
  await page.getByLabel('Range 1, to call number').fill('919');
  await page.getByLabel('Range 1, to call number').press('Tab');
  await until(async () => (await kept()).things.at(-1).ranges[0]?.to === '919', 'the range');
  await page.getByLabel('Length, m').fill('900');
  await page.getByLabel('Length, m').press('Tab');
  await until(async () => (await kept()).things.at(-1).w === 190, 'as long as the room');
  await page.getByRole('button', { name: 'Take away', exact: true }).click();
  await until(async () => !(await kept()).things.some(({ name }) => name.startsWith('<img')), 'gone');
});

test('two people draw: who is second is asked', async () => {
  await open();
  const drawn = await kept();
  await grab('desk').focus();
  await page.route('**/api/carrel/settings/map', (route) => (route.request().method() === 'GET' ? route.abort() : route.continue()));
  drawn.things.find(({ id }) => id === 'rug').name = 'The story rug';
  await carrel.api('PUT', '/api/carrel/settings/map', drawn, token);
  await page.keyboard.press('ArrowRight');
  await page.getByText('Somebody else has changed the map').waitFor();
  await page.unroute('**/api/carrel/settings/map');
  await page.getByRole('button', { name: 'Take theirs' }).click();
  await page.getByRole('button', { name: /^The story rug/ }).waitFor();
});

test('no barriers in three themes, in Spanish and on a telephone', async () => {
  for (const theme of ['light', 'dark', 'contrast']) {
    await page.evaluate(([theme, language]) => (localStorage.setItem('carrel.theme', theme), localStorage.setItem('carrel.language', language)), [theme, theme === 'dark' ? 'es' : 'en']);
    await page.setViewportSize(theme === 'dark' ? sizes.phone : sizes.wide);
    await page.reload();
    await open();
    assert.deepEqual(await barriers(page), [], theme);
    await picture(page, `map-${theme}`);
    await grab('science').focus();
    await page.keyboard.press('Enter');
    await page.locator('.map-thing').waitFor();
    assert.deepEqual(await barriers(page), [], `${theme}, a shelf`);
    await picture(page, `map-shelf-${theme}`);
    assert.equal(await page.evaluate(() => document.documentElement.scrollWidth - innerWidth), 0, `${theme}: too wide`);
  }
});
