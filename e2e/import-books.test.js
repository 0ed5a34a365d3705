// Books from a file: a thousand records with what real files have wrong in them, looked at, brought in, found, changed, labelled and taken back;
// a spreadsheet whose columns somebody must name; an import that is stopped; files that are none.
import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, beforeEach, test } from 'node:test';
import { Browser, Carrel, barriers, picture, signedIn, sizes, until, visit } from './carrel.js';
import { book } from './marc.js';

let carrel, browser, page, token, folder;

before(async () => {
  [carrel, browser] = await Promise.all([Carrel.sample(), Browser.open()]);
  folder = mkdtempSync(join(tmpdir(), 'carrel-books-'));
  page = await signedIn(browser, carrel);
  token = await page.evaluate(() => JSON.parse(localStorage.getItem('pocketbase_auth')).token);
});

after(async () => {
  await browser?.close();
  await carrel?.close();
  if (folder) rmSync(folder, { recursive: true });
});

beforeEach(() => page.setViewportSize(sizes.wide));

const button = (name) => page.getByRole('button', { name });
const choose = (name, text) => page.locator('.imp input[type=file]').setInputFiles({ name, mimeType: 'application/octet-stream', buffer: Buffer.from(text) });

async function ask(path, method = 'GET', body = null) {
  const answer = await carrel.api(method, `/api/carrel/${path}`, body, token);
  assert.ok(answer.status < 300, `${path}: ${JSON.stringify(answer.body)}`);
  return answer.body;
}

async function look(name) {
  for (const [suffix, size, theme] of [['-390', sizes.phone, 'light'], ['-contrast', sizes.wide, 'contrast'], ['-dark', sizes.wide, 'dark'], ['', sizes.wide, 'light']]) {
    await page.setViewportSize(size);
    await page.evaluate(([theme]) => (document.documentElement.dataset.theme = theme), [theme]);
    assert.deepEqual(await barriers(page), [], `${name}${suffix}`);
    const wide = await page.evaluate(() => Math.max(document.documentElement.scrollWidth - innerWidth, ...[...document.querySelectorAll('.view, .imp > *')].map((box) => box.scrollWidth - box.clientWidth)));
    assert.ok(wide <= 1, `${name}${suffix} is ${wide} too wide`);
    await picture(page, `books-${name}${suffix}`);
  }
}

const BROKEN = '00099zzz  2200000 zz broken \x1e nothing\x1e\x1d';

/** A thousand books: 3 that cannot be read, 12 without a barcode, 8 with the barcode of another one, two places and a type the library does not have. */
const thousand = Array.from({ length: 1000 }, (_, i) => {
  if (i % 400 === 200 || i === 999) return BROKEN;
  const copy = { b: i % 2 ? 'Old attic' : 'Reading room', h: `FIC ${i}` };
  if (i % 80 !== 7) copy.p = i % 120 === 60 ? 'OLD00001' : `OLD${String(i).padStart(5, '0')}`;
  copy.x = 'FSC@aNovel';
  return book(`n${i}`, i === 1 ? '<i>Voyage</i> zyxwvut 1' : `Voyage zyxwvut ${i}`, copy);
});
const without = thousand.filter((record) => record !== BROKEN && !record.includes('\x1fpOLD')).length;
const broken = thousand.filter((record) => record === BROKEN).length;
const doubles = thousand.filter((record) => record.includes('\x1fpOLD00001')).length - 1;

/** Fetches what a button downloads. */
async function downloaded(name) {
  const [file] = await Promise.all([page.waitForEvent('download'), button(name).click()]);
  return readFileSync(await file.path(), 'utf8');
}

test('what is no file of titles is told', async () => {
  await visit(page, 'catalog', 'import');
  await page.getByText('A file with your books').waitFor();
  await look('choose');
  for (const [name, text, says] of [['letter.pdf', '%PDF-1.4 nothing', 'a PDF document'], ['note.txt', 'Dear Sir\nplease\n', 'plain text'], ['books.xlsx', 'PK\x03\x04nothing', 'a zip archive']]) {
    await choose(name, text);
    await page.locator('[role=alert]').filter({ hasText: says }).waitFor();
  }
  const huge = join(folder, 'huge.mrc');
  writeFileSync(huge, '');
  truncateSync(huge, 301 * 1024 * 1024);
  await page.locator('.imp input[type=file]').setInputFiles(huge);
  await page.getByText(/This file has 301 MB/).waitFor();
});

test('200 MB that are one table are read row by row', async () => {
  const large = join(folder, 'large.csv');
  const line = `Only one,${'x'.repeat(9000)},\n`;
  writeFileSync(large, 'Title,Summary,Barcode\n' + line.repeat(Math.ceil((200 << 20) / line.length)));
  await page.locator('.imp input[type=file]').setInputFiles(large);
  await page.getByText('large.csv').first().waitFor();
  await until(async () => (await ask('imports')).imports[0].state !== 'reading', 'the reading of 200 MB');
  const { state, preview } = (await ask('imports')).imports[0];
  assert.deepEqual([state, preview.titles.added], ['ready', 1]);
  await button('Choose another file').click();
  await page.getByText('A file with your books').waitFor();
});

test('a thousand records: what the file holds and where it goes', async () => {
  await choose('old-system.mrc', thousand.join(''));
  await page.getByText('New to your library').waitFor();
  await page.getByRole('row', { name: /852 \$p.*Barcode.*OLD00000/ }).waitFor();
  await page.getByRole('row', { name: /852 \$x.*Item type, date, vendor.*FSC@aNovel/ }).waitFor();
  assert.equal(await page.locator('.imp-more li').count(), 4);
  assert.equal(await page.locator('.imp-more i').count(), 0, 'a title is text');
  await look('preview');
  await page.getByLabel('What to do with Reading room').selectOption({ index: 1 });
  const use = await page.getByLabel('What to do with Reading room').inputValue();
  const { id } = (await ask('imports')).imports[0];
  await until(async () => {
    const { state, preview } = (await ask(`imports/${id}`)).import;
    return state === 'ready' && preview.new.locations.find(({ word }) => word === 'Reading room').id === use;
  }, 'the second reading');
  await page.getByLabel('Copies are in').selectOption('none');
  await until(async () => (await ask('imports')).imports[0].options.items === 'none', 'the choice');
  await page.getByLabel('Copies are in').selectOption('852');
  await until(async () => { const [one] = (await ask('imports')).imports; return one.state === 'ready' && one.options.items === '852' && one.preview.items.added > 900; }, 'the third reading');
});

test('they are brought in, and what was left out can be fetched and mended', async () => {
  await button(/^Add \d+ copies/).click();
  await page.getByText('old-system.mrc is in').waitFor();
  const [{ id }] = (await ask('imports')).imports;
  const { result, unlabelled } = (await ask(`imports/${id}`)).import;
  assert.deepEqual([result.read, result.titles.added, result.items.added, unlabelled], [1000, 1000 - broken, 1000 - broken - doubles, without]);
  await look('done');
  const list = await downloaded('List of what was left out (.csv)');
  assert.equal(list.trim().split('\n').length, 1 + broken + doubles);
  assert.match(list, /barcode_taken.*OLD00001.*Voyage zyxwvut/);
  const raw = await downloaded('The records left out, to mend (.mrc)');
  assert.equal(raw, thousand.filter((record, i) => record === BROKEN || (i !== 1 && record.includes('\x1fpOLD00001'))).join(''));
  assert.match(await downloaded('List of what needs a look (.csv)'), /no_barcode/);
});

test('one is found, and changed', async () => {
  const found = await until(async () => (await ask('search?q=zyxwvut+500')).items.find(({ title }) => title === 'Voyage zyxwvut 500'), 'the search');
  await visit(page, 'catalog', 'search');
  await page.locator('#q').fill('zyxwvut 500');
  await page.getByText('Voyage zyxwvut 500').first().waitFor();
  await visit(page, 'catalog', 'search', found.id, 'edit');
  await page.getByLabel('Summary').fill('A boat.');
  await page.getByText(/^Saved /).waitFor();
  assert.equal((await ask(`titles/${found.id}`)).title.fields.summary, 'A boat.');
});

test('those without a barcode get one, and a label', async () => {
  await visit(page, 'catalog', 'import');
  await button(/^old-system\.mrc/).click();
  const [popup] = await Promise.all([page.waitForEvent('popup'), button(`Number and label ${without} copies without a barcode`).click()]);
  await popup.waitForURL(/^blob:/);
  await popup.close();
  const [first] = (await ask('imports')).imports;
  assert.deepEqual([first.kind, first.state, first.result.items.updated], ['items', 'done', without]);
  const labels = await fetch(`http://${carrel.staff}/api/carrel/imports/${first.id}/labels.pdf`, { headers: { Authorization: token } });
  assert.deepEqual([labels.status, labels.headers.get('content-type')], [200, 'application/pdf']);
  await ask(`imports/${first.id}/undo`, 'POST', { key: 'back-with-them' });
  await until(async () => (await ask(`imports/${first.id}`)).import.state === 'undone', 'taking the numbers back');
});

test('all of it is taken back, but for what somebody changed', async () => {
  await button('Take it back').click();
  await page.getByRole('dialog').getByRole('button', { name: 'Take it back' }).click();
  await page.getByText('old-system.mrc was taken back').waitFor();
  await page.getByText(/Voyage zyxwvut 500.*It was changed since/).waitFor();
  await look('undone');
  const { items } = await ask('search?q=zyxwvut');
  assert.deepEqual(items.map(({ title }) => title), ['Voyage zyxwvut 500']);
});

test('a spreadsheet whose columns somebody names; the next one knows them', async () => {
  await button('Another file').click();
  const heading = 'Nom,Who,Shelfplace,No,Cost\n';
  await choose('shelf.csv', `${heading}"Qwertz, a tale","Smith, Ann",Attic,Q1,"23.54USD"\nQwertz two,Ann Smith,Attic,Q2,cheap\nQwertz three,,Attic,Q2,\n,,Attic,Q4,\n=cmd(),,Attic,Q5,\n`);
  await page.getByLabel('Where Nom goes').waitFor();
  await look('table-unknown');
  await page.getByLabel('Where Nom goes').selectOption('Title');
  for (const [column, field] of [['Who', 'Author'], ['Shelfplace', 'Location'], ['No', 'Barcode'], ['Cost', 'Price']]) {
    await page.getByLabel(`Where ${column} goes`, { exact: true }).selectOption(field);
  }
  await button('Add 3 copies').waitFor();
  assert.equal(await page.getByLabel('Where Shelfplace goes').inputValue(), 'location');
  await button('Look: Left out').click();
  await page.getByText(/Row 4: .*Q2/).waitFor();
  await page.getByText(/Row 5, Nom: .*no title/).waitFor();
  await page.keyboard.press('Escape');
  await look('table');
  await button('Add 3 copies').click();
  await page.getByText('shelf.csv is in').waitFor();
  await button('Another file').click();
  await choose('shelf2.csv', `${heading}Qwertz four,Ann,Attic,Q9,1\n`);
  await page.getByText('As last time').waitFor();
  await button('Add 1 copy').waitFor();
  await button('Choose another file').click();
});

test('an import is stopped, and gone on with', async () => {
  const many = Array.from({ length: 6000 }, (_, i) => book(`m${i}`, `Stopped asdfg ${i}`, { p: `STOP${String(i).padStart(6, '0')}`, h: 'FIC' }));
  await choose('many.mrc', many.join(''));
  await button('Add 6,000 copies').click();
  await page.getByText(/You can keep working/).waitFor();
  await button('Stop it').click();
  await page.getByText('It stopped before the end').waitFor();
  await look('stopped');
  await button('Go on with it').click();
  await page.getByText('many.mrc is in').waitFor();
  assert.equal((await ask('imports')).imports[0].result.titles.added, 6000);
});

test('in Spanish, and for nobody else', async () => {
  await page.evaluate(() => localStorage.setItem('carrel.language', 'es'));
  await page.reload();
  await picture(page, 'books-es');
  await page.evaluate(() => localStorage.removeItem('carrel.language'));
  const aide = await signedIn(browser, carrel, 'aide');
  await visit(aide, 'catalog', 'search');
  assert.equal(await aide.getByRole('link', { name: 'Import' }).count(), 0);
});

test('no page failed and nothing left the school', () => {
  assert.deepEqual(page.faults, []);
});
