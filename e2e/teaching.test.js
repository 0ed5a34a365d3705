// Teaching: lessons are planned, moved by mouse and by keys, written as one types by two people, asked for by a teacher and answered; nobody is kept out by a
// theme, a telephone or a keyboard.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { Browser, Carrel, barriers, picture, scan, signedIn, sizes, undo, until, visit } from './carrel.js';

let carrel, browser, page, token, rooms, today;
let keys = 0;

before(async () => {
  [carrel, browser] = await Promise.all([Carrel.sample(), Browser.open()]);
  page = await signedIn(browser, carrel);
  token = await page.evaluate(() => JSON.parse(localStorage.getItem('pocketbase_auth')).token);
  rooms = (await api('GET', 'homerooms')).homerooms;
  ({ today } = await api('GET', 'teaching/calendar?from=2026-04-13&until=2026-04-14'));
});

after(async () => {
  await browser?.close();
  await carrel?.close();
});

const api = async (method, path, body) => {
  const answer = await carrel.api(method, `/api/carrel/${path}`, body, token);
  assert.ok(answer.status < 300, `${method} ${path}: ${JSON.stringify(answer.body)}`);
  return answer.body;
};
const key = () => `teaching-test-${Date.now()}-${keys++}`;
const later = (day, days) => new Date(Date.parse(`${day}T00:00:00Z`) + days * 864e5).toISOString().slice(0, 10);
/** One class of the school, and another. */
const room = (at = 0) => rooms.filter(({ teacher }) => teacher)[at];
const said = (text, on = page) => on.locator('.toasts').getByText(text).first().waitFor();

/** An open day, some weeks from now, with nothing on it at these hours. */
async function openDay(weeks) {
  const from = later(today, weeks * 7);
  const { days, entries } = await api('GET', `teaching/calendar?from=${from}&until=${later(from, 20)}`);
  return days.find(({ day, open }) => open && !entries.some((entry) => entry.day === day && entry.from < '17:00' && entry.until > '14:45')).day;
}
const lessonOf = async (title, more = {}) => (await api('POST', 'lessons', { key: key(), title, ...more })).lesson;
const plan = async (lesson, day, more = {}) => (await api('POST', 'teaching/sessions', { key: key(), kind: 'lesson', lesson: lesson.id, homeroom: room().id, day, from: '14:50', until: '15:30', ...more })).sessions[0];
const stands = async (id) => (await api('GET', `teaching/sessions/${id}`)).session;

async function calendar(day, view = 'week', on = page) {
  await visit(on, 'today');
  await visit(on, 'teaching', `calendar?view=${view}&day=${day}`);
  await on.locator({ week: '.wk', month: '.mo', list: '.agenda' }[view]).waitFor();
}
async function lesson(id, session = '', on = page) {
  await visit(on, 'today');
  await visit(on, 'teaching', 'lessons', session ? `${id}?session=${session}` : id);
  await on.locator('.lesson-title').waitFor();
}

test('a new lesson is planned for a class, repeated, and taken back', async () => {
  const day = await openDay(3);
  await calendar(day);
  await page.getByRole('button', { name: 'Plan a lesson' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel('Lesson', { exact: true }).last().fill('Whose picture is this?');
  await dialog.getByLabel('Class', { exact: true }).selectOption(room().id);
  await until(async () => (await dialog.getByLabel('Taught with').inputValue()) === room().teacher, 'the teacher of the class');
  await dialog.getByLabel('Day', { exact: true }).fill(day);
  await dialog.getByLabel('From', { exact: true }).fill('15:30');
  await dialog.getByLabel('Until', { exact: true }).fill('14:50');
  await dialog.getByRole('button', { name: 'Plan it' }).click();
  await until(async () => (await dialog.getByLabel('Until', { exact: true }).getAttribute('aria-invalid')) === 'true', 'the end before the beginning is refused');
  await dialog.getByLabel('From', { exact: true }).fill('14:50');
  await dialog.getByLabel('Until', { exact: true }).fill('15:30');
  await dialog.getByLabel('Planned together').check();
  await dialog.getByLabel('Taught together').check();
  await dialog.getByLabel('Repeat').selectOption('week');
  await dialog.getByLabel('Last day').fill(later(day, 14));
  assert.deepEqual(await barriers(page), [], 'the dialog');
  await picture(page, 'teaching-plan');
  await dialog.getByRole('button', { name: 'Plan it' }).click();
  await said('Whose picture is this? is planned');
  const entry = page.getByRole('button', { name: /Whose picture is this\?/ });
  await entry.waitFor();
  assert.match(await entry.getAttribute('aria-label'), /co-taught/);
  const { lessons } = await api('GET', 'lessons?q=whose+picture');
  assert.equal(lessons.length, 1, 'the refused attempt made no second lesson');
  await undo(page, 'Whose picture is this?');
  await until(async () => (await entry.count()) === 0, 'the calendar as before');
});

test('an entry moves by arrow keys, is kept by Enter, left by Esc, and undone', async () => {
  const day = await openDay(4);
  const { id } = await plan(await lessonOf('Moved by keys'), day);
  await calendar(day);
  const entry = page.getByRole('button', { name: /Moved by keys/ });
  await entry.focus();
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('Shift+ArrowDown');
  assert.match(await entry.getAttribute('aria-label'), /3:10–3:50/);
  assert.equal((await stands(id)).from, '14:50', 'nothing is sent before Enter');
  await page.keyboard.press('Escape');
  assert.match(await entry.getAttribute('aria-label'), /2:50–3:30/);
  await page.keyboard.press('ArrowUp');
  await page.keyboard.press('Enter');
  await said('Moved by keys is now');
  await until(async () => (await stands(id)).from === '14:35', 'the time kept');
  await until(() => page.evaluate((id) => document.activeElement?.id === `entry-${id}`, id), 'the focus on the entry');
  await undo(page, 'Moved by keys is now');
  await until(async () => (await stands(id)).from === '14:50', 'the time of before');
});

test('an entry is dragged to another day; one of a row asks which', async () => {
  const day = await openDay(5);
  const { id } = await plan(await lessonOf('Dragged'), day, { repeat: { every: 'week', until: later(day, 7) } });
  await calendar(day);
  const entry = page.getByRole('button', { name: /Dragged/ });
  await entry.scrollIntoViewIfNeeded();
  const columns = page.locator('.dayc:not(.shut)');
  const target = await columns.evaluateAll((all, day) => all.map((one) => one.dataset.day).find((one) => one !== day), day);
  const [from, column] = [await entry.boundingBox(), await page.locator(`[data-day="${target}"]`).boundingBox()];
  await page.mouse.move(from.x + 40, from.y + 12);
  await page.mouse.down();
  await page.mouse.move(from.x + 60, from.y + 20);
  await page.mouse.move(column.x + 60, from.y + 12, { steps: 4 });
  await page.mouse.up();
  await page.getByRole('dialog').getByRole('button', { name: 'Only this one' }).click();
  await until(async () => (await stands(id)).day === target, 'the other day');
  await undo(page, 'Dragged is now');
  await until(async () => (await stands(id)).day === day, 'the day of before');
});

test('what is at the same time is said in words, and a closed day asks', async () => {
  const day = await openDay(6);
  const title = await lessonOf('In the way');
  await plan(title, day);
  await plan(await lessonOf('Moves into it'), day, { from: '13:30', until: '14:10', homeroom: room(1).id });
  await calendar(day);
  const entry = page.getByRole('button', { name: /Moves into it/ });
  await entry.focus();
  for (let i = 0; i < 4; i++) await page.keyboard.press('ArrowDown');
  await page.locator('.teach-foot .clash').getByText('At the same time: Lesson').waitFor();
  await picture(page, 'teaching-conflict');
  await page.keyboard.press('Escape');
});

test('a press on an empty time plans there', async () => {
  const day = await openDay(7);
  await calendar(day);
  const column = page.locator(`[data-day="${day}"]`);
  const box = await column.evaluate((one) => ({ first: Number(one.dataset.first), long: Number(one.dataset.long), height: one.getBoundingClientRect().height }));
  await column.click({ position: { x: 90, y: ((14 * 60 + 50 - box.first) / box.long) * box.height } });
  const dialog = page.getByRole('dialog');
  assert.equal(await dialog.getByLabel('Day', { exact: true }).inputValue(), day);
  assert.equal(await dialog.getByLabel('From', { exact: true }).inputValue(), '14:45');
  await page.keyboard.press('Escape');
  await dialog.waitFor({ state: 'hidden' });
});

test('a plan is saved as it is typed, undone, and two people do not overwrite each other', async () => {
  const { id } = await lessonOf('Is this site true?', { goal: 'Look up who made a site.', steps: [{ text: 'Warm-up', minutes: 6 }, { text: 'Pairs', minutes: 16 }] });
  await lesson(id);
  const goal = page.getByLabel('Students will');
  const kept = async () => (await api('GET', `lessons/${id}`)).lesson;
  await goal.fill('Open a second tab, look up who made a site.');
  await page.getByText(/^Saved /).waitFor();
  assert.equal((await kept()).goal, 'Open a second tab, look up who made a site.');
  await page.getByLabel('Step 2', { exact: true }).press('End');
  await page.keyboard.press('Enter');
  await page.keyboard.type('Exit check <script>document.title = "ran"</script>');
  await page.getByLabel('Minutes of step 3').fill('6');
  await page.getByText('28 minutes in all').waitFor();
  await until(async () => (await kept()).steps.length === 3, 'the third step');
  await page.getByLabel('Step 3', { exact: true }).press('Alt+ArrowUp');
  await until(async () => (await kept()).steps[1].text.startsWith('Exit check'), 'the step moved');
  await page.getByRole('button', { name: 'Undo' }).first().click();
  await until(async () => (await kept()).steps[1].text === 'Pairs', 'the order of before');

  const other = await signedIn(browser, carrel);
  await lesson(id, '', other);
  await other.getByLabel('Title').fill('Is this site honest?');
  await until(async () => (await kept()).title === 'Is this site honest?', 'the title of the other');
  await until(async () => (await page.getByLabel('Title').inputValue()) === 'Is this site honest?', 'the title shown here too');

  // Both write in the same field while one of them is away.
  await page.route('**/api/carrel/lessons/**', (route) => (route.request().method() === 'PATCH' ? route.abort() : route.continue()));
  await goal.fill('Mine');
  await page.getByText('Not saved').waitFor();
  const before = await kept();
  await api('PATCH', `lessons/${id}`, { updated: before.updated, goal: 'Theirs' });
  await page.unroute('**/api/carrel/lessons/**');
  await page.getByRole('button', { name: 'Try again' }).click();
  await page.getByText('Somebody else wrote here meanwhile: Theirs').waitFor();
  assert.equal(await goal.inputValue(), 'Mine', 'what was typed stays');
  await page.getByRole('button', { name: 'Keep mine' }).click();
  await until(async () => (await kept()).goal === 'Mine', 'what was decided');

  await page.getByLabel('Title').fill('');
  await page.locator('#lesson-title-error').getByText(/./).waitFor();
  await page.getByLabel('Title').fill('Is this site true?');
  await until(async () => (await kept()).title === 'Is this site true?', 'the title');
  assert.notEqual(await page.title(), 'ran');
  page.faults = page.faults.filter((fault) => !fault.includes('ERR_FAILED')); // the line that was cut above
  await other.context().close();
});

test('materials: a file, a link and a book by a scan', async () => {
  const made = await lessonOf('With materials');
  await lesson(made.id);
  const dialog = page.getByRole('dialog');
  const add = async (way) => {
    await page.getByRole('button', { name: 'Add a material' }).click();
    await dialog.getByRole('button', { name: way, exact: true }).click();
  };
  await add('File');
  await dialog.locator('input[type=file]').setInputFiles({ name: 'program.exe', mimeType: 'application/octet-stream', buffer: Buffer.from('MZ\x90\x00 nothing good') });
  await dialog.getByRole('alert').getByText(/./).first().waitFor();
  await dialog.locator('input[type=file]').setInputFiles({ name: 'Octopus cards.txt', mimeType: 'text/plain', buffer: Buffer.from('Eight arms.') });
  await page.getByRole('button', { name: /^Octopus cards\.txt/ }).waitFor();
  await add('Link');
  await dialog.getByLabel('Address').fill('javascript:alert(1)');
  await dialog.getByRole('button', { name: 'Add', exact: true }).click();
  await dialog.locator('#material-url-error').getByText(/./).waitFor();
  await dialog.getByLabel('Address').fill('school.example/octopus');
  await dialog.getByLabel('What it is called').fill('Octopus facts');
  await dialog.getByRole('button', { name: 'Add', exact: true }).click();
  await page.getByRole('link', { name: 'Octopus facts' }).waitFor();
  await add('Book');
  const { items } = await api('GET', 'search?q=wolves&perPage=1');
  const copy = (await api('GET', `titles/${items[0].id}`)).items.find(({ barcode }) => barcode);
  await dialog.locator('#material-book').click();
  await scan(page, copy.barcode);
  await page.locator('.lesson-materials').getByText(items[0].title, { exact: true }).first().waitFor();
  await page.getByRole('button', { name: 'Remove Octopus cards.txt' }).click();
  await until(async () => (await api('GET', `lessons/${made.id}`)).lesson.materials.length === 2, 'the file gone');
});

test('a session says that it happened, keeps notes and the books it used', async () => {
  const made = await lessonOf('Taught today');
  const { entries } = await api('GET', `teaching/calendar?from=${later(today, -7)}&until=${today}`);
  const session = await plan(made, today, { from: '07:00', until: '07:30', anyway: true });
  assert.ok(entries);
  await lesson(made.id, session.id);
  await page.getByRole('button', { name: 'Yes, it was taught' }).click();
  await said('Counted as taught');
  await until(async () => (await stands(session.id)).state === 'taught', 'it counts');
  await page.getByLabel('After class: what would you change?').fill('More time for pairs.');
  await until(async () => (await stands(session.id)).notes === 'More time for pairs.', 'the notes');
  await page.locator('#used-book').fill('planets');
  await page.locator('.title-finder .plan-found button').first().click();
  await page.locator('.lg-left table a.title').first().waitFor();
});

test('lessons are found, copied with their origin, put away and taken out', async () => {
  await lessonOf('A lesson about volcanoes', { kind: 'research', grades_from: '4', grades_to: '5' });
  await visit(page, 'teaching', 'lessons');
  await page.getByLabel('Find a lesson').fill('volcan');
  await page.getByRole('link', { name: 'A lesson about volcanoes' }).waitFor();
  await until(async () => (await page.locator('.lesson-rows tbody th').count()) === 1, 'only that one');
  await picture(page, 'teaching-lessons');
  assert.deepEqual(await barriers(page), [], 'the list');
  await page.getByRole('link', { name: 'A lesson about volcanoes' }).click();
  await page.getByRole('button', { name: 'More about this lesson' }).click();
  await page.getByRole('menuitem', { name: 'Make a copy' }).click();
  await page.getByText('Made from “A lesson about volcanoes”').waitFor();
  await page.getByRole('button', { name: 'More about this lesson' }).click();
  await page.getByRole('menuitem', { name: 'Put away' }).click();
  await said('is put away');
  await undo(page, 'is put away');
  await said('is back in the list');
});

test('a ready-made lesson is looked at in both languages and taken', async () => {
  await visit(page, 'teaching', 'lessons', 'kits');
  const kits = page.locator('.kits li');
  await kits.first().waitFor();
  assert.ok((await kits.count()) >= 6);
  assert.deepEqual(await barriers(page), [], 'the gallery');
  await picture(page, 'teaching-kits');
  await kits.first().getByRole('button').click();
  const dialog = page.getByRole('dialog');
  const english = await dialog.locator('.kit-steps li').first().innerText();
  await dialog.getByRole('button', { name: 'Español' }).click();
  await until(async () => (await dialog.locator('.kit-steps li').first().innerText()) !== english, 'the same in Spanish');
  assert.deepEqual(await barriers(page), [], 'a kit');
  await dialog.getByRole('button', { name: 'Use this' }).click();
  await page.locator('.lesson-title').waitFor();
  assert.match(await page.locator('.lesson-head').innerText(), /Made from/);
});

test('the calendar is shown elsewhere by a secret link, until it is revoked', async () => {
  await calendar(today);
  await page.getByRole('button', { name: 'Show this calendar elsewhere' }).click();
  const dialog = page.getByRole('dialog');
  const link = dialog.getByLabel('The secret link');
  const read = async () => new URL(await link.inputValue()).pathname;
  await until(async () => (await dialog.getByRole('button', { name: 'Make a link' }).count()) + (await link.count()) > 0, 'the link or none');
  if (!(await link.count())) await dialog.getByRole('button', { name: 'Make a link' }).click();
  await link.waitFor();
  const first = await read();
  const answer = await fetch(`http://${carrel.staff}${first}`);
  assert.match(await answer.text(), /^BEGIN:VCALENDAR/);
  assert.deepEqual(await barriers(page), [], 'the feed');
  await dialog.getByRole('button', { name: 'New link' }).click();
  await until(async () => (await read()) !== first, 'another link');
  assert.equal((await fetch(`http://${carrel.staff}${first}`)).status, 404);
  const second = await read();
  await dialog.getByRole('button', { name: 'Revoke' }).click();
  await dialog.getByText('There is no link now.').waitFor();
  assert.equal((await fetch(`http://${carrel.staff}${second}`)).status, 404);
  await page.keyboard.press('Escape');
});

test('a teacher asks, the librarian says no with a reason, and the teacher reads it', async () => {
  carrel.run('staff', 'upsert', 'teacher@cedarhollow.example', '--role', 'teacher', '--password', 'cedar hollow');
  const { staff } = await api('GET', 'staff');
  const account = staff.find(({ email }) => email === 'teacher@cedarhollow.example');
  await api('PATCH', `staff/${account.id}`, { homerooms: [room().id] });
  const teacher = await signedIn(browser, carrel, 'teacher');
  await visit(teacher, 'teaching', 'calendar');
  await teacher.locator('.wk').waitFor();
  assert.equal(await teacher.getByRole('button', { name: 'Plan a lesson' }).count(), 0);
  assert.equal(await teacher.getByRole('link', { name: 'Lessons', exact: true }).count(), 0);
  await teacher.getByRole('button', { name: 'Ask for a lesson' }).click();
  await teacher.getByLabel('What about?').fill('Sources about volcanoes');
  await teacher.getByLabel('What should the librarian know?').fill('We have two weeks.');
  assert.deepEqual(await barriers(teacher), [], 'asking');
  await teacher.getByRole('button', { name: 'Send the request' }).click();
  await said('The library has your request.', teacher);

  await calendar(today);
  await page.getByRole('button', { name: 'review' }).click();
  const dialog = page.getByRole('dialog');
  const asked = dialog.locator('li').filter({ hasText: 'Sources about volcanoes' });
  await asked.getByRole('button', { name: 'Say no' }).click();
  await asked.getByText('Say why not: the teacher reads it.').waitFor();
  await asked.getByLabel('Why not').fill('The room is taken until May.');
  await asked.getByRole('button', { name: 'Say no' }).click();
  await until(async () => (await asked.count()) === 0, 'it waits no longer');
  await page.keyboard.press('Escape');

  await teacher.getByRole('button', { name: 'What I asked for' }).click();
  await teacher.getByText('The room is taken until May.').waitFor();
  await teacher.context().close();
});

test('an aide looks, and changes nothing', async () => {
  const day = await openDay(8);
  await plan(await lessonOf('Looked at'), day);
  const aide = await signedIn(browser, carrel, 'aide');
  await calendar(day, 'week', aide);
  await aide.getByRole('button', { name: /Looked at/ }).press('ArrowDown');
  assert.equal(await aide.locator('.on-the-way').count(), 0);
  await aide.getByRole('button', { name: /Looked at/ }).click();
  await aide.getByRole('dialog').getByText('Looked at').first().waitFor();
  assert.equal(await aide.getByRole('button', { name: 'Plan a lesson' }).count(), 0);
  await aide.context().close();
});

test('a month and a list show the same, in Spanish and on a phone too', async () => {
  const day = await openDay(9);
  const made = await lessonOf('<img src=x onerror=alert(1)>', { goal: 'Shown as it is written.' });
  await plan(made, day);
  await calendar(day, 'month');
  await page.getByText('<img src=x onerror=alert(1)>').first().waitFor();
  assert.deepEqual(await barriers(page), [], 'a month');
  await picture(page, 'teaching-month');
  await calendar(day, 'list');
  await page.getByText('<img src=x onerror=alert(1)>').first().waitFor();
  assert.deepEqual(await barriers(page), [], 'a list');

  const phone = await signedIn(browser, carrel, 'librarian', sizes.phone);
  await phone.evaluate(() => localStorage.setItem('carrel.language', 'es'));
  await phone.reload();
  await visit(phone, 'teaching', `calendar?view=week&day=${day}`);
  await phone.locator('.agenda').waitFor();
  await phone.getByRole('button', { name: 'Planear una clase' }).waitFor();
  assert.deepEqual(await barriers(phone), [], 'a phone');
  assert.ok(await phone.evaluate(() => document.documentElement.scrollWidth <= innerWidth), 'nothing sticks out');
  await picture(phone, 'teaching-phone');
  await lesson(made.id, '', phone);
  assert.deepEqual(await barriers(phone), [], 'a lesson on a phone');
  assert.ok(await phone.evaluate(() => document.documentElement.scrollWidth <= innerWidth), 'nothing of the lesson sticks out');
  await picture(phone, 'teaching-lesson-phone');
  assert.deepEqual(phone.faults, []);
  await phone.context().close();
});

test('three themes of the calendar and of a lesson', async () => {
  const day = await openDay(10);
  const made = await lessonOf('In three themes', { goal: 'Say what they see.', steps: [{ text: 'Look', minutes: 5 }] });
  const session = await plan(made, day, { role: ['planned', 'taught'] });
  for (const theme of ['light', 'dark', 'contrast']) {
    await page.evaluate((theme) => localStorage.setItem('carrel.theme', theme), theme);
    await page.reload();
    await calendar(day);
    await page.getByRole('button', { name: /In three themes/ }).waitFor();
    assert.deepEqual(await barriers(page), [], `the calendar, ${theme}`);
    await picture(page, `teaching-calendar-${theme}`);
    await lesson(made.id, session.id);
    assert.deepEqual(await barriers(page), [], `a lesson, ${theme}`);
    await picture(page, `teaching-lesson-${theme}`);
  }
  await page.evaluate(() => localStorage.setItem('carrel.theme', 'light'));
  assert.deepEqual(page.faults, []);
});
