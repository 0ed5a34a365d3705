// Reports of one page: what the library taught, what the money did, and the principal's page; on the screen as on paper, in both languages, on a phone, for whoever may see them.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { Browser, Carrel, barriers, picture, signedIn, sizes, visit } from './carrel.js';

let carrel, browser, page, token;
const shots = join(import.meta.dirname, 'shots');
const screens = join(import.meta.dirname, '..', 'docs', 'screens');
async function speak(of, language) {
  await of.getByRole('button', { name: /account menu|menú de la cuenta/i }).click();
  await of.getByRole('button', { name: language === 'es' ? 'Español' : 'English', exact: true }).click();
  await of.keyboard.press('Escape');
}

async function open(of, id) {
  await visit(of, 'reports', 'all', id);
  await of.locator('.report[aria-busy=false] .sheet').waitFor();
}

/** Prints the open sheet as a person would: one page each of Letter and A4, with these words and none of the app's. */
async function printed(of, id, words) {
  for (const format of ['Letter', 'A4']) {
    const file = join(carrel.dir, `${id}-${format}.pdf`);
    writeFileSync(file, await of.pdf({ format, preferCSSPageSize: false }));
    execFileSync('pdftoppm', ['-r', '60', '-png', '-singlefile', file, join(shots, `onepage-${id}-${format}`)]);
    writeFileSync(file, await of.pdf({ format, preferCSSPageSize: false }));
    assert.match(execFileSync('pdfinfo', [file], { encoding: 'utf8' }), /^Pages: +1$/m, `${id} ${format}`);
    const text = execFileSync('pdftotext', ['-layout', file, '-'], { encoding: 'utf8' });
    for (const word of [...words, 'Counts only']) assert.ok(text.includes(word), `${id} ${format}: ${word}`);
    assert.doesNotMatch(text, /CSV|Save|Catalog|Settings/);
  }
}

/** Looks at the open sheet in three themes, both languages and on a phone. */
async function look(of, id, spanish) {
  for (const [suffix, size, theme, language] of [['-390', sizes.phone, 'light', 'en'], ['-es', sizes.wide, 'contrast', 'es'], ['-dark', sizes.wide, 'dark', 'en'], ['', sizes.wide, 'light', 'en']]) {
    await of.setViewportSize(size);
    await of.evaluate((theme) => (document.documentElement.dataset.theme = theme), theme);
    if (language === 'es' || suffix === '-dark') await speak(of, language);
    if (language === 'es') await of.locator('.sheet', { hasText: spanish }).waitFor();
    if (suffix === '-dark') await of.locator('.sheet', { hasText: spanish }).waitFor({ state: 'detached' });
    await of.locator('.report[aria-busy=false]').waitFor();
    assert.deepEqual(await barriers(of), [], `${id}${suffix}`);
    const wide = await of.evaluate(() => document.documentElement.scrollWidth - innerWidth);
    assert.ok(wide <= 1, `${id}${suffix} is ${wide} too wide`);
    await picture(of, `onepage-${id}${suffix}`);
  }
}

/** The sheet alone, as tall as it is, for the documents. */
async function keep(of, id, name) {
  await of.setViewportSize({ width: 1366, height: 1700 });
  const { x, y, width, height } = await of.locator('.sheet').boundingBox();
  await of.screenshot({ path: join(screens, `${name}.png`), clip: { x: x - 24, y: y - 12, width: width + 48, height: height + 20 } });
  await of.setViewportSize(sizes.wide);
}

/** The same report as PDF of Carrel's own, one page. */
async function paper(id, words) {
  const answer = await fetch(`http://${carrel.staff}/api/carrel/reports/${id}.pdf`, { headers: { Authorization: token, 'Accept-Language': 'en' } });
  assert.equal(answer.headers.get('content-type'), 'application/pdf');
  assert.equal(answer.headers.get('carrel-warnings'), '0');
  const file = join(carrel.dir, `${id}.pdf`);
  writeFileSync(file, Buffer.from(await answer.arrayBuffer()));
  assert.match(execFileSync('pdfinfo', [file], { encoding: 'utf8' }), /^Pages: +1$/m, id);
  const text = execFileSync('pdftotext', ['-layout', file, '-'], { encoding: 'utf8' });
  for (const word of words) assert.ok(text.includes(word), `${id}.pdf: ${word}`);
  execFileSync('pdftoppm', ['-r', '72', '-png', '-singlefile', file, join(shots, `onepage-${id}-own`)]);
}

before(async () => {
  [carrel, browser] = await Promise.all([Carrel.sample(), Browser.open()]);
  page = await signedIn(browser, carrel);
  token = await page.evaluate(() => JSON.parse(localStorage.getItem('pocketbase_auth')).token);
});

after(async () => {
  await browser?.close();
  await carrel?.close();
});

test('what the library taught stands on one page, with the change and how sure it is', async () => {
  await open(page, 'taught');
  await page.getByRole('heading', { name: 'What students can do now' }).waitFor();
  await page.getByText(/Chance alone may move a change by up to \d+ points/).waitFor();
  for (const part of ['Who we taught with', 'What was taught', 'Standards reached']) await page.getByRole('heading', { name: part }).waitFor();
  const skill = await page.locator('.bars li > span').first().innerText();
  await look(page, 'taught', 'Lo que enseñó la biblioteca');
  await printed(page, 'taught', ['What the library taught', skill, 'Who we taught with']);
  await paper('taught', ['What the library taught', skill, 'Standards reached']);
  await keep(page, 'taught', 'report-taught');
});

test('what the money did stands on one page, fund by fund', async () => {
  await open(page, 'money');
  for (const part of ['By fund', 'Cost of each loan']) await page.getByRole('heading', { name: part }).waitFor();
  await look(page, 'money', 'Lo que hizo el dinero');
  await printed(page, 'money', ['What the money did', 'By fund', 'Spent']);
  await paper('money', ['What the money did', 'By fund', 'Spent']);
  await keep(page, 'money', 'report-money');
});

test('the principal reads on one page what students can do, with whom it was taught, and the money', async () => {
  const principal = await signedIn(browser, carrel, 'principal');
  await open(principal, 'principal');
  await principal.getByLabel('For', { exact: true }).fill('Principal Ames');
  await principal.getByLabel('For', { exact: true }).press('Tab');
  await principal.getByText(/for Principal Ames/).waitFor();
  for (const part of ['What students can do now', 'Who we taught with', 'Reading', 'The money', 'The collection']) await principal.getByRole('heading', { name: part, exact: true }).waitFor();
  assert.match(await principal.locator('.says').innerText(), /before, .* now\./);
  await look(principal, 'principal', 'La biblioteca');
  await printed(principal, 'principal', ['The library this school year', 'What students can do now', 'The money']);
  await paper('principal', ['The library this school year', 'What students can do now', 'The money']);
  await keep(principal, 'principal', 'principal');
  assert.deepEqual(principal.faults, []);
  await principal.context().close();
});

test('a sheet without anything to tell says so', async () => {
  await visit(page, 'reports', 'all', 'taught?days=1999-01-01..1999-01-31');
  await page.locator('.says', { hasText: 'No lesson is marked as taught' }).waitFor();
  assert.equal(await page.locator('.part').count(), 0);
  assert.deepEqual(await barriers(page), []);
});

test('aides and teachers see neither', async () => {
  for (const role of ['aide', 'teacher']) {
    const theirs = await (async () => {
      const other = await signedIn(browser, carrel, role);
      const found = await other.evaluate(() => JSON.parse(localStorage.getItem('pocketbase_auth')).token);
      await other.context().close();
      return found;
    })();
    for (const path of ['reports/taught', 'reports/money.pdf', 'kits']) assert.equal((await carrel.api('GET', `/api/carrel/${path}`, undefined, theirs)).status, 403, `${role} ${path}`);
  }
});

test('nothing went wrong in the page, and nothing left the school', () => assert.deepEqual(page.faults, []));
