// The settings and the help: every screen opens and is free of barriers in the three themes, a change of each holds after a reload, what cannot
// be is said at its field and keeps what was typed, and nobody but the librarian sees any of it.
import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { Browser, Carrel, Mailbox, barriers, picture, sizes, undo, until, visit } from './carrel.js';

const librarian = 'librarian@cedarhollow.example';
const tabs = ['school', 'calendar', 'rules', 'things', 'staff', 'recovery', 'mail', 'printing', 'privacy', 'audit', 'jobs', 'doctor', 'device'];

let carrel, browser, page, token;

before(async () => {
  [carrel, browser] = await Promise.all([Carrel.sample(), Browser.open()]);
  page = await browser.page();
  token = await carrel.signIn();
  await page.goto(`http://${carrel.staff}/staff/`);
  await signIn(page, librarian, 'cedar hollow');
});

after(async () => {
  await browser?.close();
  await carrel?.close();
});

const button = (name) => page.getByRole('button', { name, exact: typeof name === 'string' });
const field = (name) => page.getByLabel(name, { exact: true });
const said = (text) => page.locator('.toasts').getByText(text).first().waitFor();
const get = async (path) => (await carrel.api('GET', `/api/carrel/${path}`, undefined, token)).body;
const dialog = () => page.getByRole('dialog');
const save = () => dialog().getByRole('button', { name: 'Save', exact: true }).click();

async function open(...parts) {
  await visit(page, ...parts);
  await page.locator(`nav:not(.rail) a[href="#/${parts.join('/')}"][aria-current]`).waitFor({ state: 'attached' });
  await page.locator('.view h2').first().waitFor({ state: 'attached' });
}

/** Signs in on the page that is open; the door lets in two in three seconds. */
async function signIn(on, email, password) {
  await on.getByLabel('Email').fill(email);
  await on.getByLabel('Password', { exact: true }).fill(password);
  await until(async () => {
    await on.getByRole('button', { name: 'Sign in' }).click();
    return on.locator('.rail').waitFor({ timeout: 1500 }).then(() => true);
  }, `the sign-in of ${email}`);
}

test('every screen opens, without barriers in three themes, in both languages and on a phone', async () => {
  for (const theme of ['light', 'dark', 'contrast']) {
    await page.evaluate(([theme, language]) => (localStorage.setItem('carrel.theme', theme), localStorage.setItem('carrel.language', language)), [theme, theme === 'dark' ? 'es' : 'en']);
    await page.reload();
    await page.setViewportSize(theme === 'dark' ? sizes.phone : sizes.wide);
    for (const parts of [...tabs.map((tab) => ['settings', tab]), ['help', 'guide'], ['help', 'keys'], ['help', 'account']]) {
      await open(...parts);
      assert.deepEqual(await barriers(page), [], `${parts.join('/')}, ${theme}`);
      await picture(page, `settings-${parts.join('-')}-${theme}`);
      const wider = await page.evaluate(() => [document.documentElement.scrollWidth - innerWidth, document.querySelector('.view').scrollWidth - document.querySelector('.view').clientWidth]);
      assert.deepEqual(wider, [0, 0], `${parts.join('/')}, ${theme}: too wide`);
    }
  }
});

test('the school’s card: what cannot be is said at its field, what is typed waits, and a save is taken back', async () => {
  await page.evaluate(() => (localStorage.setItem('carrel.theme', 'light'), localStorage.setItem('carrel.language', 'en')));
  await page.setViewportSize(sizes.wide);
  await page.reload();
  await open('settings', 'school');
  await field('School name').fill('');
  await button('Save').click();
  await page.locator('#school-name-error').getByText(/name/i).waitFor();
  assert.equal(await page.evaluate(() => document.activeElement.id), 'school-name');
  await field('School name').fill('<b onclick=alert(1)>Cedar Hollow</b>');
  await open('settings', 'privacy');
  await open('settings', 'school');
  assert.equal(await field('School name').inputValue(), '<b onclick=alert(1)>Cedar Hollow</b>', 'what was typed waits');
  await field('School name').fill('Cedar Hollow School');
  await field('Short name, for labels').fill('CEDAR');
  await field('Grades from').selectOption('Kindergarten');
  await field('Grades to').selectOption('Grade 8');
  await field('State').selectOption('New York');
  await button('Save').click();
  await said('Saved.');
  await page.reload();
  await until(async () => (await field('School name').inputValue()) === 'Cedar Hollow School', 'the name');
  assert.deepEqual((({ short, grades_from, grades_to, state }) => [short, grades_from, grades_to, state])(await get('settings/school')), ['CEDAR', 'K', '8', 'NY']);
  await button('Use fees').click();
  await said('Fees are on.');
  assert.equal((await get('settings/fees')).on, true);
  await page.locator('.toasts').getByRole('button', { name: 'Undo' }).last().click();
  await until(async () => !(await get('settings/fees')).on, 'fees off again');
});

test('a day is closed and opened by keys, a break is named, and a file is looked at first and taken back', async () => {
  await open('settings', 'calendar');
  const before = (await get('calendar')).entries.length;
  await button('December 2026').click();
  const day = page.locator('[data-day="2026-12-02"]');
  await day.focus();
  await page.keyboard.press('ArrowRight');
  await page.keyboard.press('Enter');
  await until(async () => (await get('calendar')).entries.some((entry) => entry.kind === 'closed' && entry.day === '2026-12-03'), 'the closed day');
  await page.reload();
  await button('December 2026').click();
  const closed = page.locator('[data-day="2026-12-03"]');
  assert.equal(await closed.getAttribute('aria-pressed'), 'true');
  await closed.click();
  await until(async () => (await get('calendar')).entries.length === before, 'the open day');

  await button('Break').click();
  await field('First day').fill('2026-12-10');
  await field('Last day').fill('2026-12-04');
  await save();
  await page.locator('#line-until-error').getByText('.').waitFor();
  await field('Last day').fill('2026-12-11');
  await field('Name').fill('Staff days');
  await save();
  await page.getByText('Dec 10 – 11').waitFor();

  await page.locator('.hd', { hasText: 'Last due dates' }).getByRole('button', { name: 'Add' }).click();
  await page.locator('#line-day').fill('2026-12-04');
  await field('Name').fill('End of term');
  await save();
  await button('Move loans that are out: End of term').click();
  const plan = await dialog().locator('li').first().innerText();
  const [n] = /\d+/.exec(plan) ?? [];
  assert.ok(Number(n) > 0, plan);
  await picture(page, 'settings-term');
  await button(`Move ${n} loans`).click();
  await said(`${n} loan`);
  await page.locator('.toasts').getByRole('button', { name: 'Undo' }).last().click();
  await said('have their due dates back');

  const file = join(carrel.dir, 'school.ics');
  writeFileSync(file, ['BEGIN:VCALENDAR', 'VERSION:2.0', 'BEGIN:VEVENT', 'UID:1', 'SUMMARY:Founders Day - No School', 'DTSTART;VALUE=DATE:20270303', 'DTEND;VALUE=DATE:20270304', 'END:VEVENT',
    'BEGIN:VEVENT', 'UID:2', 'SUMMARY:Book fair', 'DTSTART;VALUE=DATE:20270310', 'DTEND;VALUE=DATE:20270311', 'END:VEVENT', 'END:VCALENDAR', ''].join('\r\n'));
  const lines = (await get('calendar')).entries.length;
  await page.locator('input[type=file]').setInputFiles(file);
  await dialog().getByText('Founders Day - No School').waitFor();
  assert.deepEqual(await barriers(page), []);
  await picture(page, 'settings-calendar-file');
  assert.equal((await get('calendar')).entries.length, lines, 'looking changed the calendar');
  await button('Make 1 change').click();
  await until(async () => (await get('calendar')).entries.length === lines + 1, 'the file’s day');
  await undo(page, 'of the file is in the calendar');
  await until(async () => (await get('calendar')).entries.length === lines, 'the file taken back');
  writeFileSync(file, 'Dear Sir,');
  await page.locator('input[type=file]').setInputFiles(file);
  await dialog().getByRole('alert').getByText('.').first().waitFor();
  await button('Cancel').click();
});

test('rules are read, tried, changed, brought in and taken back', async () => {
  await open('settings', 'rules');
  await page.getByRole('row', { name: /Teacher/ }).getByText('3 weeks').waitFor();
  await button('Add a rule').click();
  await field('Who borrows').selectOption({ label: 'student' });
  await field('Days it is lent for').fill('many');
  await save();
  await page.locator('#rule-loan_days-error').getByText('.').waitFor();
  assert.equal(await field('Days it is lent for').inputValue(), 'many');
  await field('Days it is lent for').fill('14');
  await field('Items out at a time, in all').fill('2');
  assert.deepEqual(await barriers(page), []);
  await picture(page, 'settings-rule');
  await save();
  await page.getByRole('row', { name: /^student/ }).getByText('2 items in all').waitFor();
  await page.reload();
  await page.getByRole('row', { name: /^student/ }).getByText('2 weeks').waitFor();

  await field('Person: card number').fill('nobody');
  await field('Item: scan or type the barcode').fill('nothing');
  await button('Ask the rules').click();
  await page.locator('#try-patron-error').getByText('.').waitFor();
  const { items } = await get('find?q=30417');
  const { patrons } = await get('find?q=a');
  await field('Person: card number').fill(patrons[0].barcode);
  await field('Item: scan or type the barcode').fill(items[0].barcode);
  await button('Ask the rules').click();
  await page.getByText(/It would be (lent|stopped)\./).waitFor();
  await picture(page, 'settings-try');

  const rows = (await get('rules')).rules.length;
  await button('Ready rules').click();
  await dialog().getByText(/^Added: \d+/).waitFor();
  await button('Grades 6-8').click();
  await until(async () => (await button('Grades 6-8').getAttribute('aria-pressed')) === 'true', 'the other set');
  assert.deepEqual(await barriers(page), []);
  await picture(page, 'settings-shipped');
  await button(/^Change \d+ rules/).click();
  await until(async () => (await get('rules')).rules.length > rows, 'the ready rules');
  await undo(page, /rules/);
  await until(async () => (await get('rules')).rules.length === rows, 'the rules taken back');
  await button('Remove student').click();
  await until(async () => (await get('rules')).rules.length === rows - 1, 'the removed rule');
  await undo(page, 'is removed');
  await until(async () => (await get('rules')).rules.length === rows, 'the rule back');
});

test('words are added, renamed and removed when nothing is called by them', async () => {
  await open('settings', 'things');
  await button('Add: Places on the shelves').click();
  await save();
  await page.locator('#word-name-error').getByText('.').waitFor();
  await field('Name').fill('Window seat');
  await save();
  await said('“Window seat” is saved.');
  await page.reload();
  await button('Change Window seat').click();
  await field('Name').fill('Reading nook');
  await save();
  await button('Remove Reading nook').click();
  await said('“Reading nook” is removed.');
  assert.equal(await button('Remove Fiction').count(), 0);
  assert.equal((await get('vocabulary')).locations.some(({ name }) => name === 'Reading nook'), false);
});

test('an account is made with a password shown once, changed and removed; the last librarian stays', async () => {
  await open('settings', 'staff');
  await button('Add a person').click();
  await field('Name').fill('Tess Teacher');
  await field('Email').fill('not an address');
  await page.getByRole('radio', { name: /^Teacher/ }).check();
  await button('Make the account').click();
  await page.locator('#member-email-error').getByText('.').waitFor();
  await field('Email').fill('tess@cedarhollow.example');
  await page.getByRole('group', { name: 'Homerooms of this teacher' }).getByRole('checkbox').first().check();
  assert.deepEqual(await barriers(page), []);
  await picture(page, 'settings-member');
  await button('Make the account').click();
  const password = await page.locator('.set-once').innerText();
  assert.ok(await carrel.signIn('tess@cedarhollow.example', password), 'the password lets in');
  await page.emulateMedia({ media: 'print' });
  await picture(page, 'settings-password-print');
  await page.emulateMedia({ media: 'screen' });
  await button('I have it').click();
  await page.reload();
  await page.getByText('tess@cedarhollow.example').waitFor();
  await button('Change Tess Teacher').click();
  await page.getByRole('radio', { name: /^Aide/ }).check();
  await save();
  await said('The account of Tess Teacher is saved.');
  assert.equal((await get('staff')).staff.find(({ name }) => name === 'Tess Teacher').role, 'aide');
  await button('Change Dana Whitfield').click();
  await page.getByRole('radio', { name: /^Aide/ }).check();
  await save();
  await dialog().getByRole('alert').getByText(/librarian/i).waitFor();
  await button('Cancel').click();
  await button('Remove Tess Teacher').click();
  await button('Remove the account').click();
  await until(async () => !(await get('staff')).staff.some(({ name }) => name === 'Tess Teacher'), 'the removal');
  const own = (await get('staff')).staff.find(({ email }) => email === librarian);
  assert.equal((await carrel.api('DELETE', `/api/carrel/staff/${own.id}`, undefined, token)).status, 409);
});

test('a lost password is recovered with a code of the sheet, and the code does not work twice', async () => {
  await open('settings', 'recovery');
  await button('Make the sheet').click();
  await page.locator('.recovery-codes .code').nth(7).waitFor();
  const codes = await page.locator('.recovery-codes .code').allInnerTexts();
  assert.equal(codes.length, 8);
  assert.deepEqual(await barriers(page), []);
  await picture(page, 'settings-codes');
  await button('I have it').click();
  await page.getByText('8 codes are left').waitFor();

  const guest = await browser.page();
  await guest.goto(`http://${carrel.staff}/staff/`);
  const recover = async (code, password) => {
    await guest.getByLabel('Email').fill(librarian);
    await guest.getByLabel('Code from the sheet').fill(code);
    await guest.getByLabel('New password').fill(password);
    await guest.getByRole('button', { name: 'Set the new password' }).click();
  };
  await guest.getByRole('button', { name: 'I forgot my password' }).click();
  assert.deepEqual(await barriers(guest), []);
  await picture(guest, 'settings-recover');
  await recover(codes[0], 'short');
  await guest.locator('#recover-password-error').getByText('.').waitFor();
  await recover('WRNG-WRNG-WRNG', 'a brand new password');
  await guest.locator('#recover-code-error').getByText('.').waitFor();
  assert.equal(await guest.getByLabel('Email').inputValue(), librarian, 'what was typed stays');
  await until(async () => {
    await recover(codes[0], 'a brand new password');
    return guest.getByText('The new password holds').waitFor({ timeout: 1500 }).then(() => true);
  }, 'the recovery');
  await signIn(guest, librarian, 'a brand new password');
  await guest.getByRole('button', { name: /Account menu/ }).click();
  await guest.getByRole('button', { name: 'Sign out' }).click();
  await guest.getByRole('button', { name: 'I forgot my password' }).click();
  await until(async () => {
    await recover(codes[0], 'yet another password');
    return guest.locator('#recover-code-error').getByText('.').waitFor({ timeout: 1500 }).then(() => true);
  }, 'the refusal of a used code');
  assert.deepEqual(guest.faults, []);

  token = await until(() => carrel.signIn(librarian, 'a brand new password'), 'the new sign-in');
  await page.evaluate(() => localStorage.clear());
  await page.reload();
  await signIn(page, librarian, 'a brand new password');
  await open('settings', 'recovery');
  await page.getByText('7 codes are left').waitFor();
});

test('the mail server is set, and a test mail arrives', async () => {
  const box = await Mailbox.open();
  try {
    await open('settings', 'mail');
    await field('Send notices by mail').check();
    await field('Server').fill('127.0.0.1');
    await field('Port').fill('many');
    await button('Save').click();
    await page.locator('#mail-port-error').getByText('.').waitFor();
    await field('Port').fill(String(box.smtp));
    await field('Encryption').selectOption('None: only inside of the school');
    await field('Sender’s name').fill('Cedar Hollow Library');
    await field('Sender’s address').fill('library@cedarhollow.example');
    await button('Save').click();
    await said('Saved.');
    await page.reload();
    await until(async () => (await field('Server').inputValue()) === '127.0.0.1', 'the server');
    await field('To').fill('dana@cedarhollow.example');
    await button('Send a test mail').click();
    await until(async () => (await box.letters()).some(({ to }) => to[0].address === 'dana@cedarhollow.example'), 'the test mail');
  } finally {
    box.close();
  }
});

test('paper, a printer and a sheet of one’s own', async () => {
  await open('settings', 'printing');
  await field('Paper size').selectOption('A4 (210 × 297 mm)');
  await button('Save').click();
  await said('Saved.');
  await button('Add a printer').click();
  for (const [name, mm] of [['Left edge to the first cross', '21'], ['Top edge to the first cross', '20'], ['First cross to the one at its right', '170'], ['First cross to the one below', '900']]) await field(name).fill(mm);
  await field('Call the printer').fill('Library laser');
  await save();
  await page.locator('#measure-along-error').getByText('.').waitFor();
  await field('First cross to the one below').fill('257');
  await save();
  await page.getByText('1.0 mm to the left').waitFor();
  await button('Add a sheet').click();
  await field('Name').fill('School labels');
  await field('Paper size').last().selectOption('A4 (210 × 297 mm)');
  await field('Width of one').fill('400');
  await save();
  await page.locator('#sheet-width-error').getByText('.').waitFor();
  await field('Width of one').fill('60,5');
  assert.deepEqual(await barriers(page), []);
  await picture(page, 'settings-sheet');
  await save();
  await page.getByText(/60\.5 × 25\.4 mm/).first().waitFor();
  await page.reload();
  await page.getByText(/60\.5 × 25\.4 mm/).first().waitFor();
  const kept = await get('settings/paper');
  assert.deepEqual([kept.size, kept.printers[0].name, kept.sheets[0].name], ['a4', 'Library laser', 'School labels']);
});

test('how long a loan names its reader, who looked, and the device’s own', async () => {
  await open('settings', 'privacy');
  await field('Days a returned book still names its reader').fill('9999');
  await button('Save').click();
  await page.locator('#keep-error').getByText('.').waitFor();
  await field('Days a returned book still names its reader').fill('5');
  await button('Save').click();
  await page.getByText('5 days later the loan forgets').waitFor();
  await page.reload();
  await page.getByText('5 days later the loan forgets').waitFor();

  const { patrons } = await get('find?q=a');
  await get(`patrons/${patrons[0].barcode}`);
  await open('settings', 'audit');
  await page.getByRole('row', { name: new RegExp(`Opened the page.*${patrons[0].name}`) }).waitFor();
  await field('What').selectOption('Made a recovery sheet');
  await page.getByRole('row', { name: /Made a recovery sheet/ }).waitFor();
  await page.getByText('1 entry').waitFor();
  await page.reload();
  await page.getByText('1 entry').waitFor();

  await open('settings', 'doctor');
  await button('Look at everything').click();
  await page.getByText('The database', { exact: true }).waitFor();
  await open('settings', 'device');
  await page.getByRole('checkbox', { name: /^Sounds at the desk/ }).uncheck();
  await button('Contrast').click();
  await page.reload();
  await page.getByRole('checkbox', { name: /^Sounds at the desk/ }).waitFor();
  assert.equal(await page.getByRole('checkbox', { name: /^Sounds at the desk/ }).isChecked(), false);
  assert.equal(await page.evaluate(() => document.documentElement.dataset.theme), 'contrast');
  await button('Light').click();
});

test('the own account: a new password goes on here', async () => {
  await open('help', 'account');
  await field('Your name').fill('Dana W. Whitfield');
  await button('Save').click();
  await said('Saved.');
  await field('Password until now').fill('not it');
  await field('New password').fill('third long password');
  await button('Change the password').click();
  await page.locator('#me-old-error').getByText('.').waitFor();
  await field('Password until now').fill('a brand new password');
  await button('Change the password').click();
  await said('The new password holds from now on.');
  await open('settings', 'things');
  await page.getByText('Kinds of items').waitFor();
  await page.reload();
  await page.getByText('Kinds of items').waitFor();
  assert.deepEqual(page.faults, []);
});

test('who has no settings sees no place for them, and their address shows nothing of them', async () => {
  const accounts = [];
  token = await until(() => carrel.signIn(librarian, 'third long password'), 'the sign-in');
  for (const role of ['aide', 'volunteer', 'teacher']) {
    const { body } = await carrel.api('POST', '/api/carrel/staff', { name: `A ${role}`, email: `${role}@cedarhollow.example`, role }, token);
    accounts.push([role, body.password]);
  }
  for (const [role, password] of accounts) {
    const other = await browser.page();
    await other.goto(`http://${carrel.staff}/staff/#/settings/staff`);
    await signIn(other, `${role}@cedarhollow.example`, password);
    assert.equal(await other.locator('.rail a[href="#/settings"]').count(), 0, role);
    assert.equal(await other.getByText('Who may use Carrel').count(), 0, role);
    await visit(other, 'help', 'guide');
    await other.locator('.guide h2').first().waitFor();
    const asked = await other.locator('.guide h2').allInnerTexts();
    assert.equal(asked.some((title) => /lend/.test(title)), role !== 'teacher', role);
    assert.equal(asked.some((title) => /kiosk question/.test(title)), false, role);
    assert.deepEqual(other.faults, []);
    await other.close();
  }
});
