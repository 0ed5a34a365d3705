// Bringing in many people at once: a list from the office, photos, the turn of the year. Each is looked at first, done as a job that survives
// a reload, and taken back; a cut line, a cancelled file and files that are none are told, and nothing chosen is lost.
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, beforeEach, test } from 'node:test';
import { Browser, Carrel, barriers, picture, signedIn, sizes, until, visit } from './carrel.js';
import { png, zip } from './files.js';

let carrel, browser, page, token, folder;

before(async () => {
  [carrel, browser] = await Promise.all([Carrel.sample(), Browser.open()]);
  folder = mkdtempSync(join(tmpdir(), 'carrel-roster-'));
  page = await signedIn(browser, carrel);
  token = await page.evaluate(() => JSON.parse(localStorage.getItem('pocketbase_auth')).token);
});

after(async () => {
  await browser?.close();
  await carrel?.close();
  if (folder) rmSync(folder, { recursive: true });
});

beforeEach(() => page.setViewportSize(sizes.wide));

async function ask(path) {
  const { status, body } = await carrel.api('GET', `/api/carrel/${path}`, null, token);
  assert.equal(status, 200, `${path}: ${JSON.stringify(body)}`);
  return body;
}

const people = async (more = '') => (await ask(`patrons?perPage=1${more}`)).totalItems;
const button = (name) => page.getByRole('button', { name });
const choose = (name, text, mimeType = 'text/csv') => page.locator('.imp input[type=file]').setInputFiles({ name, mimeType, buffer: Buffer.from(text) });

async function look(name) {
  for (const [suffix, size, theme] of [['-390', sizes.phone, 'light'], ['-contrast', sizes.wide, 'contrast'], ['-dark', sizes.wide, 'dark'], ['', sizes.wide, 'light']]) {
    await page.setViewportSize(size);
    await page.evaluate(([theme]) => (document.documentElement.dataset.theme = theme), [theme]);
    assert.deepEqual(await barriers(page), [], `${name}${suffix}`);
    const wide = await page.evaluate(() => Math.max(document.documentElement.scrollWidth - innerWidth, ...[...document.querySelectorAll('.view, .imp > *')].map((box) => box.scrollWidth - box.clientWidth)));
    assert.ok(wide <= 1, `${name}${suffix} is ${wide} too wide`);
    await picture(page, `roster-${name}${suffix}`);
  }
}

/** The people of the school as the office would list them, and more or fewer. */
async function list(change = (rows) => rows) {
  const all = (await ask('patrons?perPage=200')).items;
  const rows = change(all.map(({ barcode, first_name, last_name, grade, homeroom }) => [barcode, first_name, last_name, grade, homeroom?.name ?? '', '03/11/16']));
  return ['Barcode,FirstName,LastName,GradeLevel,Homeroom,BirthDate', ...rows.map((row) => row.map((cell) => `"${cell}"`).join(','))].join('\n') + '\n';
}

const more = [['N1001', 'Nia', 'Newcomer', '4', '4B-Okafor', '01/02/16'], ['N1002', '<i>Otis</i>', 'Newcomer', '4', '9-Newroom', '01/02/16']];

test('what is no list is told, and another file may be chosen', async () => {
  await visit(page, 'people', 'roster');
  await page.getByText('A file with your students').waitFor();
  await look('choose');
  for (const [name, text] of [['empty.csv', ''], ['letter.pdf', '%PDF-1.4 nothing']]) {
    await choose(name, text);
    await page.locator('[role=alert]').filter({ hasText: /./ }).first().waitFor();
    if (await button('Choose another file').count()) await button('Choose another file').first().click().catch(() => {});
  }
  const huge = join(folder, 'huge.csv');
  writeFileSync(huge, 'Barcode');
  truncateSync(huge, 301 * 1024 * 1024);
  await page.locator('.imp input[type=file]').setInputFiles(huge);
  await page.getByText(/This file has 301 MB/).waitFor();
  assert.equal((await ask('imports')).imports.filter(({ state }) => state === 'done').length, 0);
});

test('a cut line keeps the file and goes on; a file on its way is cancelled', async () => {
  const text = await list((rows) => [...rows, ...more]);
  await page.route('**/api/carrel/imports?*', (route) => route.abort('connectionreset'));
  await choose('students-april.csv', text);
  await page.getByText('students-april.csv is still chosen').waitFor();
  await page.unroute('**/api/carrel/imports?*');
  let held;
  await page.route('**/api/carrel/imports?*', (route) => void (held = route));
  await button('Go on').click();
  await page.getByText('Sending students-april.csv').waitFor();
  await page.getByRole('progressbar').waitFor();
  await button('Cancel').click();
  await page.getByText('A file with your students').waitFor();
  await held.abort().catch(() => {});
  await page.unroute('**/api/carrel/imports?*');
});

test('a list is matched column by column, looked at, brought in and remembered', async () => {
  const before = await people();
  await choose('students-april.csv', await list((rows) => [...rows, ...more]));
  await page.getByLabel('Where GradeLevel goes').waitFor();
  assert.equal(await page.getByLabel('Where BirthDate goes').inputValue(), '');
  await page.getByText('Birth dates are left out.').waitFor();
  await page.getByText('2 new students').waitFor();
  await page.getByText('1 homeroom made: 9-Newroom').waitFor();
  await look('mapping');
  await page.getByLabel('Where LastName goes').selectOption('');
  await page.locator('.imp [role=alert]').filter({ hasText: /./ }).first().waitFor();
  await look('missing');
  await page.getByLabel('Where LastName goes').selectOption('Last name');
  await button('Add 2 students').click();
  await page.getByText('students-april.csv is in').waitFor();
  assert.equal(await people(), before + 2);
  assert.equal(await page.evaluate(() => document.querySelectorAll('.imp i:not(.bar > i)').length), 0, 'a name is text');
  await look('done');
  await page.reload();
  await button(/^students-april/).click();
  await page.getByText('students-april.csv is in').waitFor();
});

test('the whole of it is taken back', async () => {
  const before = await people();
  await button('Take it back').click();
  await page.getByRole('dialog').waitFor();
  assert.deepEqual(await barriers(page), []);
  await page.getByRole('dialog').getByRole('button', { name: 'Take it back' }).click();
  await page.getByText('students-april.csv was taken back').waitFor();
  await page.getByText('Everything is as it was before.').waitFor();
  assert.equal(await people(), before - 2);
  await button('Another file').click();
});

test('a short list asks whether so many left', async () => {
  await choose('short.csv', await list((rows) => rows.slice(0, 60)));
  await page.getByText('As last time').waitFor();
  await page.getByText('More than a fifth of the school would leave.').waitFor();
  assert.ok(await page.locator('.imp-foot .primary').isDisabled());
  await page.getByLabel('Yes, these students have left').check();
  await until(() => page.locator('.imp-foot .primary').isEnabled(), 'the leave to go on');
  await look('short');
  await button('Choose another file').click();
  await page.getByText('A file with your students').waitFor();
});

test('photos by number: who they are is looked at first', async () => {
  const [one] = (await ask('patrons?perPage=1')).items;
  await page.getByRole('link', { name: 'Photos' }).click();
  await page.getByText('A file with photos').waitFor();
  const files = { [`${one.barcode}.png`]: png(40, 60), 'nobody-77.png': png(40, 60), 'IMG_1.png': Buffer.from('no picture') };
  await page.locator('.imp input[type=file]').setInputFiles({ name: 'faces.zip', mimeType: 'application/zip', buffer: zip(files) });
  await page.getByText('1 photo has its person').waitFor();
  await page.getByText('nobody-77.png').first().waitFor();
  await look('photos');
  await button('Add 1 photo').click();
  await page.getByText('faces.zip is in').waitFor();
  assert.equal((await ask(`patrons/${one.barcode}`)).patron.picture, true);
  await button('Take it back').click();
  await page.getByRole('dialog').getByRole('button', { name: 'Take it back' }).click();
  await page.getByText('faces.zip was taken back').waitFor();
  assert.equal((await ask(`patrons/${one.barcode}`)).patron.picture, false);
});

test('the year turns, survives a reload, and is turned back', async () => {
  const [fourth, fifth] = [await people('&grade=4'), await people('&grade=5')];
  await page.getByRole('link', { name: 'Year turn-over' }).click();
  await page.getByLabel('The last grade here').selectOption('5');
  await look('year');
  await button('Look what will change').click();
  await page.getByText(`${fifth} students leave`).waitFor();
  await look('year-look');
  await page.reload();
  await page.getByText(`${fifth} students leave`).waitFor();
  await button(/^Move \d+ students/).click();
  await page.getByText('Year turn-over is in').waitFor();
  assert.deepEqual([await people('&grade=5'), await people('&status=left&grade=5') >= fifth], [fourth, true]);
  await button('Take it back').click();
  await page.getByRole('dialog').getByRole('button', { name: 'Take it back' }).click();
  await page.getByText('Year turn-over was taken back').waitFor();
  assert.deepEqual([await people('&grade=4'), await people('&grade=5')], [fourth, fifth]);
});

test('no page failed and nothing left the school', () => {
  assert.deepEqual(page.faults.filter((fault) => !/ERR_CONNECTION_RESET|ERR_FAILED/.test(fault)), []);
});
