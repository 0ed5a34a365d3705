// The librarian's side of the kiosks: pairing by the shown code, settings that arrive, the lock, and the questions a kiosk
// leaves when it worked on its own, each decided each way.
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { after, before, test } from 'node:test';
import { Browser, barriers, picture, scan, sizes, until, visit } from './carrel.js';
import { School } from './kiosk.js';

const HOUR = 3_600_000;

let school, browser, desk, kiosk, id;

before(async () => {
  [school, browser] = await Promise.all([School.open(), Browser.open()]);
  [desk, kiosk] = await Promise.all([browser.page(), browser.page()]);
});

after(async () => {
  await browser?.close();
  await school?.close();
});

const button = (name) => desk.getByRole('button', { name });
const state = () => kiosk.evaluate(async () => (await fetch('/kiosk/state')).json());
const stateIs = (status) => until(() => kiosk.evaluate(async (status) => (await fetch('/kiosk/state')).status === status, status), `the kiosk’s ${status}`);
const open = async (item) => (await school.rows('loans', `state = 'open' && item = '${item}'`))[0];

/** Looks at a screen: both languages and both sizes, with axe each time. */
async function look(name) {
  for (const language of ['es', 'en']) {
    await desk.getByRole('button', { name: /account menu|menú de la cuenta/i }).click();
    await desk.getByRole('button', { name: language === 'es' ? 'Español' : 'English', exact: true }).click();
    await desk.keyboard.press('Escape');
    for (const [suffix, size] of [['', sizes.wide], ['-390', sizes.phone]]) {
      await desk.setViewportSize(size);
      assert.deepEqual(await barriers(desk), [], `${name}, ${language}, ${size.width}`);
      const [page, frame] = await desk.evaluate(() => [document.documentElement.scrollWidth - innerWidth, document.querySelector('.view').scrollWidth - document.querySelector('.view').clientWidth]);
      assert.ok(page <= 0 && frame <= 0, `${name}, ${language}: ${Math.max(page, frame)} wider than ${size.width}`);
      if (language === 'en') await picture(desk, `staff-${name}${suffix}`);
      else if (!suffix) await picture(desk, `staff-${name}-es`);
    }
    await desk.setViewportSize(sizes.wide);
  }
}

async function signIn(page, email) {
  await page.goto(`http://${school.carrel.staff}/staff/`);
  await page.getByLabel('Email').fill(email);
  await page.getByLabel('Password').fill('cedar hollow');
  await page.getByRole('button', { name: 'Sign in' }).click();
  await page.locator('.rail').waitFor();
}

test('a kiosk is paired by the code that is shown, and shown at once', async () => {
  await signIn(desk, 'librarian@cedarhollow.example');
  await visit(desk, 'settings', 'kiosks');
  await desk.getByText('No kiosk yet').waitFor();
  await button('Show a code').click();
  await desk.getByRole('img', { name: /QR code/ }).waitFor();
  await desk.getByRole('timer').getByText(/\d:\d\d minutes/).waitFor();
  await desk.getByText(`http://${school.carrel.student}`, { exact: true }).waitFor();
  await button('On a tablet').click();
  await desk.getByText(/Guided Access/).waitFor();
  await look('kiosks-code');
  await kiosk.goto(school.address);
  await kiosk.getByLabel('One-time code').fill(await desk.locator('.once').innerText());
  await kiosk.getByLabel('Name of this kiosk').fill('Kiosk by the door');
  await kiosk.getByRole('button', { name: 'Pair this kiosk' }).click();
  await desk.getByText('“Kiosk by the door” is paired.').waitFor();
  await look('kiosks');
  id = (await school.rows('kiosks', "state = 'paired'"))[0].id;
});

test('a setting is at the kiosk when it asks next', async () => {
  assert.equal((await state()).returns, false);
  await desk.getByLabel('Take books back').check();
  await desk.getByLabel('Language').selectOption('Español');
  await desk.getByLabel('While Carrel does not answer').selectOption('Send students to the desk');
  await desk.getByText('Saved. The kiosk hears of it within a minute.').waitFor();
  await until(async () => (await state()).away === 'close', 'the settings');
  assert.deepEqual((({ returns, language, idle_seconds }) => ({ returns, language, idle_seconds }))(await state()), { returns: true, language: 'es', idle_seconds: 20 });
  const idle = desk.getByLabel('Close by itself, in seconds');
  await idle.fill('2');
  await idle.press('Tab');
  await desk.getByText('from 5 to 600 seconds').waitFor();
  assert.equal(await idle.getAttribute('aria-invalid'), 'true');
  await look('kiosks-refused');
  await idle.fill('30');
  await idle.press('Tab');
  await until(async () => (await state()).idle_seconds === 30, 'the seconds');
  await desk.getByLabel('Name of this kiosk').fill('Window seat');
  await desk.getByLabel('Name of this kiosk').press('Enter');
  await until(async () => (await state()).kiosk === 'Window seat', 'the name');
  await desk.getByRole('button', { name: /^Window seat/ }).waitFor();
});

test('a class is given the kiosk, and it is taken back', async () => {
  const room = (await desk.getByLabel('Homeroom').locator('option').allInnerTexts())[1];
  await desk.getByLabel('Homeroom').selectOption(room);
  await desk.getByLabel('Minutes').fill('1000');
  await button('Open for this class').click();
  await desk.getByText('from 1 minute to 3 hours').waitFor();
  await desk.getByLabel('Minutes').fill('40');
  await button('Open for this class').click();
  await button('End it now').waitFor();
  assert.equal((await state()).window.homeroom, room);
  await button('End it now').click();
  await until(async () => (await state()).window === null, 'the end');
});

test('a locked kiosk says so and is opened again', async () => {
  const lock = await school.carrel.api('PATCH', `/api/collections/kiosks/records/${id}`, { locked_at: new Date().toISOString() }, school.technician);
  assert.equal(lock.status, 200, JSON.stringify(lock.body));
  await stateIs(423);
  await desk.reload();
  await desk.getByText('Too many cards that nobody has').waitFor();
  await look('kiosks-locked');
  await button('Open again: Window seat').click();
  await desk.getByText('Too many cards that nobody has').waitFor({ state: 'detached' });
  await stateIs(200);
});

let shelf = 0;
const book = () => school.books[shelf++];
const child = (n) => school.children[n];

/** Sends what the kiosk kept while the server was away. */
async function replay(...acts) {
  const sent = acts.map(({ card = child(0).card, item, kind = 'check_out', at = new Date(Date.now() - HOUR), ...more }) => ({ key: randomUUID(), at, kind, card, item, ...more }));
  const answer = await kiosk.evaluate(async (acts) => (await fetch('/kiosk/replay', { method: 'POST', headers: { 'Content-Type': 'application/json' }, body: JSON.stringify({ acts }) })).json(), sent);
  assert.deepEqual(answer.results.map(({ outcome }) => outcome), sent.map(() => 'question'), JSON.stringify(answer));
  await desk.reload();
  await desk.getByRole('heading', { name: 'You decide' }).waitFor();
  await desk.waitForLoadState('networkidle'); // the rail has asked, too
}

const settled = (what) => desk.locator('.settled').getByText(what).waitFor();

/** An item that is out to a child, as it was before the kiosk said otherwise. */
async function taken() {
  const loans = await school.rows('loans', "state = 'open' && due > '2020-01-01'");
  const loan = loans.find((loan) => !school.taken?.includes(loan.item) && loan.patron !== child(0).id);
  (school.taken ??= []).push(loan.item);
  const [item] = await school.rows('items', `id = '${loan.item}'`);
  return { loan, item };
}

test('one book, two students: it is where the kiosk said', async () => {
  await visit(desk, 'today', 'questions');
  await desk.getByText('Nothing to decide').first().waitFor();
  const { item } = await taken();
  await replay({ item: item.barcode });
  await desk.getByRole('heading', { name: 'Who has this book now?' }).waitFor();
  await desk.getByRole('heading', { name: '1 to decide' }).waitFor();
  await look('questions');
  await button(/has it/).click();
  await settled(/has it/);
  assert.equal((await open(item.id)).patron, child(0).id);
});

test('a decision that moved nothing is undone, and asked again', async () => {
  await button(/^Undo: /).click();
  await desk.getByRole('heading', { name: 'Who has this book now?' }).waitFor();
  await desk.getByRole('heading', { name: '1 to decide' }).waitFor();
  await button(/has it/).click();
  await desk.getByText('Nothing to decide').first().waitFor();
  await look('questions-decided');
});

test('one book, two students: it never left the first', async () => {
  const { loan, item } = await taken();
  await replay({ item: item.barcode });
  assert.equal((await open(item.id)).patron, child(0).id);
  await button(/does not have it/).click();
  await settled('can be corrected at the desk');
  assert.equal((await open(item.id)).patron, loan.patron);
});

test('a book nobody knows: by keyboard and scanner alone', async () => {
  const [unknown, real] = ['NOBODY-77', book()];
  await replay({ item: unknown });
  const box = desk.getByLabel('Scan the book it was');
  await box.waitFor();
  assert.ok(await button(/^Lend/).isDisabled());
  await scan(desk, '4006381333931');
  await desk.getByText('is no book here').waitFor();
  await scan(desk, real.barcode);
  await button(new RegExp(`^Lend ${real.barcode}`)).waitFor();
  await look('questions-scan');
  await button(/^Lend/).focus();
  await desk.keyboard.press('Enter');
  await settled('can be corrected at the desk');
  assert.equal((await open(real.id)).patron, child(0).id);
  await replay({ item: 'NOBODY-78' });
  await button(/^Nobody knows/).focus();
  await desk.keyboard.press('Enter');
  await settled('Nobody knows');
});

test('a card nobody has: the card of who it was is scanned', async () => {
  const [item, who] = [book(), child(1)];
  await replay({ item: item.barcode, card: 'carrel:p:0000000000000000A' });
  await desk.getByLabel('Scan the card of who it was').waitFor();
  await scan(desk, who.card);
  await button(new RegExp(`to ${who.first_name}`)).click();
  await settled('can be corrected at the desk');
  assert.equal((await open(item.id)).patron, who.id);
  await replay({ item: book().barcode, card: 'carrel:p:0000000000000000A' });
  await button(/^Nobody knows/).click();
  await settled('Nobody knows');
});

test('a time that cannot be, and what is no act', async () => {
  const [old, shelved] = [book(), book()];
  const long = new Date(Date.now() - 40 * 24 * HOUR);
  await replay({ item: old.barcode, at: long, card: child(2).card }, { item: shelved.barcode, at: long, card: child(2).card }, { item: old.barcode, kind: 'nonsense' });
  await desk.getByRole('heading', { name: '3 to decide' }).waitFor();
  await look('questions-three');
  await button(/^Ask me later/).click();
  const first = desk.locator('.opt').first();
  await until(async () => {
    await desk.keyboard.press('2'); // the question may not stand yet, and a key close behind another is a scanner's
    return desk.waitForFunction(() => document.activeElement?.matches('.opt:nth-of-type(2)'), null, { timeout: 1000 }).then(() => true, () => false);
  }, 'the second choice');
  await desk.keyboard.press('Enter');
  await settled(/does not have it/);
  assert.equal(await open(shelved.id), undefined);
  await desk.getByRole('button', { name: /^A time that is odd/ }).click();
  await first.press('Enter');
  await settled(/has it/);
  assert.equal((await open(old.id)).patron, child(2).id);
  await button(/^I have seen it/).click();
  await desk.getByText('Nothing to decide').first().waitFor();
});

test('a question somebody else has answered is refused in the server’s words', async () => {
  await replay({ item: 'NOBODY-79' });
  const [asked] = await school.rows('kiosk_questions', "state = 'open'");
  const { status } = await school.carrel.api('POST', `/api/carrel/questions/${asked.id}/decide`, { key: randomUUID(), decision: 'dismiss' }, school.librarian);
  assert.equal(status, 200);
  await button(/^Nobody knows/).click();
  await desk.getByText('This question was answered already.').waitFor();
  await desk.getByText('Nothing to decide').first().waitFor();
});

test('a kiosk is switched off only when it is meant', async () => {
  await visit(desk, 'settings', 'kiosks');
  await button('Switch off').click();
  await desk.getByRole('dialog').waitFor();
  assert.deepEqual(await barriers(desk), []);
  await picture(desk, 'staff-kiosks-revoke');
  await desk.keyboard.press('Enter'); // the safe choice has the focus
  await desk.getByRole('dialog').waitFor({ state: 'detached' });
  await stateIs(200);
  await button('Switch off').click();
  await button('Switch it off for good').click();
  await desk.getByText('No kiosk yet').waitFor();
  await desk.getByText('Switched off: 1').waitFor();
  await stateIs(401);
});

test('an aide sees neither, and the server refuses them', async () => {
  const aide = await school.carrel.api('POST', '/api/collections/staff/records', { email: 'aide@cedarhollow.example', password: 'cedar hollow', passwordConfirm: 'cedar hollow', name: 'An Aide', role: 'aide', verified: true }, school.technician);
  assert.equal(aide.status, 200, JSON.stringify(aide.body));
  const page = await browser.page();
  await signIn(page, 'aide@cedarhollow.example');
  await page.goto(`http://${school.carrel.staff}/staff/#/today/questions`);
  await page.getByRole('link', { name: 'Desk', exact: true }).waitFor();
  assert.equal(await page.getByRole('link', { name: /Kiosks|Questions/ }).count(), 0);
  const token = await until(() => school.carrel.signIn('aide@cedarhollow.example'), 'the aide’s sign-in');
  for (const path of ['kiosks', 'questions']) assert.equal((await school.carrel.api('GET', `/api/carrel/${path}`, null, token)).status, 403, path);
  assert.deepEqual(page.faults, []);
});

test('no page failed and nothing left the school', () => {
  assert.deepEqual(desk.faults.concat(kiosk.faults), []);
});
