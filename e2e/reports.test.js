// Reports: each of them opens, its numbers are those of a count by hand, its files can be read back, it is saved and opened again, the sheet fits one page, and whoever has no
// business with it sees nothing of it.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, beforeEach, test } from 'node:test';
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

beforeEach(() => page.setViewportSize(sizes.wide));

async function ask(path) {
  const { status, body } = await carrel.api('GET', `/api/carrel/${path}`, undefined, token);
  assert.equal(status, 200, `${path}: ${JSON.stringify(body)}`);
  return body;
}

const open = (id, query = '') => visit(page, 'reports', 'all', id + query);
const heading = (name, of = page) => of.locator('#report-title', { hasText: name }).waitFor();
/** The rows of a table of the store, as the program that everybody has reads it. */
const rows = (sql) => JSON.parse(execFileSync('python3', ['-c', 'import json, sqlite3, sys; print(json.dumps(sqlite3.connect(sys.argv[1]).execute(sys.argv[2]).fetchall()))', join(carrel.dir, 'data.db'), sql], { encoding: 'utf8' }));

async function speak(of, language) {
  await of.getByRole('button', { name: /account menu|menú de la cuenta/i }).click();
  await of.getByRole('button', { name: language === 'es' ? 'Español' : 'English', exact: true }).click();
  await of.keyboard.press('Escape');
}

/** Looks at the open report in three themes, both languages and both sizes. */
async function look(name, of = page) {
  for (const [suffix, size, theme, language] of [['-390', sizes.phone, 'light', 'en'], ['-es', sizes.wide, 'contrast', 'es'], ['-dark', sizes.wide, 'dark', 'en'], ['', sizes.wide, 'light', 'en']]) {
    await of.setViewportSize(size);
    await of.evaluate((theme) => (document.documentElement.dataset.theme = theme), theme);
    if (language === 'es' || suffix === '-dark') await speak(of, language);
    if (language === 'es') await of.locator('.report-list', { hasText: 'Circulación por día' }).waitFor();
    if (suffix === '-dark') await of.locator('.report-list', { hasText: 'Circulation by day' }).waitFor();
    await of.locator('.report[aria-busy=false]').waitFor();
    assert.deepEqual(await barriers(of), [], `${name}${suffix}`);
    const wide = await of.evaluate(() => document.documentElement.scrollWidth - innerWidth);
    assert.ok(wide <= 1, `${name}${suffix} is ${wide} too wide`);
    await picture(of, `reports-${name}${suffix}`);
  }
}

test('every report opens, with a sentence, a picture and its numbers', async () => {
  const { reports } = await ask('reports');
  assert.equal(reports.length, 16);
  for (const { id, name } of reports) {
    await open(id);
    await heading(name);
    const { charts, rows } = await ask(`reports/${id}`);
    if (['principal', 'taught', 'money'].includes(id)) await page.locator('.sheet').waitFor();
    else if (rows.length) await page.locator('.report-table').waitFor();
    else await page.getByText('Nothing to count').waitFor();
    for (const { sentence } of charts) await page.getByRole('img', { name: sentence }).waitFor();
    assert.deepEqual(await barriers(page), [], id);
    await picture(page, `reports-all-${id}`);
  }
});

test('loans by day and by class number are those of a count by hand over the facts', async () => {
  const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
  const day = (at) => new Intl.DateTimeFormat('en-CA', { timeZone: zone }).format(new Date(at.replace(' ', 'T')));
  const facts = rows("SELECT f.at, COALESCE(NULLIF(i.call_number, ''), t.call_number) FROM circ_events f JOIN items i ON i.id = f.item JOIN titles t ON t.id = i.title WHERE f.kind = 'check_out'");
  const report = await ask('reports/circulation-by-day');
  const { from, to } = report.parameters[0];
  const byHand = {};
  let science = 0;
  for (const [at, call] of facts) {
    if (day(at) < from || day(at) > to) continue;
    byHand[day(at)] = (byHand[day(at)] ?? 0) + 1;
    if (/^(REF |SPA |PRO )?5\d\d/.test(call)) science++;
  }
  assert.deepEqual(Object.fromEntries(report.rows.filter(([, loans]) => loans).map(([on, loans]) => [on, loans])), byHand);
  const classes = await ask('reports/circulation-by-class-number');
  assert.equal(classes.rows.find(([band]) => band === '500')[3], science);
  assert.ok(science > 0 && Object.keys(byHand).length > 20);
});

test('another period is chosen, kept in the address, and a wrong one is named', async () => {
  await open('circulation-by-day');
  await heading('Circulation by day');
  await page.getByLabel('Period').selectOption('month');
  await until(async () => page.url().includes('days=month'), 'the address');
  await page.reload();
  await heading('Circulation by day');
  assert.equal(await page.getByLabel('Period').inputValue(), 'month');
  await page.getByLabel('Period').selectOption('between');
  await page.getByLabel('From', { exact: true }).fill('2026-05-04');
  await page.getByLabel('Until', { exact: true }).fill('2026-05-01');
  await page.locator('.report-choose .err').waitFor();
  assert.match(await page.locator('.report-choose .err').innerText(), /starts .* after it ends/);
  await page.getByLabel('Until', { exact: true }).fill('2026-05-29');
  await until(async () => page.url().includes('2026-05-04..2026-05-29'), 'the address');
  await page.locator('.report-choose .err').waitFor({ state: 'detached' });
  await look('by-day');
});

test('a table is sorted by its heads, with the keyboard', async () => {
  await open('top-titles');
  await heading('Most borrowed titles');
  await page.getByRole('button', { name: 'Title', exact: true }).focus();
  await page.keyboard.press('Enter');
  await page.getByRole('columnheader', { name: 'Title' }).and(page.locator('[aria-sort=ascending]')).waitFor();
  const titles = await page.locator('.report-table tbody th').allInnerTexts();
  assert.deepEqual(titles.slice(0, 20), titles.toSorted((a, b) => a.localeCompare(b, 'en-US', { numeric: true })).slice(0, 20));
  await look('top');
});

test('CSV and workbook hold what the screen shows', async () => {
  await open('circulation-by-class-number');
  await heading('Circulation by class number');
  const { columns, rows, totals } = await ask('reports/circulation-by-class-number');
  const download = async (name) => {
    const [file] = await Promise.all([page.waitForEvent('download'), page.getByRole('button', { name }).click()]);
    return readFileSync(await file.path());
  };
  const csv = (await download('CSV file')).toString('utf8');
  assert.ok(csv.startsWith('\ufeff'));
  const lines = csv.slice(1).trim().split('\r\n');
  assert.equal(lines[0], columns.map(({ name }) => name).join(','));
  assert.equal(lines.length, rows.length + 2);
  const file = join(carrel.dir, 'report.xlsx');
  writeFileSync(file, await download('Excel file'));
  // Every part is sound XML, and the sheet has the sum as a number.
  const sheet = execFileSync('python3', ['-c', 'import sys, zipfile, xml.dom.minidom as x; z = zipfile.ZipFile(sys.argv[1]); [x.parseString(z.read(n)) for n in z.namelist() if n.endswith((".xml", ".rels"))]; print(z.read("xl/worksheets/sheet1.xml").decode())', file], { encoding: 'utf8' });
  assert.match(sheet, new RegExp(`<v>${totals[3]}</v>`));
  assert.match(sheet, /<pane [^>]*ySplit="1"/);
});

test('a report is saved with what was chosen, opened again, deleted, and brought back', async () => {
  await open('kiosk-share', '?days=last-year');
  await heading('Share of the kiosks');
  await page.getByRole('button', { name: 'Save' }).click();
  await page.getByLabel('Name').fill('');
  await page.locator('dialog').getByRole('button', { name: 'Save' }).click();
  await page.locator('dialog').getByText('Give it a name').waitFor();
  await page.getByLabel('Name').fill('<img src=x onerror=alert(1)> Kiosks');
  await page.locator('dialog').getByRole('button', { name: 'Save' }).click();
  const saved = page.getByRole('link', { name: '<img src=x onerror=alert(1)> Kiosks' });
  await saved.waitFor();
  await open('overdue');
  await heading('Late books');
  await saved.click();
  await heading('Share of the kiosks');
  assert.equal(await page.getByLabel('Period').inputValue(), 'last-year');
  await look('kiosks');
  await page.getByRole('button', { name: /^Delete .*Kiosks/ }).click();
  await saved.waitFor({ state: 'detached' });
  await page.locator('.toast').getByRole('button', { name: /Undo/ }).first().click();
  await saved.waitFor();
});

test('a small group is hidden, and nothing on the screen tells how it read', async () => {
  // Three children skip a grade: nobody else is in it.
  for (const { barcode } of (await ask('patrons?perPage=200')).items.filter(({ grade }) => grade === '5').slice(0, 3)) {
    const { patron } = await ask(`patrons/${barcode}`);
    const { status, body } = await carrel.api('PATCH', `/api/carrel/patrons/${barcode}`, { updated: patron.updated, grade: '6' }, token);
    assert.equal(status, 200, JSON.stringify(body));
  }
  const sizes = rows("SELECT grade, COUNT(*) FROM patrons WHERE status = 'active' GROUP BY grade");
  const { rows: shown, hidden, notes } = await ask('reports/circulation-by-grade');
  const small = sizes.filter(([, n]) => n < 10).length;
  assert.equal(small, 1);
  assert.equal(hidden, 2);
  assert.equal(shown.some(([grade, n]) => n < 10 || grade === 'Grade 6'), false);
  await open('circulation-by-grade');
  await heading('Circulation by grade');
  await page.getByText(notes[0]).waitFor();
  assert.doesNotMatch(await page.locator('.report-body').innerText(), /Grade 6/);
});

test('the principal begins with the sheet, which prints on one page of Letter and of A4, and sees no people', async () => {
  const principal = await signedIn(browser, carrel, 'principal');
  await principal.locator('.sheet').waitFor();
  const places = await principal.locator('nav.rail a').allInnerTexts();
  assert.equal(places[0].trim(), 'Reports');
  for (const place of ['Today', 'Desk', 'People', 'Settings']) assert.equal(places.some((name) => name.includes(place)), false, place);
  await visit(principal, 'reports', 'all', 'principal');
  await principal.locator('.sheet').waitFor();
  await principal.getByLabel('For', { exact: true }).fill('Principal Ames');
  await principal.getByLabel('For', { exact: true }).press('Tab');
  await principal.getByText(/for Principal Ames/).waitFor();
  await look('principal', principal);
  for (const format of ['Letter', 'A4']) {
    const file = join(carrel.dir, `${format}.pdf`);
    writeFileSync(file, await principal.pdf({ format, preferCSSPageSize: false }));
    assert.match(execFileSync('pdfinfo', [file], { encoding: 'utf8' }), /^Pages: +1$/m, format);
    const text = execFileSync('pdftotext', ['-layout', file, '-'], { encoding: 'utf8' });
    assert.match(text, /The library this school year/);
    assert.match(text, /Counts only/);
    assert.doesNotMatch(text, /CSV|Save|Catalog|Settings/);
    execFileSync('pdftoppm', ['-r', '60', '-png', '-singlefile', file, join(import.meta.dirname, 'shots', `reports-principal-${format}`)]);
  }
  await principal.getByLabel('What would help most').fill('A second shelf for graphic novels.');
  await principal.getByLabel('What would help most').press('Tab');
  await principal.locator('.help-most').getByText('A second shelf for graphic novels.').waitFor();
  await principal.context().close();
});

test('aides, volunteers and teachers find no reports', async () => {
  for (const role of ['aide', 'volunteer', 'teacher']) {
    const other = await signedIn(browser, carrel, role);
    assert.equal(await other.locator('nav.rail').getByRole('link', { name: 'Reports' }).count(), 0, role);
    const theirs = await other.evaluate(() => JSON.parse(localStorage.getItem('pocketbase_auth')).token);
    for (const path of ['reports', 'reports/overdue', 'reports/overdue.csv']) assert.equal((await carrel.api('GET', `/api/carrel/${path}`, undefined, theirs)).status, 403, `${role} ${path}`);
    await other.context().close();
  }
});

test('nothing went wrong in the page, and nothing left the school', () => assert.deepEqual(page.faults, []));
