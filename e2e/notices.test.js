// Late books, from the choice of homerooms to the letter in the mailbox; the schedules, the words and who is left in peace. With a real mail server.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { Browser, Carrel, Mailbox, barriers, picture, signedIn, sizes, undo, until, visit } from './carrel.js';

let carrel, browser, mailbox, page, token, technician;

before(async () => {
  [carrel, browser, mailbox] = await Promise.all([Carrel.sample(), Browser.open(), Mailbox.open()]);
  page = await signedIn(browser, carrel);
  token = await until(() => carrel.signIn(), 'the sign-in of this test');
  // Nothing goes out by itself while the tests look.
  await api('PUT', 'settings/notices', { kinds: { overdue: { hour: 23 } } });
  await carrel.useMail(mailbox.smtp);
  technician = await until(() => carrel.signIn('technician@example.org', 'a long password', '_superusers'), 'the technician’s sign-in');
});

after(async () => {
  await browser?.close();
  mailbox?.close();
  await carrel?.close();
});

const api = (method, path, body) => carrel.api(method, `/api/carrel/${path}`, body, token);
const late = async (query = '') => (await api('GET', `notices/preview${query}`)).body;
const button = (name) => page.getByRole('button', { name });
const mailButton = () => button(/^(Queue|Send) \d+ (waiting )?emails?/);
const letters = () => mailbox.letters();
const toast = (text) => page.getByRole('status').getByText(text).last().waitFor();

/** What a screen must be at both sizes; those that are no tab are looked at in all themes here. */
async function look(name, themes = ['light']) {
  for (const theme of themes) {
    await page.evaluate((to) => (document.documentElement.dataset.theme = to), theme);
    assert.deepEqual(await barriers(page), [], `${name}, ${theme}`);
  }
  await picture(page, `staff-${name}`);
  const tall = await page.evaluate(() => document.querySelector('main.view').scrollHeight - document.querySelector('main.view').clientHeight);
  assert.ok(tall <= 0, `${name} scrolls by ${tall}`);
  await page.setViewportSize(sizes.phone);
  assert.deepEqual(await barriers(page), [], `${name}, phone`);
  assert.ok(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth), `${name} is wider than a phone`);
  await picture(page, `staff-${name}-390`);
  await page.setViewportSize(sizes.wide);
}

test('the slips on the screen are the slips on the paper', async () => {
  await visit(page, 'people', 'late');
  await page.locator('.slip').first().waitFor();
  await look('late');
  const [room] = (await late()).homerooms;
  const { slips } = (await api('GET', `notices/slips/${room.id}`)).body;
  assert.equal(await page.locator('.slip').count(), slips.length);
  for (const [i, slip] of slips.entries()) {
    const words = await page.locator('.slip').nth(i).innerText();
    for (const said of [slip.name, slip.opening, slip.rows[0].text, slip.rows[0].note, slip.closing]) assert.ok(words.includes(said), `${said} in ${words}`);
    assert.equal(await page.locator('.slip [lang]').nth(i).getAttribute('lang'), slip.language);
  }
  const titles = new Set(JSON.parse(carrel.run('loans', 'list', '--json')).loans.map((loan) => loan.title).filter((title) => /\w \w/.test(title)));
  const shown = await page.locator('.paper').innerText();
  for (const title of titles) assert.ok(!shown.includes(title), `a title on the slip: ${title}`);
});

test('two homerooms are chosen by keyboard, and only their families hear', async () => {
  const { homerooms } = await late();
  await page.getByLabel('Include all homerooms').focus();
  await page.keyboard.press('Space');
  await button(/^Queue emails/).and(page.locator(':disabled')).waitFor();
  await button(/Choose at least one homeroom/).first().waitFor();
  for (const room of homerooms.slice(1, 3)) {
    await page.getByLabel(`Include ${room.name}`).focus();
    await page.keyboard.press('Space');
  }
  await page.getByRole('heading', { name: `2 of ${homerooms.length} homerooms` }).waitFor();
  await button('Next homeroom').focus();
  await page.keyboard.press('Enter');
  await page.getByRole('heading', { name: homerooms[1].name, exact: true }).waitFor();
  const expected = await late(`?homerooms=${homerooms[1].id},${homerooms[2].id}`);
  await button(`Print ${expected.pages} pages`).waitFor();
  const count = expected.families.new + expected.families.waiting;
  assert.ok(count > 0);
  await mailButton().and(page.locator(':enabled')).waitFor();
  assert.match(await mailButton().innerText(), new RegExp(` ${count} `));
  await mailButton().click();
  await toast(/sent by mail/);
  const went = await until(async () => (await letters()).length >= count && letters(), 'the mail');
  assert.equal(went.length, count);
  const sent = (await api('GET', 'notices?state=sent&perPage=200')).body.items;
  assert.deepEqual([...new Set(sent.map((notice) => notice.patron.homeroom))].sort(), homerooms.slice(1, 3).map(({ name }) => name).sort());
  await button(/They were all told already/).waitFor();
});

test('the button prints what it names', async () => {
  const popup = page.waitForEvent('popup');
  const answer = page.context().waitForEvent('response', (response) => response.url().includes('notices/slips?'));
  await button(/^Print \d+ pages?/).click();
  const response = await answer;
  assert.equal(response.status(), 200);
  assert.match(response.url(), /homerooms=/);
  await (await popup).close();
  await page.getByLabel('Paper slips, folded').uncheck();
  await button(/Tick “Paper slips” first/).waitFor();
  await page.getByLabel('Paper slips, folded').check();
});

test('the history has what was sent, by filter', async () => {
  await page.getByRole('link', { name: 'History' }).click();
  await page.locator('td.state').first().waitFor();
  await look('late-history', ['dark', 'contrast', 'light']);
  const { counts } = (await api('GET', 'notices')).body;
  await button(new RegExp(`^Sent ${counts.sent}$`)).click();
  await until(async () => (await page.locator('table').getAttribute('aria-rowcount')) === String(counts.sent + 1), 'the filter');
  await page.getByLabel('Kind of notice').selectOption('fee');
  await page.getByText('None like this').waitFor();
  assert.match(page.url(), /state=sent&kind=fee/);
});

test('no more is told than the profile allows', async () => {
  await visit(page, 'settings', 'notices');
  await button(/How much is told/).click();
  await look('settings-notices-tell', ['dark', 'contrast', 'light']);
  assert.equal(await page.getByLabel('Paper slips').locator('option[value=type]').isDisabled(), true);
  await page.getByRole('radio', { name: /What kind/ }).check();
  assert.equal(await page.getByLabel('Paper slips').locator('option[value=type]').isDisabled(), false);
  assert.equal(await page.getByLabel('Paper slips').locator('option[value=title]').isDisabled(), true);
  await page.getByRole('button', { name: 'Save', exact: true }).click();
  await toast('How much is told: saved.');
  await visit(page, 'people', 'late');
  await page.locator('.slip').first().waitFor();
  assert.equal(await page.getByRole('radio', { name: /Titles/ }).isDisabled(), true);
  await page.getByRole('radio', { name: /What kind/ }).check();
  await until(async () => !/library book|libros? de la biblioteca/.test(await page.locator('.paper .what').first().innerText()), 'the kind of thing on the slips');
  await page.getByText('what kind of thing it is').waitFor();
  await undo(page, 'Slips now show');
  await page.getByText('Slips show a count only.').waitFor();
  assert.equal((await api('GET', 'settings/notices')).body.disclosure.paper, 'count');
});

test('a schedule says what is wrong at its field, is kept, and can be taken back', async () => {
  await visit(page, 'settings', 'notices');
  await button(/^Late books/).click();
  const steps = page.getByLabel('Days after the due date');
  await steps.fill('14, 1');
  await visit(page, 'settings', 'optouts');
  await page.getByLabel(/^Address, or the code/).waitFor();
  await visit(page, 'settings', 'notices');
  await steps.waitFor();
  assert.equal(await steps.inputValue(), '14, 1', 'what was typed is gone');
  await page.getByRole('button', { name: 'Save', exact: true }).click();
  await page.getByText('each larger than the one before, up to 365').waitFor();
  assert.equal(await steps.evaluate((field) => field === document.activeElement), true);
  assert.equal(await steps.inputValue(), '14, 1');
  await look('settings-notices');
  await steps.fill('2, 9, 30');
  await page.getByLabel('Not before').selectOption('22');
  await page.getByRole('button', { name: 'Save', exact: true }).click();
  await toast('Late books: saved.');
  await page.reload();
  await steps.waitFor();
  assert.equal(await steps.inputValue(), '2, 9, 30');
  assert.equal((await api('GET', 'settings/notices')).body.kinds.overdue.hour, 22);
  await steps.fill('1, 14, 28');
  await page.getByRole('button', { name: 'Save', exact: true }).click();
  await toast('Late books: saved.');
  await page.getByRole('status').getByRole('button', { name: 'Undo' }).last().click();
  await until(async () => (await api('GET', 'settings/notices')).body.kinds.overdue.steps[0] === 2, 'the undo');
  await api('PUT', 'settings/notices', { kinds: { overdue: { steps: [1, 14, 28] } } });
});

test('words are tried, mended, saved, and the mail reads so', async () => {
  const sentSoFar = (await letters()).length;
  const { homerooms } = await late();
  const [room] = homerooms.slice(3);
  await visit(page, 'settings', 'templates');
  await page.locator('.letter').first().waitFor();
  await look('settings-templates');
  for (const n of [1, 2, 3]) {
    await button(new RegExp(`^Late books Notice ${n} of 3`)).click();
    for (const [language, subject] of [['English', 'A hello from'], ['Español', 'Un saludo de']]) {
      const form = page.getByRole('form', { name: new RegExp(language) });
      await form.getByLabel(/^(Subject|Asunto)$/).fill(`${subject} `);
      await form.getByRole('button', { name: 'School' }).click();
      await form.getByText(`${subject} Cedar Hollow`, { exact: false }).first().waitFor();
      if (n === 1 && language === 'English') {
        const text = form.getByLabel('Text', { exact: true });
        const words = await text.inputValue();
        await text.fill(`${words} {{.Parent}}`);
        await form.getByRole('alert').getByText('{{.Parent}}').waitFor();
        await form.getByRole('button', { name: 'Save' }).click();
        await until(() => text.evaluate((field) => field === document.activeElement), 'the focus on what is wrong');
        await visit(page, 'people', 'late');
        await page.locator('.ng').waitFor();
        await visit(page, 'settings', 'templates');
        await until(async () => (await text.inputValue()).endsWith('{{.Parent}}'), 'what was typed');
        await text.fill(words);
      }
      await form.getByRole('button', { name: 'Save' }).click();
      await toast('The words are saved.');
      await form.getByText('Your words').waitFor();
    }
  }
  await visit(page, 'people', 'late');
  await page.getByLabel('Include all homerooms').check();
  await page.getByLabel('Include all homerooms').uncheck();
  await page.getByLabel(`Include ${room.name}`).check();
  await mailButton().and(page.locator(':enabled')).click();
  const fresh = await until(async () => (await letters()).length > sentSoFar && (await letters()).slice(sentSoFar), 'the mail');
  for (const letter of fresh) assert.match(letter.subject, /^(A hello from|Un saludo de) Cedar Hollow/);
});

test('words are shown on a real patron, and go back to what was shipped', async () => {
  const notice = (await api('GET', 'notices?state=sent&kind=overdue')).body.items[0];
  await visit(page, 'settings', 'templates');
  await page.locator('.letter').first().waitFor();
  const who = page.getByLabel('Show it on');
  await who.fill('no such card');
  await who.press('Enter');
  await page.locator('.words-hd .err').getByText(/./).waitFor();
  await who.fill(notice.patron.barcode);
  await who.press('Enter');
  await page.getByText('what this person has today').first().waitFor();
  await page.locator('.letter').getByText(notice.patron.name.split(' ')[0], { exact: false }).first().waitFor();
  const form = page.getByRole('form', { name: /English/ });
  await form.getByRole('button', { name: 'Words as shipped' }).click();
  await toast('The words as shipped hold again.');
  await form.getByText('Your words').waitFor({ state: 'detached' });
  assert.doesNotMatch(await form.getByLabel('Subject').inputValue(), /A hello from/);
});

test('a family that wants no courtesy notices is entered, and taken off again', async () => {
  await visit(page, 'settings', 'optouts');
  const asked = page.getByLabel(/^Address, or the code/);
  await asked.fill('not an address');
  await page.getByRole('button', { name: 'Add', exact: true }).click();
  await page.locator('.err').getByText(/./).waitFor();
  assert.equal(await asked.inputValue(), 'not an address');
  await asked.fill('Ana@Home.example');
  await page.keyboard.press('Enter');
  await page.getByRole('rowheader', { name: 'ana@home.example' }).waitFor();
  await look('settings-optouts');
  await button('Remove ana@home.example').click();
  await page.getByText('Nobody so far').waitFor();
  await undo(page, 'ana@home.example');
  await page.getByRole('rowheader', { name: 'ana@home.example' }).waitFor();
});

test('script in the name of a homeroom or a child does not run', async () => {
  const script = '<img src=x onerror="window.ran=1">';
  const { homerooms } = await late();
  const room = homerooms[0];
  const child = (await carrel.api('GET', `/api/collections/patrons/records?filter=${encodeURIComponent(`homeroom='${room.id}'`)}`, null, technician)).body.items[0];
  for (const [collection, id, body] of [['homerooms', room.id, { name: script }], ['patrons', child.id, { first_name: script }]]) {
    assert.equal((await carrel.api('PATCH', `/api/collections/${collection}/records/${id}`, body, technician)).status, 200);
  }
  await visit(page, 'people', 'late');
  await page.reload();
  await page.getByText(script).first().waitFor();
  assert.equal(await page.evaluate(() => window.ran), undefined);
  await carrel.api('PATCH', `/api/collections/homerooms/records/${room.id}`, { name: room.name }, technician);
});

test('the screens speak Spanish', async () => {
  await page.getByRole('button', { name: /account menu/i }).click();
  await page.getByRole('button', { name: 'Español', exact: true }).click();
  await page.keyboard.press('Escape');
  await page.getByText('Las notas solo dicen cuántos.').waitFor();
  await page.locator('.slip').first().waitFor();
  assert.deepEqual(await barriers(page), []);
  await picture(page, 'staff-late-es');
  await visit(page, 'settings', 'templates');
  await page.getByRole('heading', { name: 'Textos de los avisos' }).waitFor();
  assert.deepEqual(await barriers(page), []);
  assert.deepEqual(page.faults, []);
});

test('an aide looks and prints, and sends nothing', async () => {
  page = await signedIn(browser, carrel, 'aide');
  await visit(page, 'people', 'late');
  await page.locator('.slip').first().waitFor();
  assert.deepEqual(await barriers(page), []);
  assert.equal(await mailButton().or(button(/^Queue emails/)).count(), 0);
  assert.equal(await page.getByLabel(/Email to/).count(), 0);
  assert.equal(await page.getByRole('radio', { name: /How many/ }).isDisabled(), true);
  const popup = page.waitForEvent('popup');
  await button(/^Print \d+ pages?/).click();
  await (await popup).close();
  await page.getByRole('link', { name: 'History' }).click();
  await page.locator('td.state').first().waitFor();
  assert.equal(await page.getByLabel('Kind of notice').locator('option[value=fee]').count(), 0);
  for (const tab of ['notices', 'templates', 'optouts']) {
    await visit(page, 'settings', tab);
    assert.equal(await page.locator('.settings-grid, .words-grid, .optout-form').count(), 0, `an aide sees ${tab}`);
  }
  assert.deepEqual(page.faults, []);
});
