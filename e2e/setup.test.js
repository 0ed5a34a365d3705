// An empty folder, as a new school meets it: the code on the console, the first librarian, six steps with files that are wrong, too large or cut
// off, a kiosk, and then the first loan and the first slip. Leaving and coming back, and a second librarian, included.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { Browser, Carrel, barriers, picture, scan, sizes, until, visit } from './carrel.js';

const EMAIL = 'dana@example.org';
const PASSWORD = 'a long password';
const MB = 1 << 20;

let carrel, browser, page, files, copies;

/** The day so many days from now, "2026-11-23". */
const day = (days) => new Date(Date.now() + days * 86_400_000).toISOString().slice(0, 10);
/** The next weekday from so many days on: a due date by hand must not be a closed day. */
function schoolDay(days) {
  while ([0, 6].includes(new Date(`${day(days)}T00:00:00Z`).getUTCDay())) days++;
  return day(days);
}

const names = ['Maya Otis', 'Liam Kim', 'Amara Diallo', 'Noah Stern', 'Zoe Park', 'Diego Ramírez', 'Aisha Rahman', 'Owen Kelly', 'Zoe Lund', '<b>Eve</b> Mallory', 'Ivy Brandt', 'Tom Fuchs'];
const roster = [
  'DistrictID,FirstName,LastName,GradeLevel,Homeroom,BirthDate,EmailSecondary',
  ...names.map((name, i) => `${204417 + i},${name.split(' ').join(',')},${i < 9 ? '4,4B' : '8,8A'},03/11/${i < 9 ? 16 : 12},family${i}@example.org`),
  ',,,4,4B,03/11/16,',
].join('\n');
const calendar = ['BEGIN:VCALENDAR', 'VERSION:2.0', 'PRODID:-//school//calendar//EN', 'BEGIN:VEVENT', 'UID:break-1', `DTSTART;VALUE=DATE:${day(30).replaceAll('-', '')}`, `DTEND;VALUE=DATE:${day(37).replaceAll('-', '')}`, 'SUMMARY:Winter break - no school', 'END:VEVENT', 'END:VCALENDAR', ''].join('\r\n');

before(async () => {
  files = mkdtempSync(join(tmpdir(), 'carrel-files-'));
  const file = (name, text) => writeFileSync(join(files, name), text);
  file('students.csv', roster);
  file('school.ics', calendar);
  file('books.pdf', '%PDF-1.4\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF\n');
  for (const [name, size] of [['large.mrc', 200 * MB], ['larger.mrc', 301 * MB]]) {
    file(name, '');
    truncateSync(join(files, name), size);
  }
  // The old system of this school: the books of the sample school, as MARC.
  const old = new Carrel(mkdtempSync(join(tmpdir(), 'carrel-old-')));
  old.run('demo');
  old.run('export', 'titles', join(files, 'cedar-destiny.mrc'));
  rmSync(old.dir, { recursive: true, force: true });
  [carrel, browser] = await Promise.all([Carrel.empty(), Browser.open()]);
  page = await browser.page();
});

after(async () => {
  await browser?.close();
  await carrel?.close();
  if (files) rmSync(files, { recursive: true, force: true });
});

const button = (name) => page.getByRole('button', { name });
const title = (text) => page.getByRole('heading', { level: 1, name: text }).waitFor();
const choose = (name) => page.locator('input[type=file]').setInputFiles(join(files, name));

/** Looks at a step: axe in each theme, no scrolling sideways, and at the size of a library's old screen no scrolling at all. */
async function look(name) {
  for (const theme of ['dark', 'contrast', 'light']) {
    await page.evaluate((theme) => (document.documentElement.dataset.theme = theme), theme);
    assert.deepEqual(await barriers(page), [], `${name}, ${theme}`);
    if (theme !== 'light') await picture(page, `setup-${name}-${theme}`);
  }
  await picture(page, `setup-${name}`);
  const tall = await page.evaluate(() => document.querySelector('.wz').scrollHeight - innerHeight);
  assert.ok(tall <= 0, `${name}: ${tall} higher than the window`);
  await page.setViewportSize(sizes.phone);
  assert.ok((await page.evaluate(() => document.documentElement.scrollWidth - innerWidth)) <= 0, `${name}: wider than a phone`);
  await picture(page, `setup-${name}-390`);
  await page.setViewportSize(sizes.wide);
}

/** Somebody comes in at another desk, without an address. */
async function comesIn(email = EMAIL) {
  const other = await browser.page();
  await other.goto(`http://${carrel.staff}/staff/`);
  await other.getByLabel('Email').fill(email);
  await other.getByLabel('Password').fill(PASSWORD);
  await other.getByRole('button', { name: 'Sign in' }).click();
  return other;
}

test('the first librarian proves to be at the machine, and is led on to the set-up', async () => {
  const code = (await until(() => carrel.said.match(/code (\w{4}-\w{4})/), 'the code on the console'))[1];
  assert.equal((await fetch(`http://${carrel.staff}/api/carrel/search?q=a`)).status, 503);
  await page.goto(`http://${carrel.staff}/staff/`);
  await page.getByLabel('Set-up code').fill('WRON-GONE');
  await page.getByLabel('Name of the school or library').fill('Cedar Hollow School');
  await page.getByLabel('Your name').fill('Dana Whitfield');
  await page.getByLabel('Email').fill(EMAIL);
  await page.getByLabel('Password').fill(PASSWORD);
  await button('Create my account').click();
  await page.locator('#code-error').filter({ hasText: /./ }).waitFor();
  assert.equal(await page.getByLabel('Name of the school or library').inputValue(), 'Cedar Hollow School');
  await page.getByLabel('Set-up code').fill(code);
  assert.deepEqual(await barriers(page), []);
  await picture(page, 'setup-account');
  await button('Create my account').click();
  await title('Welcome. Let’s set up your library.');
  assert.match(page.url(), /#\/setup\/school$/);
});

test('1: the school is kept as it is typed, and what is wrong stays beside its field', async () => {
  await page.getByText('Nothing is sent anywhere.').waitFor();
  assert.equal(await page.getByLabel('School name').inputValue(), 'Cedar Hollow School');
  assert.equal(await page.getByLabel('Short name, for labels').inputValue(), 'CEDAR');
  await page.getByLabel('Grades from').selectOption('8');
  await page.getByLabel('Grades to').selectOption('Kindergarten');
  await page.locator('.field.bad .err').filter({ hasText: /./ }).first().waitFor();
  await button('Next: calendar').click();
  await page.waitForFunction(() => document.activeElement.id.startsWith('school-grades'));
  await page.getByLabel('Grades from').selectOption('Kindergarten');
  await page.getByLabel('Grades to').selectOption('8');
  await page.getByLabel('State').selectOption('New York');
  await page.getByText('New York: everything starts private.').waitFor();
  await page.locator('.field.bad').waitFor({ state: 'detached' });
  await look('school');
  await page.reload();
  await title('Welcome. Let’s set up your library.');
  assert.equal(await page.getByLabel('Grades to').inputValue(), '8');
  await button('Next: calendar').click();
  await title('When is school open?');
});

test('2: the calendar, how long books are lent, and the last days', async () => {
  await page.getByLabel('Books are lent for').waitFor();
  assert.equal(await page.getByLabel('Books are lent for').inputValue(), '7-library_day');
  await choose('school.ics');
  const dialog = page.getByRole('dialog');
  await dialog.getByText('Winter break - no school').waitFor();
  assert.deepEqual(await barriers(page), []);
  await dialog.getByRole('button', { name: /1/ }).click();
  await dialog.waitFor({ state: 'detached' });
  const [all, leaving] = [schoolDay(180), schoolDay(166)];
  await page.getByLabel('Last due date this year').fill(all);
  await page.getByLabel('Last due date this year').press('Tab');
  await page.getByText(/^No loan goes past \w+day/).waitFor();
  await page.getByLabel('Grade 8 last due date').fill(leaving);
  await page.getByLabel('Grade 8 last due date').press('Tab');
  await until(() => page.getByText(/^No loan goes past \w+day/).count().then((n) => n === 2), 'both days');
  await look('calendar');
  await button('Next: books').click();
  await title('Bring in your books');
  const token = await carrel.signIn(EMAIL, PASSWORD);
  const { entries } = (await carrel.api('GET', '/api/carrel/calendar', null, token)).body;
  assert.deepEqual(entries.filter(({ kind }) => kind === 'term_ceiling').map(({ day, grade }) => [day, grade]), [[leaving, '8'], [all, '']]);
  const { rules } = (await carrel.api('GET', '/api/carrel/rules', null, token)).body;
  assert.ok(rules.length > 5, 'the rules for K-5');
});

test('the browser’s back and the steps above lead where they say, and nothing is lost', async () => {
  await page.goBack();
  await title('When is school open?');
  await page.goForward();
  await title('Bring in your books');
  await page.getByRole('link', { name: /School/ }).click();
  await title('Welcome. Let’s set up your library.');
  assert.equal(await page.getByLabel('State').inputValue(), 'NY');
  await page.getByRole('link', { name: /Close for now/ }).click();
  await page.locator('nav.rail').waitFor();
  await page.getByText('Your library is not set up yet').waitFor();
  await visit(page, 'setup', 'books');
  await title('Bring in your books');
});

test('3: a file that is none, a file too large, and a lost line each get a sentence', async () => {
  assert.ok(await button('Next: students').isDisabled());
  await choose('books.pdf');
  await page.getByText(/PDF/).last().waitFor();
  await picture(page, 'setup-books-pdf');
  await choose('larger.mrc');
  await page.getByText(/takes files up to 300 MB/).waitFor();
  await choose('large.mrc');
  await page.locator('.banner.danger').filter({ hasText: 'large.mrc' }).waitFor({ timeout: 60_000 });
  await page.context().setOffline(true);
  await choose('cedar-destiny.mrc');
  await page.getByText('The connection was lost. cedar-destiny.mrc is still chosen').waitFor();
  await look('books-lost');
  await page.context().setOffline(false);
  await button('Go on').click();
  await page.getByText('Carrel read cedar-destiny.mrc.').waitFor();
});

test('3: the books are looked over, added, and could be taken back', async () => {
  const add = button(/^Add [\d,]+ copies/);
  copies = Number((await add.innerText()).replace(/\D/g, ''));
  assert.ok(copies > 500);
  await page.getByText('First book, as it will look').waitFor();
  await page.getByText(/take the whole import back with one button for 30 days/).waitFor();
  await look('books');
  await add.click();
  await button('Take it back').waitFor({ timeout: 60_000 });
  const { totalItems } = (await carrel.api('GET', '/api/carrel/search?q=&perPage=1')).body;
  assert.ok(totalItems > 100, `${totalItems} titles`);
  await picture(page, 'setup-books-done');
  await button('Next: students').click();
  await title('Bring in your students');
});

test('4: the columns are matched, birth dates are left out, and one row is named', async () => {
  await choose('students.csv');
  await page.getByLabel('Where DistrictID goes').waitFor();
  assert.equal(await page.getByLabel('Where BirthDate goes').inputValue(), '');
  await button('Add 12 students').waitFor();
  await page.getByText('Birth dates are left out.').waitFor();
  await page.getByText('1 row is left out').waitFor();
  await look('students');
  await page.getByLabel('Where EmailSecondary goes').selectOption('');
  await button('Add 12 students').waitFor();
  await button('Add 12 students').click();
  await button('Take it back').waitFor({ timeout: 30_000 });
  await button('Next: cards').click();
  await title('Print library cards');
});

test('another librarian goes on where the first one stopped', async () => {
  carrel.run('staff', 'upsert', 'sam@example.org', '--name', 'Sam Ortiz', '--role', 'librarian', '--password', PASSWORD);
  const other = await comesIn('sam@example.org');
  await other.getByRole('heading', { level: 1, name: 'Print library cards' }).waitFor();
  assert.deepEqual(other.faults, []);
  await other.context().close();
});

test('5: cards show first names as they will be printed', async () => {
  await page.getByText('Maya', { exact: true }).waitFor();
  assert.equal(await page.getByText('Zoe P.', { exact: true }).count(), 1);
  assert.equal(await page.getByText('Otis').count(), 0);
  await look('cards');
  await button('Class page').click();
  await picture(page, 'setup-cards-class');
  await button('Shelf markers').click();
  assert.deepEqual(await barriers(page), []);
  await picture(page, 'setup-cards-markers');
  await button('Wallet cards').click();
  await page.getByLabel('Paper').selectOption({ label: 'Avery 5371 business cards, 10 a page' });
  await page.getByLabel('Skip used cards').fill('3');
  await page.getByLabel('Skip used cards').press('Tab');
  await page.getByText('9 students, 2 pages').waitFor();
  const answered = page.waitForResponse((answer) => answer.url().includes('cards.pdf'));
  const paper = page.waitForEvent('popup');
  await button('All 2 rooms').click();
  const answer = await answered;
  assert.equal(answer.status(), 200);
  assert.match(answer.url(), /sheet=avery-5371&skip=3/);
  await (await paper).close();
  await page.getByLabel('Homeroom').selectOption('8A');
  await page.getByText('<b>Eve</b>', { exact: true }).waitFor();
  await button('Next: kiosk').click();
  await title('Pair your kiosk');
});

test('6: the kiosk arrives while one looks, with what was chosen for it', async () => {
  await page.getByRole('img', { name: /QR code/ }).waitFor();
  await page.getByLabel('Take books back').check();
  await look('kiosk');
  const kiosk = await browser.page();
  await kiosk.goto(`http://${carrel.student}/`);
  await kiosk.getByLabel('One-time code').fill(await page.locator('.once').innerText());
  await kiosk.getByLabel('Name of this kiosk').fill('Kiosk 1');
  await kiosk.getByRole('button', { name: 'Pair this kiosk' }).click();
  await page.getByText('“Kiosk 1” is paired.').waitFor();
  assert.equal(await page.getByLabel('Take books back').isChecked(), true);
  await picture(page, 'setup-kiosk-arrived');
  await button('Finish setup').click();
  await page.getByText('The library is set up.', { exact: true }).waitFor();
  await page.locator('nav.rail').waitFor();
  await page.getByText('Your library is not set up yet').waitFor({ state: 'detached' });
  await page.getByText('Waiting for the server').waitFor({ state: 'detached' }); // the line of live updates stands again
  await picture(page, 'setup-finished');
  await kiosk.context().close();
});

test('the first loan, and the first slip', async () => {
  const [{ barcode }] = (await carrel.api('GET', '/api/carrel/find?q=Maya', null, await carrel.signIn(EMAIL, PASSWORD))).body.patrons;
  const item = readFileSync(join(files, 'cedar-destiny.mrc'), 'latin1').match(/\x1fp(\d{10,14})/)[1];
  await visit(page, 'desk');
  await scan(page, barcode);
  await page.getByText('Maya Otis').first().waitFor();
  await scan(page, item);
  await page.locator('.loans tbody tr').first().waitFor();
  await picture(page, 'setup-first-loan');
  const answer = await fetch(`http://${carrel.staff}/api/carrel/notices/slips?on=${schoolDay(40)}`, { headers: { Authorization: await carrel.signIn(EMAIL, PASSWORD) } });
  writeFileSync(join(files, 'slips.pdf'), Buffer.from(await answer.arrayBuffer()));
  assert.match(execFileSync('pdftotext', ['-layout', join(files, 'slips.pdf'), '-'], { encoding: 'utf8' }), /Maya/);
});

test('after a restart there is no code any more, and nobody is led back', async () => {
  await carrel.kill();
  await carrel.serve();
  assert.doesNotMatch(carrel.said, /code/);
  const other = await comesIn();
  await other.locator('nav.rail').waitFor();
  assert.doesNotMatch(other.url(), /setup/);
  await other.context().close();
  assert.deepEqual(page.faults.filter((fault) => !/ERR_CONNECTION_REFUSED|ERR_INCOMPLETE_CHUNKED_ENCODING|ERR_INTERNET_DISCONNECTED/.test(fault)), []);
});
