// A class at the desk: the timetable opens it, and cards, books and keys are all it takes.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { barriers, picture, sizes, until, visit } from './carrel.js';
import { api, hear, loansOf, open, openSchool, pageOf, says } from './desk.js';

let school, carrel, shelf, page, room, children, guest;

before(async () => {
  school = await openSchool();
  ({ carrel, shelf } = school);
  const rooms = (await api(school, 'GET', 'homerooms')).homerooms;
  room = rooms[3];
  const today = new Date().toLocaleDateString('en-US', { weekday: 'short' }).toLowerCase();
  await api(school, 'POST', 'calendar', { kind: 'open', day: new Date().toLocaleDateString('sv') }).catch(() => {}); // also on a Sunday
  await api(school, 'PATCH', `homerooms/${room.id}`, { visits: `${today} 00:00-23:59` });
  children = (await api(school, 'GET', `homerooms/${room.id}/class`)).patrons;
  guest = (await api(school, 'GET', `homerooms/${rooms[4].id}/class`)).patrons[0];
  const { patron } = await api(school, 'GET', `patrons/${children[4].barcode}`);
  await api(school, 'PATCH', `patrons/${children[4].barcode}`, { updated: patron.updated, note: 'Sits by the door' });
  page = await pageOf(school);
  await visit(page, 'desk', 'person');
  await page.getByText('Scan a card to begin').waitFor();
});

after(() => school?.close());

const cell = (i) => page.locator('.fc').nth(i);
const turn = (child) => page.locator('.classpanel h2', { hasText: `${child.first_name} ${child.last_name}` }).waitFor();
const progress = (n, of) => page.getByText(`${n} of ${of} have a book`).waitFor();

test('the class that is here opens by itself', async () => {
  await page.keyboard.press('F4');
  await progress(0, children.length);
  assert.equal(await page.locator('.fc').count(), children.length);
  await cell(4).getByText('See note').waitFor();
  assert.deepEqual(await barriers(page), []);
});

test('Enter is the next child without a book, and a book is theirs', async () => {
  await page.keyboard.press('Enter');
  await turn(children[0]);
  await hear(page, shelf[0]);
  await says(page, 'Checked out');
  await progress(1, children.length);
  await until(() => open(carrel, shelf[0])?.patron === children[0].barcode, 'the loan');
  await page.keyboard.press('Enter');
  await turn(children[1]);
  await cell(0).getByText('1 book').waitFor();
  await page.locator('.classpanel .table, .classpanel .chip').first().waitFor();
  await picture(page, 'class');
});

test('a book a classmate has is returned and lent in one scan', async () => {
  await hear(page, shelf[0]);
  await until(() => open(carrel, shelf[0])?.patron === children[1].barcode, 'the loan');
  assert.equal(await page.locator('dialog[open]').count(), 0);
  await page.keyboard.press('Control+z');
  await until(() => open(carrel, shelf[0])?.patron === children[0].barcode, 'the undo');
  await progress(1, children.length);
});

test('a face is chosen by the keyboard, and a child who is absent is passed over', async () => {
  await cell(2).focus();
  await page.keyboard.press('Enter');
  await turn(children[2]);
  await page.getByRole('button', { name: /^Mark .+ absent$/ }).focus();
  await page.keyboard.press('Enter');
  await progress(1, children.length - 1);
  await cell(1).focus();
  await page.keyboard.press('Enter');
  await turn(children[1]);
  await page.locator('#scan').focus();
  await page.keyboard.press('Enter');
  await turn(children[3]);
  await cell(2).getByText('Absent').waitFor();
});

test('a due date holds for the rest of the class', async () => {
  const day = new Date(Date.now() + 14 * 86_400_000);
  day.setDate(day.getDate() + ((2 - day.getDay() + 7) % 7)); // a Tuesday
  const due = day.toISOString().slice(0, 10);
  await page.getByRole('button', { name: /^Due/ }).focus();
  await page.keyboard.press('Enter');
  await page.locator('.classdue:popover-open').waitFor();
  assert.deepEqual(await barriers(page), []);
  await picture(page, 'class-due');
  await page.getByLabel('Due on').fill(due);
  await page.keyboard.press('Enter');
  await hear(page, shelf[1]);
  await until(() => open(carrel, shelf[1])?.due === due, 'the due date');
  await page.locator('.classpanel .stamp').first().waitFor();
});

test('a card says whose turn it is, of another class too', async () => {
  await hear(page, children[5].barcode);
  await turn(children[5]);
  await hear(page, guest.barcode);
  await turn(guest);
  await hear(page, shelf[2]);
  await until(() => open(carrel, shelf[2])?.patron === guest.barcode, 'the loan');
  const alone = children.find(({ last_name }) => children.filter((other) => other.last_name.startsWith(last_name)).length === 1 && /^[A-Z][a-z]+$/.test(last_name));
  await page.keyboard.type(alone.last_name.toLowerCase(), { delay: 60 });
  await page.keyboard.press('Enter');
  await turn(alone);
});

test('a kiosk beside the desk is seen in the grid', async () => {
  await api(school, 'POST', 'checkouts', { patron: children[7].barcode, item: shelf[3], override: ['loan_limit', 'patron_overdue'] });
  await cell(7).getByText('1 book').waitFor();
});

test('a class set is dealt out one each, or lent to the teacher', async () => {
  const opens = page.getByRole('button', { name: 'Class set' });
  await opens.focus();
  await page.keyboard.press('Enter');
  await page.getByText('No books yet').waitFor();
  for (const item of shelf.slice(10, 13)) {
    await hear(page, item);
    await page.locator('.setview tr', { hasText: item }).waitFor();
  }
  await hear(page, shelf[10]);
  await says(page, 'is on the list already');
  assert.equal(await page.locator('.setview tbody tr').count(), 3);
  assert.deepEqual(await barriers(page), []);
  await picture(page, 'class-set');
  await page.getByRole('button', { name: 'Lend 3 books' }).focus();
  await page.keyboard.press('Enter');
  await page.locator('.flash', { hasText: '3 books lent' }).or(page.getByRole('button', { name: 'Lend all the same' })).first().waitFor();
  if (await page.getByRole('button', { name: 'Lend all the same' }).count()) {
    await page.getByRole('button', { name: 'Lend all the same' }).focus();
    await page.keyboard.press('Enter');
  }
  await says(page, '3 books lent');
  assert.equal(open(carrel, shelf[11]).patron, children[1].barcode);
  await page.keyboard.press('Control+z');
  await until(() => !open(carrel, shelf[11]), 'the undo');

  await opens.focus();
  await page.keyboard.press('Enter');
  await page.getByRole('button', { name: 'All to one teacher' }).focus();
  await page.keyboard.press('Enter');
  await page.locator('#scan').focus();
  const teacher = (await api(school, 'GET', 'patrons?type=teacher')).items?.[0] ?? guest;
  await page.keyboard.type((teacher.last_name ?? '').toLowerCase(), { delay: 45 });
  await page.locator('#names li', { hasText: teacher.barcode }).waitFor();
  for (let i = 0; !(await page.locator('#names li[aria-selected=true]', { hasText: teacher.barcode }).count()) && i < 8; i++) await page.keyboard.press('ArrowDown');
  await page.keyboard.press('Enter');
  for (const item of shelf.slice(10, 12)) {
    await hear(page, item);
    await page.locator('.setview tr', { hasText: item }).waitFor();
  }
  await page.getByRole('button', { name: 'Lend 2 books' }).focus();
  await page.keyboard.press('Enter');
  await until(() => open(carrel, shelf[10])?.patron === teacher.barcode, 'the set');
});

test('it looks right in each theme, in Spanish and on a phone', async () => {
  await cell(1).focus();
  await page.keyboard.press('Enter');
  await turn(children[1]);
  for (const theme of ['dark', 'contrast', 'light']) {
    await page.evaluate((theme) => (document.documentElement.dataset.theme = theme), theme);
    assert.deepEqual(await barriers(page), [], theme);
    await picture(page, `class-${theme}`);
  }
  assert.ok(await page.evaluate(() => document.documentElement.scrollHeight <= innerHeight), 'the page scrolls');
  await page.setViewportSize(sizes.phone);
  assert.deepEqual(await barriers(page), []);
  await picture(page, 'class-390');
  await page.setViewportSize(sizes.wide);
});

test('the class ends with counts that are printed without titles', async () => {
  await page.getByRole('button', { name: 'End class' }).focus();
  await page.keyboard.press('Enter');
  await page.getByText('students with a book').waitFor();
  assert.deepEqual(await barriers(page), []);
  await picture(page, 'class-summary');
  const titles = loansOf(carrel).filter(({ patron }) => children.some(({ barcode }) => barcode === patron)).map(({ title }) => title);
  const text = (await page.locator('.summary').innerText()).replace(/\w+day\b/, ''); // one of the books is called Tuesday
  assert.deepEqual(titles.filter((title) => text.includes(title)), []);
  await page.emulateMedia({ media: 'print' });
  assert.equal(await page.locator('nav.rail').isVisible(), false);
  assert.equal(await page.getByRole('button', { name: 'Print counts' }).isVisible(), false);
  assert.ok(await page.getByRole('rowheader').last().isVisible());
  await page.emulateMedia({ media: 'screen' });
  await page.getByRole('button', { name: 'Done' }).focus();
  await page.keyboard.press('Enter');
  await page.getByRole('heading', { name: 'Which class is here?' }).waitFor();
  assert.deepEqual(await barriers(page), []);
  await picture(page, 'class-choice');
});

test('no page failed', () => assert.deepEqual(page.faults, []));
