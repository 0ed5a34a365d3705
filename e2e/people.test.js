// Students, one person, family choices, homerooms and a teacher's classes: the journeys of each role, two people at one record, bad input,
// a scanner in the wrong field, and a script in a name.
import assert from 'node:assert/strict';
import { after, before, beforeEach, test } from 'node:test';
import { Browser, Carrel, barriers, picture, scan, signedIn, sizes, undo, until, visit } from './carrel.js';
import { png } from './files.js';

let carrel, browser, page, token, children;

before(async () => {
  [carrel, browser] = await Promise.all([Carrel.sample(), Browser.open()]);
  page = await signedIn(browser, carrel);
  token = await page.evaluate(() => JSON.parse(localStorage.getItem('pocketbase_auth')).token);
  children = (await ask('GET', 'patrons?perPage=200')).items.filter(({ grade }) => grade);
});

after(async () => {
  await browser?.close();
  await carrel?.close();
});

async function ask(method, path, body) {
  const answer = await carrel.api(method, `/api/carrel/${path}`, body, token);
  assert.ok(answer.status < 300, `${path}: ${JSON.stringify(answer.body)}`);
  return answer.body;
}

beforeEach(() => page.setViewportSize(sizes.wide));

const button = (name) => page.getByRole('button', { name });
const heading = (name) => page.locator('.person').getByRole('heading', { name, exact: true });
const toast = (text) => page.locator('.toast').getByText(text).first().waitFor();
const person = (barcode, ...more) => visit(page, 'people', 'students', barcode, ...more);

/** Looks at a screen in three themes, both languages and both sizes. */
async function look(name, of = page) {
  for (const [suffix, size, theme, language] of [
    ['-390', sizes.phone, 'light', 'en'],
    ['-es', sizes.wide, 'contrast', 'es'],
    ['-dark', sizes.wide, 'dark', 'en'],
    ['', sizes.wide, 'light', 'en'],
  ]) {
    await of.setViewportSize(size);
    await of.evaluate(([theme]) => (document.documentElement.dataset.theme = theme), [theme]);
    if (language === 'es' || suffix === '-dark') await speak(of, language);
    assert.deepEqual(await barriers(of), [], `${name}${suffix}`);
    const wide = await of.evaluate(() => Math.max(document.documentElement.scrollWidth - innerWidth, ...[...document.querySelectorAll('.view, .card')].map((box) => box.scrollWidth - box.clientWidth)));
    assert.ok(wide <= 1, `${name}${suffix} is ${wide} too wide`);
    await picture(of, `people-${name}${suffix}`);
  }
}

async function speak(of, language) {
  await of.getByRole('button', { name: /account menu|menú de la cuenta/i }).click();
  await of.getByRole('button', { name: language === 'es' ? 'Español' : 'English', exact: true }).click();
  await of.keyboard.press('Escape');
}

test('the list is narrowed by typing, by chips, and kept in the address', async () => {
  await visit(page, 'people', 'students');
  await page.locator('.people-row').first().waitFor();
  await look('list');
  const { name } = children[3];
  await page.getByLabel(/Find a student/).fill(name.split(' ')[0].slice(0, 4).toLowerCase());
  await page.locator('.people-row', { hasText: name }).waitFor();
  await until(async () => (await page.locator('.people-row').count()) < 20, 'fewer rows');
  await page.getByLabel(/Find a student/).fill('nobody at all');
  await page.getByText('Nobody fits').waitFor();
  await button('Show everybody').click();
  await page.getByRole('button', { name: 'Late', exact: true }).click();
  const late = (await ask('GET', 'patrons?only=late')).totalItems;
  await page.getByRole('heading', { name: new RegExp(`^${late} `) }).waitFor();
  assert.match(page.url(), /only=late/);
  await page.reload();
  await page.getByRole('heading', { name: new RegExp(`^${late} `) }).waitFor();
  await page.getByRole('button', { name: 'Late', exact: true }).click();
  await button('Sort by Grade').click();
  await page.getByRole('columnheader', { name: /Grade/ }).and(page.locator('[aria-sort=ascending]')).waitFor();
});

test('a hundred thousand rows are a few dozen in the page', async () => {
  const row = (i) => ({ id: `p${i}`, barcode: `9${i}`, name: `Pupil ${i}`, grade: '4', homeroom: null, status: 'active', loans: 0, late: 0, blocked: false, picture: false });
  await page.route('**/api/carrel/patrons?*', (route) => {
    const asked = new URL(route.request().url()).searchParams;
    const [at, size] = [Number(asked.get('page')) - 1, Number(asked.get('perPage'))];
    return route.fulfill({ json: { items: Array.from({ length: size }, (_, i) => row(at * size + i)), totalItems: 100_000, page: at + 1, perPage: size } });
  });
  await visit(page, 'people', 'homerooms');
  await visit(page, 'people', 'students');
  await page.getByRole('heading', { name: '100,000 people' }).waitFor();
  await page.locator('.people-list .scroll').evaluate((box) => (box.scrollTop = box.scrollHeight));
  await page.getByText('Pupil 99999').waitFor();
  assert.ok((await page.locator('.people-list tbody tr').count()) < 80);
  await page.unroute('**/api/carrel/patrons?*');
  await visit(page, 'people', 'homerooms');
  await visit(page, 'people', 'students');
  await page.getByRole('heading', { name: `${(await ask('GET', 'patrons?perPage=1')).totalItems} people` }).waitFor();
});

test('a person opens beside the list by keyboard, and a scanned card opens whose it is', async () => {
  await button('Sort by Name').click();
  const row = page.locator('.people-row').nth(1);
  await row.focus();
  await page.keyboard.press('Enter');
  await page.locator('.person-head').waitFor();
  await look('person');
  await page.keyboard.press('Escape');
  await page.locator('.person-head').waitFor({ state: 'detached' });
  await page.getByLabel(/Find a student/).focus();
  await scan(page, children[5].barcode);
  await heading(children[5].name).waitFor();
  assert.equal(await page.getByLabel(/Find a student/).inputValue(), '');
  await scan(page, '99999999999');
  await page.getByText('Nobody has the card 99999999999.').or(page.getByText('Nobody fits')).waitFor(); // a busy machine scans as slowly as fingers
  await visit(page, 'people', 'students', 'nosuch');
  await page.getByText('Nobody has the number nosuch').waitFor();
});

test('a book is renewed and returned, and that is undone', async () => {
  const who = children.find(({ loans, late }) => loans && !late);
  await person(who.barcode);
  await page.locator('.person-loans').waitFor();
  const rows = page.locator('.person-loans tbody tr');
  assert.equal(await rows.count(), who.loans);
  await rows.first().getByRole('button', { name: /^Return/ }).click();
  await toast('returned.');
  await until(async () => (await rows.count()) === who.loans - 1, 'the return');
  await page.locator('.toast').getByRole('button', { name: 'Undo' }).last().click();
  await until(async () => (await rows.count()) === who.loans, 'the undo');
});

test('details are changed; a bad one is said beside its field, and what was typed stays', async () => {
  const [who, other] = [children[7], children[8]];
  await person(who.barcode, 'details');
  const number = page.getByLabel('Number on the card');
  await page.getByRole('textbox', { name: 'How the name is said' }).fill('AH-na');
  await number.fill(other.barcode);
  await button('Save').click();
  await page.locator('.person .err', { hasText: /./ }).first().waitFor();
  assert.equal(await number.getAttribute('aria-invalid'), 'true');
  assert.ok(await number.evaluate((field) => field === document.activeElement), 'the bad field has the focus');
  await look('details');
  await person(other.barcode);
  await heading(other.name).waitFor();
  await person(who.barcode, 'details');
  assert.equal(await page.getByRole('textbox', { name: 'How the name is said' }).inputValue(), 'AH-na', 'a draft is kept');
  await number.fill(who.barcode);
  await page.getByLabel('Note').fill('Sits by the window. <img src=x onerror="window.ran=1">');
  await button('Save').click();
  await toast(`${who.name} saved.`);
  await person(who.barcode);
  await page.getByText('Sits by the window. <img').waitFor();
  assert.equal(await page.evaluate(() => window.ran), undefined);
});

test('a scanner that types into a field leaves nothing in it, and the number field takes a scan', async () => {
  const who = children[9];
  await person(who.barcode, 'details');
  const note = page.getByLabel('Note');
  await note.fill('Half a sent');
  await page.keyboard.type(`${children[5].barcode}\n`);
  await heading(children[5].name).waitFor();
  await person(who.barcode, 'details');
  assert.equal(await note.inputValue(), 'Half a sent');
  await page.getByLabel('Number on the card').focus();
  await page.keyboard.type('7700123\n');
  await until(async () => (await page.getByLabel('Number on the card').inputValue()) === '7700123', 'the scanned number');
  await button('Discard what I typed').click();
});

test('two at one record: what differs is joined, what clashes is shown', async () => {
  const who = children[10];
  const before = (await ask('GET', `patrons/${who.barcode}`)).patron;
  await person(who.barcode, 'details');
  const [reads, said] = [page.getByLabel('Reads in'), page.getByRole('textbox', { name: 'How the name is said' })];
  await reads.fill('English');
  const theirs = await ask('PATCH', `patrons/${who.barcode}`, { updated: before.updated, say_name: 'theirs' });
  await button('Save').click();
  await toast(`${who.name} saved.`);
  assert.deepEqual([await said.inputValue(), await reads.inputValue()], ['theirs', 'English']);
  await said.fill('mine');
  const now = (await ask('GET', `patrons/${who.barcode}`)).patron;
  assert.notEqual(now.updated, theirs.patron.updated);
  await ask('PATCH', `patrons/${who.barcode}`, { updated: now.updated, say_name: 'theirs again' });
  await button('Save').click();
  await page.getByText('Somebody else saved meanwhile').waitFor();
  await page.locator('.person-conflicts').getByText('theirs again').waitFor();
  assert.equal(await said.inputValue(), 'mine');
  await look('conflict');
  await button(/^Take theirs/).click();
  assert.equal(await said.inputValue(), 'theirs again');
  await said.fill('both');
  await button('Save').click();
  await until(async () => (await ask('GET', `patrons/${who.barcode}`)).patron.say_name === 'both', 'the second save');
});

test('a family choice is added, refused with a reason, removed and brought back', async () => {
  const who = children[11];
  await person(who.barcode, 'choices');
  await page.getByText('No family choice on file.').waitFor();
  await page.getByLabel('ISBN, barcode or title').fill('No such book anywhere');
  await button('Add a family choice').click();
  await page.locator('.person .err', { hasText: /no title/ }).waitFor();
  await page.getByLabel('What it is about').selectOption('A subject or tag');
  await page.getByLabel('Subject or tag', { exact: true }).fill('Horror');
  await button('Add a family choice').click();
  await button('Remove: Horror').waitFor();
  await page.getByText('Family choice on file').waitFor();
  await look('choices');
  await button('Remove: Horror').click();
  await page.getByText('No family choice on file.').waitFor();
  await undo(page, 'Family choice removed');
  await button('Remove: Horror').waitFor();
});

test('family choices: the list of children, and a file of forms looked at first', async () => {
  await visit(page, 'people', 'families');
  await page.getByRole('link', { name: new RegExp(children[11].name) }).waitFor();
  const forms = `student,rule,tag\n${children[12].barcode},no,War\nX-nobody,no,War\n`;
  await page.locator('input[type=file]').setInputFiles({ name: 'forms.csv', mimeType: 'text/csv', buffer: Buffer.from(forms) });
  await page.getByText('2 wishes read from forms.csv').waitFor();
  await page.getByText(/X-nobody/).waitFor();
  await look('families');
  assert.equal((await ask('GET', 'restrictions')).patrons.length, 1);
  await button('Add 1 choice').click();
  await page.getByRole('link', { name: new RegExp(children[12].name) }).waitFor();
  await page.locator('input[type=file]').setInputFiles({ name: 'letter.csv', mimeType: 'text/csv', buffer: Buffer.from('Dear Sir,') });
  await page.getByText('letter.csv').waitFor();
  await page.getByRole('link', { name: new RegExp(children[12].name) }).click();
  await button('Remove: War').waitFor();
});

test('a photo is looked at, kept and removed', async () => {
  const who = children[13];
  await person(who.barcode, 'details');
  const file = { name: 'me.png', mimeType: 'image/png', buffer: png(40, 60) };
  await page.locator('.person input[type=file]').setInputFiles(file);
  await page.getByAltText('This is how it will look.').waitFor();
  await button('Use this photo').click();
  await toast(`Photo of ${who.name} saved.`);
  await page.locator('.person-head .ava img').waitFor();
  await button('Remove the photo').click();
  await toast(`Photo of ${who.name} removed.`);
  await page.locator('.person-head .ava svg').waitFor();
  await page.locator('.person input[type=file]').setInputFiles({ name: 'no.png', mimeType: 'image/png', buffer: Buffer.from('no picture at all') });
  await button('Use this photo').click();
  await page.locator('.person [role=alert]').getByText(/./).first().waitFor();
});

test('reading is kept only when asked for, and a card is made anew', async () => {
  const who = children[14];
  await person(who.barcode, 'history');
  await page.getByLabel(/^Keep what/).click();
  await page.locator('.person-body table').or(page.getByText('Nothing yet.')).waitFor();
  await page.getByLabel(/^Keep what/).click();
  await button('Stop keeping it').click();
  await page.getByText('is not kept').waitFor();
  await look('reading');
  await person(who.barcode, 'card');
  await button('Make a new card').click();
  await page.getByRole('dialog').waitFor();
  assert.deepEqual(await barriers(page), []);
  await page.getByRole('dialog').getByRole('button', { name: 'Make a new card' }).click();
  await toast('has a new card');
  await look('card');
  const [tab] = await Promise.all([page.context().waitForEvent('page'), button('Print the card').click()]);
  await tab.close();
});

test('who has books cannot be deleted; who was entered by mistake can', async () => {
  const who = children.find(({ loans }) => loans > 1);
  await person(who.barcode, 'card');
  await button('Delete this person').click();
  await button('Delete for good').click();
  await page.getByText(`${who.name} cannot be deleted yet.`).waitFor();
  await page.getByRole('link', { name: 'New student' }).click();
  await button('Add this student').waitFor();
  await page.getByLabel('First name').fill('<b>Zed</b>');
  await page.getByLabel('Last name').fill('Zzz');
  await page.getByLabel('Own email').fill('nowhere');
  await button('Add this student').click();
  await page.locator('.person [aria-invalid=true]').waitFor();
  await page.getByLabel('Own email').fill('');
  await look('new');
  await button('Add this student').click();
  await heading('<b>Zed</b> Zzz').waitFor();
  assert.equal(await page.locator('.person b').filter({ hasText: 'Zed' }).count(), 0);
  const barcode = decodeURIComponent(page.url().split('/').at(-1).split('?')[0]);
  await person(barcode, 'card');
  await button('Delete this person').click();
  await button('Delete for good').click();
  await toast('was deleted.');
  assert.equal((await carrel.api('GET', `/api/carrel/patrons/${encodeURIComponent(barcode)}`, null, token)).status, 404);
});

test('money is charged, paid and taken back, when the library charges any', async () => {
  await ask('PUT', 'settings/fees', { on: true });
  const who = children[15];
  await person(who.barcode, 'money');
  await page.getByText('Owes nothing').waitFor();
  await page.getByLabel('What to do').selectOption('Charge');
  await page.getByLabel(/^Amount/).fill('four');
  await button('Charge').click();
  await page.locator('.person .err', { hasText: /./ }).waitFor();
  await page.getByLabel(/^Amount/).fill('4.50');
  await button('Charge').click();
  await page.getByText('Owes 4.50').waitFor();
  await page.getByLabel('What to do').selectOption('Take a payment');
  await page.getByLabel(/^Amount/).fill('4.50');
  await look('money');
  await button('Take a payment').click();
  await page.getByText('Owes nothing').waitFor();
  await undo(page, '4.50');
  await page.getByText('Owes 4.50').waitFor();
  await ask('PUT', 'settings/fees', { on: false });
});

test('a homeroom is made, given hours by day and time, printed and deleted', async () => {
  await visit(page, 'people', 'homerooms');
  await page.locator('.rooms-table tbody tr').first().waitFor();
  await look('rooms');
  await page.getByRole('link', { name: 'New homeroom' }).click();
  await page.getByLabel('Name', { exact: true }).fill('9Z');
  await page.getByLabel('Teacher').fill('Ms. Zeta');
  await button('Make this homeroom').click();
  await page.getByRole('link', { name: 'Library hours' }).click();
  await button('Add a time').click();
  await page.getByLabel('Day', { exact: true }).selectOption('Tuesday');
  await page.getByLabel('From, Tuesday').fill('10:00');
  await page.getByLabel('Until, Tuesday').fill('09:00');
  await button('Save hours').click();
  await page.getByText('A visit ends after it begins.').waitFor();
  await page.getByLabel('Until, Tuesday').fill('10:40');
  await look('hours');
  await button('Save hours').click();
  await toast('9Z saved.');
  const room = (await ask('GET', 'homerooms')).homerooms.find(({ name }) => name === '9Z');
  assert.match(room.visits, /^tue 10:00-10:40$/i);
  await page.locator('.rooms-table').getByText(/Tue.10:00–10:40/).waitFor();
  await page.getByRole('link', { name: 'Print', exact: true }).click();
  await button('Shelf markers').click();
  await button('Library cards').click();
  await page.getByLabel('Used places on the first sheet').fill('3');
  await look('print');
  const [request] = await Promise.all([page.waitForRequest(/cards\.pdf/), button(/^All \d+ rooms/).click()]);
  assert.match(request.url(), /sheet=avery-5371.*skip=3/);
  await page.locator('.person .tabs').getByRole('link', { name: 'Homeroom' }).click();
  await button('Delete').click();
  await toast('9Z deleted.');
});

test('an aide sees no note, no address, no family choice, no money and no reading', async () => {
  const who = children[7];
  const aide = await signedIn(browser, carrel, 'aide');
  await visit(aide, 'people', 'students', who.barcode);
  await aide.locator('.person-head').waitFor();
  assert.equal(await aide.getByText('Sits by the window').count(), 0);
  assert.deepEqual(await aide.locator('.person .tabs a').allInnerTexts(), ['Books', 'Details', 'Card']);
  assert.equal(await aide.getByRole('link', { name: /Family choices|Roster|New student/ }).count(), 0);
  await aide.getByRole('link', { name: 'Details' }).click();
  await aide.locator('.person-facts').waitFor();
  assert.equal(await aide.locator('.person input, .person textarea').count(), 0);
  await look('aide', aide);
  await aide.getByRole('link', { name: 'Card' }).click();
  await aide.getByRole('button', { name: 'Print the card' }).waitFor();
  assert.equal(await aide.getByRole('button', { name: /Delete|new card/ }).count(), 0);
  await visit(aide, 'people', 'families');
  await aide.locator('.people-row').first().waitFor();
  assert.deepEqual(aide.faults, []);
});

test('a teacher sees how many, never who', async () => {
  const { homerooms } = await ask('GET', 'homerooms');
  const teacher = await signedIn(browser, carrel, 'teacher');
  await visit(teacher, 'people', 'classes');
  await teacher.getByText('No class of yours yet').waitFor();
  const mine = homerooms.find(({ patrons }) => patrons >= 10);
  carrel.run('superuser', 'upsert', 'technician@example.org', 'a long password');
  const root = await until(() => carrel.signIn('technician@example.org', 'a long password', '_superusers'), 'the technician');
  const { body } = await carrel.api('GET', '/api/collections/staff/records?filter=' + encodeURIComponent("role = 'teacher'"), null, root);
  const own = body.items.find(({ email }) => email === 'teacher@cedarhollow.example');
  const small = (await ask('POST', 'homerooms', { name: 'Reading club' })).id;
  await carrel.api('PATCH', `/api/collections/staff/records/${own.id}`, { homerooms: [mine.id, small] }, root);
  await teacher.reload();
  await teacher.getByRole('heading', { name: mine.name }).waitFor();
  await teacher.getByText(String(mine.patrons), { exact: true }).waitFor();
  await teacher.getByRole('heading', { name: 'Reading club' }).waitFor();
  assert.equal(await teacher.locator('.people-counts').count(), 1, 'no numbers of a small class');
  const text = await teacher.locator('main').innerText();
  assert.deepEqual(children.filter(({ name }) => text.includes(name)).map(({ name }) => name), []);
  await look('classes', teacher);
  assert.deepEqual(teacher.faults, []);
});

test('no page failed and nothing left the school', () => {
  assert.deepEqual(page.faults, []);
});
