// Checks: one is written, a class does it on two phones before and after a lesson by a class code, through a reload and a lost line; short answers are scored by
// keyboard, results come from paper and from a file, and what it shows stands beside the lesson. Nothing is kept on a phone after Done.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { Browser, Carrel, barriers, picture, signedIn, sizes, undo, until, visit } from './carrel.js';

let carrel, browser, page, token, room, rooms;

before(async () => {
  [carrel, browser] = await Promise.all([Carrel.sample(), Browser.open()]);
  page = await signedIn(browser, carrel);
  token = await page.evaluate(() => JSON.parse(localStorage.getItem('pocketbase_auth')).token);
  rooms = (await api('GET', 'homerooms')).homerooms.filter(({ patrons }) => patrons > 12);
  room = rooms[0];
});

after(async () => {
  await browser?.close();
  await carrel?.close();
});

const api = async (method, path, body) => (await carrel.api(method, `/api/carrel/${path}`, body, token)).body;
const door = async (what, body) => {
  const answer = await fetch(`http://${carrel.student}/check/${what}`, { method: 'POST', headers: { 'Content-Type': 'application/json' }, body: JSON.stringify(body) });
  return { status: answer.status, body: await answer.json() };
};
const key = () => crypto.randomUUID();
const phone = async (path = '/check/', options = {}) => {
  const own = await browser.page(sizes.phone, { hasTouch: true, isMobile: true, ...options });
  await own.goto(`http://${carrel.student}${path}`);
  return own;
};

/** The page, free of barriers in the three themes. */
async function clean() {
  for (const theme of ['dark', 'contrast', 'light']) {
    await page.evaluate((name) => (document.documentElement.dataset.theme = name), theme);
    assert.deepEqual(await barriers(page), [], theme);
  }
}

/** The check of most tests, as a kit would bring it. */
const questions = {
  title: 'Is this site true?',
  title_es: '¿Es verdad este sitio?',
  items: [
    { id: 'ad', kind: 'choice', skill: 'Spots an ad or sponsor', skill_es: 'Reconoce un anuncio', prompt: 'Which of these is an ad?', prompt_es: '¿Cuál de estos es un anuncio?',
      choices: [{ id: 'a', text: 'A page that says “Sponsored”', text_es: 'Una página que dice «Patrocinado»', right: true }, { id: 'b', text: 'A page by a museum', text_es: 'Una página de un museo' }, { id: 'c', text: 'An article in an encyclopedia', text_es: 'Un artículo de una enciclopedia' }] },
    { id: 'who', kind: 'choice', skill: 'Checks who made the site', skill_es: 'Mira quién hizo el sitio', prompt: 'Where do you find who made a site?', prompt_es: '¿Dónde ves quién hizo un sitio?',
      choices: [{ id: 'a', text: 'On its “About” page, and on other sites', text_es: 'En «Acerca de» y en otros sitios', right: true }, { id: 'b', text: 'In its colors', text_es: 'En sus colores' }] },
    { id: 'bins', kind: 'sort', skill: 'Looks at a second source', skill_es: 'Mira otra fuente', prompt: 'Which would you check first?', prompt_es: '¿Cuál revisarías primero?',
      bins: [{ id: 'y', text: 'Trust', text_es: 'Confío' }, { id: 'n', text: 'Check first', text_es: 'Reviso primero' }],
      sources: [{ id: 'one', text: 'The zoo’s own page', text_es: 'La página del zoológico', bin: 'y' }, { id: 'two', text: 'A video that wants likes', text_es: 'Un video que quiere «me gusta»', bin: 'n' }] },
    { id: 'why', kind: 'short', skill: 'Says why a claim is weak', skill_es: 'Dice por qué es débil', prompt: 'Why would you not trust the tree octopus?', prompt_es: '¿Por qué no confiarías en el pulpo de los árboles?',
      rubric: [{ points: 2, text: 'A reason and where it is from' }, { points: 1, text: 'A reason' }] },
  ],
};
let made;
const check = async () => (made ??= (await api('POST', 'checks', { ...questions, key: key() })).check);
const run = async (when, more = {}) => (await api('POST', `checks/${(await check()).id}/runs`, { key: key(), when, homeroom: room.id, ...more })).run;

test('a check is written: parts by buttons and by mouse, what does not fit, the preview, another one’s save', async () => {
  await visit(page, 'teaching', 'checks');
  await page.getByRole('link', { name: 'New check' }).first().click();
  await page.getByRole('heading', { name: 'A new check' }).waitFor();
  await page.getByRole('button', { name: 'Sort the sources' }).click();
  await page.getByRole('button', { name: 'Short answer' }).click();
  await page.getByRole('button', { name: 'Save', exact: true }).click();
  await page.getByText('A check needs a title').first().waitFor();
  await page.getByLabel('Title', { exact: true }).fill('Who says so? <img src=x onerror=alert(1)>');
  const items = page.locator('.movable:not(.dense) > li');
  await items.nth(0).getByLabel('What it shows').fill('Spots an ad');
  await items.nth(0).getByLabel('The question').fill('Which is an ad?');
  for (const [i, text] of ['One', 'Two', 'Three'].entries()) await items.nth(0).locator('.part input:not([type=checkbox])').nth(i).fill(text);
  await items.nth(1).getByLabel('What it shows').fill('Sorts');
  await items.nth(1).getByLabel('The question').fill('Sort these');
  for (const [i, text] of ['Trust', 'Check', 'A zoo', 'A video'].entries()) await items.nth(1).locator('.part input').nth(i).fill(text);
  await items.nth(2).getByLabel('What it shows').fill('Says why');
  await items.nth(2).getByLabel('The question').fill('Why?');
  await page.getByRole('button', { name: 'Save', exact: true }).click();
  await items.nth(2).getByText('Please write something here').waitFor();
  assert.equal(await page.evaluate(() => document.activeElement?.getAttribute('aria-invalid')), 'true', 'the first bad field has the focus');
  for (const [i, text] of ['Two reasons', 'One reason'].entries()) await items.nth(2).locator('.part input.grow').nth(i).fill(text);

  await items.nth(0).getByRole('button', { name: 'Move answer A down' }).press('Enter');
  assert.equal(await items.nth(0).locator('.part input:not([type=checkbox])').nth(1).inputValue(), 'One');
  await page.getByRole('button', { name: /Move question 3 Says why up/ }).click();
  await until(async () => (await items.nth(1).getByLabel('What it shows').inputValue()) === 'Says why', 'the move by a button');
  await items.nth(1).locator('> .grip').hover();
  await page.mouse.down();
  await items.nth(1).locator('legend').hover();
  await items.nth(0).locator('legend').hover();
  for (let i = 0; i < 2; i++) await items.nth(0).getByText('What it shows').hover(); // a drop needs to have been dragged over
  await page.mouse.up();
  await until(async () => (await items.nth(0).getByLabel('What it shows').inputValue()) === 'Says why', 'the move by mouse');
  await clean();

  await visit(page, 'teaching', 'checks');
  await page.getByText('What can students do, before and after?').waitFor();
  await visit(page, 'teaching', 'checks', 'new');
  assert.equal(await page.getByLabel('Title', { exact: true }).inputValue(), 'Who says so? <img src=x onerror=alert(1)>', 'what is typed is still there');
  await page.getByRole('button', { name: 'Preview' }).click();
  await page.getByRole('dialog').getByText('1 of 3').waitFor();
  await page.getByRole('dialog').getByLabel('Your answer').fill('Because');
  await clean();
  await page.keyboard.press('Escape');
  await page.getByRole('button', { name: 'Save', exact: true }).click();
  await page.locator('#check-title').getByText('Who says so?').waitFor();
  const [saved] = (await api('GET', 'checks')).checks;
  assert.deepEqual(saved.items.map(({ kind }) => kind), ['short', 'choice', 'sort']);

  await visit(page, 'teaching', 'checks', saved.id, 'edit');
  await page.getByLabel('Title', { exact: true }).fill('Mine');
  await api('PATCH', `checks/${saved.id}`, { updated: saved.updated, title: 'Theirs' });
  await page.getByRole('button', { name: 'Save', exact: true }).click();
  await page.getByText('Somebody else saved this meanwhile').waitFor();
  await page.getByRole('button', { name: 'Keep mine' }).click();
  await page.locator('#check-title').getByText('Mine').waitFor();
  await page.getByRole('button', { name: 'Delete this check' }).click();
  await undo(page, 'is deleted');
  await until(async () => (await api('GET', `checks/${saved.id}`)).check?.title === 'Mine', 'the check back');
  await page.locator('#check-title').getByText('Mine').waitFor();
});

test('two phones do it before and after, through a reload and a lost line; the counts are live; nothing stays', async () => {
  const { id } = await check();
  await visit(page, 'teaching', 'checks', id);
  await page.getByRole('button', { name: 'Do it with a class' }).click();
  await page.getByRole('dialog').getByLabel('Class', { exact: true }).selectOption(room.id);
  await clean();
  await page.getByRole('button', { name: 'Show the class code' }).click();
  const code = await page.locator('.run-code').innerText();
  assert.match(code, /^[A-Z]+ \d\d$/);

  const ana = await phone();
  assert.deepEqual(await barriers(ana), []);
  await ana.getByLabel('Type your class code').fill('NOBODY 11');
  await ana.getByRole('button', { name: 'Go' }).click();
  await ana.getByText('That code is not open').waitFor();
  await ana.getByLabel('Type your class code').fill(code.toLowerCase().replace(' ', ''));
  await ana.getByRole('button', { name: 'Go' }).click();
  const seat = await ana.locator('.seat').innerText();
  assert.match(seat, /^[A-Z][a-z]+ \d\d$/);
  assert.deepEqual(await barriers(ana), []);
  await picture(ana, 'check-seat');
  await ana.getByRole('button', { name: 'I wrote it down' }).click();
  await ana.getByText('1 of 4').waitFor();
  await ana.getByText('A page by a museum').click();
  assert.deepEqual(await barriers(ana), []);
  await picture(ana, 'check-question');
  await ana.getByRole('button', { name: 'Next' }).click();
  await ana.getByText('In its colors').click();
  await ana.reload();
  await ana.getByText('2 of 4').waitFor();
  assert.ok(await ana.getByLabel('In its colors').isChecked(), 'a reload costs nothing');
  await ana.getByRole('button', { name: 'Next' }).click();
  await ana.locator('.source').first().getByRole('button', { name: /Check first/ }).click();
  await ana.getByRole('group', { name: 'Check first' }).getByText('The zoo’s own page', { exact: true }).waitFor();
  assert.deepEqual(await barriers(ana), []);
  await picture(ana, 'check-sort');
  await ana.getByRole('button', { name: 'Next' }).click();
  await ana.getByLabel('Your answer').fill('<script>document.title="hacked"</script>');
  assert.deepEqual(await barriers(ana), []);
  await ana.getByRole('button', { name: 'Next' }).click();
  await ana.getByText('You skipped 1 question').waitFor();
  assert.deepEqual(await barriers(ana), []);
  await picture(ana, 'check-hand-in');
  await ana.context().setOffline(true);
  await ana.getByRole('button', { name: 'Hand it in' }).click();
  await ana.getByText('Your answers are safe on this device').waitFor();
  assert.deepEqual(await barriers(ana), []);
  await ana.context().setOffline(false);
  await ana.getByText('All done').waitFor();
  assert.deepEqual(await barriers(ana), []);
  await until(async () => (await page.locator('.run-count b').innerText()) === '1', 'the live count');
  await ana.getByRole('button', { name: 'Done' }).click();
  await ana.getByLabel('Type your class code').waitFor();
  assert.deepEqual(await ana.evaluate(() => [Object.keys(localStorage), Object.keys(sessionStorage), document.cookie]), [[], [], '']);
  assert.deepEqual(await ana.evaluate(async () => (await indexedDB.databases()).length), 0);

  const luz = await phone(`/check/#${code.replace(' ', '')}`, { locale: 'es-MX', colorScheme: 'dark' });
  await luz.getByRole('button', { name: 'Seguir' }).click();
  const other = await luz.locator('.seat').innerText();
  assert.notEqual(other, seat);
  assert.deepEqual(await barriers(luz), []);
  await luz.getByRole('button', { name: 'Ya lo escribí' }).click();
  await luz.getByText('Una página de un museo').click();
  assert.deepEqual(await barriers(luz), []);
  await picture(luz, 'check-question-es');
  for (const next of ['2 de 4', '3 de 4', '4 de 4', '¿Listo para entregar?']) {
    await luz.getByRole('button', { name: 'Siguiente' }).click();
    await luz.getByText(next).waitFor();
    assert.deepEqual(await barriers(luz), [], next);
  }
  await page.getByRole('button', { name: 'Close now' }).click();
  await page.getByText('This check has closed.').waitFor();
  await luz.getByRole('button', { name: 'Entregar' }).click();
  await luz.getByText('Esta comprobación se cerró').waitFor();
  assert.deepEqual(await barriers(luz), []);
  await page.getByRole('button', { name: 'Open for two hours more' }).click();
  await page.getByRole('button', { name: 'Close now' }).waitFor();
  await luz.getByRole('button', { name: 'Entregar' }).click();
  await luz.getByText('¡Listo, gracias!').waitFor();
  assert.deepEqual(await barriers(luz), []);
  await luz.getByRole('button', { name: 'Terminar' }).click();

  await page.getByRole('button', { name: 'Show on the board' }).click();
  await page.locator('dialog.projector .what').getByText(code).waitFor();
  await clean();
  await picture(page, 'check-board');
  await page.keyboard.press('Escape');

  // after the lesson: one has the code on paper, types another's by mistake, and finds the own one
  const later = await run('after');
  await ana.getByLabel('Type your class code').fill(later.code);
  await ana.getByRole('button', { name: 'Go' }).click();
  await ana.getByText('What is the code on your paper?').waitFor();
  assert.deepEqual(await barriers(ana), []);
  await ana.getByLabel('Your code').fill('Dodo 99');
  await ana.getByRole('button', { name: 'Go' }).click();
  await ana.getByText('Nobody has that code').waitFor();
  await door('seat', { code: later.code, seat: other });
  await ana.getByLabel('Your code').fill(other);
  await ana.getByRole('button', { name: 'Go' }).click();
  await ana.getByText(`Somebody is using ${other}`).waitFor();
  assert.deepEqual(await barriers(ana), []);
  await ana.getByRole('button', { name: 'No, type it again' }).click();
  await ana.getByLabel('Your code').fill(seat.toLowerCase());
  await ana.getByRole('button', { name: 'Go' }).click();
  await ana.getByText('1 of 4').waitFor();
  for (let i = 0; i < 4; i++) await ana.getByRole('button', { name: 'Next' }).click();
  await ana.getByRole('button', { name: 'Hand it in' }).click();
  await ana.getByText('All done').waitFor();
  await ana.getByRole('button', { name: 'Done' }).click();
  await page.waitForFunction(() => document.title !== 'hacked');
  assert.deepEqual([...ana.faults.filter((fault) => !/ERR_INTERNET_DISCONNECTED/.test(fault)), ...luz.faults], []);
  await ana.context().close();
  await luz.context().close();
});

/** A class of so many does a run by the door, each student with these answers. */
async function classDoes(when, answers, seats = []) {
  const one = await run(when);
  const given = [];
  for (const [i, sheet] of answers.entries()) {
    const { body } = await door('seat', { code: one.code, seat: seats[i] ?? '' });
    given.push(body.seat);
    const kept = await door('answers', { code: one.code, seat: body.seat, key: key(), answers: sheet });
    assert.equal(kept.status, 200, JSON.stringify(kept.body));
  }
  return { run: one, seats: given };
}

test('short answers are scored blind by keyboard, a seat with two sheets is decided, and the evidence is told', async () => {
  const { id } = await check();
  const half = (i, of, yes, no) => (i < of ? yes : no);
  const before = await classDoes('before', Array.from({ length: 14 }, (_, i) => ({ ad: half(i, 6, 'a', 'b'), who: half(i, 4, 'a', 'b'), bins: { one: half(i, 5, 'y', 'n'), two: 'y' }, why: `Before ${i}` })));
  const after = await classDoes('after', Array.from({ length: 14 }, (_, i) => ({ ad: half(i, 12, 'a', 'b'), who: half(i, 11, 'a', 'b'), bins: { one: 'y', two: half(i, 10, 'n', 'y') }, why: `After ${i}` })), before.seats);
  for (const side of [before, after]) {
    await visit(page, 'teaching', 'checks', id, 'run', side.run.id);
    await page.getByRole('button', { name: /Score 14 answers/ }).click();
    await page.getByRole('dialog').getByText('Answer 1 of 14').waitFor();
    assert.ok(!(await page.getByRole('dialog').innerText()).includes(before.seats[0]), 'whose answer it is stands nowhere');
    if (side === before) {
      await clean();
      await picture(page, 'checks-score');
    }
    for (let i = 0; i < 14; i++) {
      await page.getByRole('dialog').getByText(`Answer ${i + 1} of 14`).waitFor();
      await page.keyboard.press(side === before ? (i % 3 ? '0' : '1') : i % 4 ? '2' : '1');
    }
    await until(async () => (await api('GET', `runs/${side.run.id}`)).items[3].texts.every(({ points }) => points !== null), 'the scores kept');
    await page.getByRole('dialog').getByText('All answers are scored.').waitFor();
    await page.keyboard.press('Escape');
    await page.getByText(/of 14 could do it/).first().waitFor();
  }
  await clean();
  await picture(page, 'checks');

  await door('seat', { code: after.run.code, seat: after.seats[0], again: true });
  await door('answers', { code: after.run.code, seat: after.seats[0], key: key(), answers: { ad: 'b' } });
  await page.getByText(`Two devices handed in as ${after.seats[0]}`).waitFor();
  await clean();
  await page.getByRole('button', { name: /4 answered/ }).click();
  await until(async () => (await api('GET', `runs/${after.run.id}`)).twice.length === 0, 'the decision');

  await visit(page, 'teaching', 'checks', id);
  const panel = page.locator('.evidence');
  await panel.getByText('One class is a small group').waitFor();
  await panel.getByText('No student names are stored').waitFor();
  await panel.getByText('+43').first().waitFor();
  await clean();
  await picture(page, 'checks-evidence');
  await panel.getByRole('button', { name: 'Table' }).click();
  await panel.getByText('Both times').waitFor();
  await clean();
  await picture(page, 'checks-evidence-table');
  await panel.getByRole('button', { name: 'Add to principal’s report' }).click();
  await panel.getByRole('button', { name: 'In the principal’s report' }).waitFor();
  await undo(page, 'is in the principal’s report');
  await panel.getByRole('button', { name: 'Add to principal’s report' }).waitFor();

  // what was answered stays as it was asked
  await visit(page, 'teaching', 'checks', id, 'edit');
  await page.locator('.movable:not(.dense) > li').nth(0).getByLabel('The question', { exact: true }).fill('Which one sells?');
  await page.getByRole('button', { name: 'Save', exact: true }).click();
  await page.getByText('Students have answered these questions').waitFor();
  await page.getByRole('button', { name: 'Save as a copy' }).click();
  await page.locator('#check-title').getByText('(copy)').waitFor();
});

test('results come from paper: above the maximum, missing, a seat twice, a file with columns nobody knows', async () => {
  const { id } = await check();
  room = rooms[1];
  await visit(page, 'teaching', 'checks', id);
  await page.getByRole('button', { name: 'Results from paper' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel('Class', { exact: true }).selectOption(room.id);
  await dialog.getByLabel('Points of 1, question 1', { exact: true }).fill('5');
  await dialog.getByRole('button', { name: 'Keep the results' }).click();
  await dialog.getByText('more than the question earns').waitFor();
  await dialog.getByLabel('Points of 1, question 1', { exact: true }).fill('1');
  await page.keyboard.press('Enter');
  await page.keyboard.type('0');
  await dialog.getByLabel('Seat of row 2', { exact: true }).fill('1');
  await dialog.getByRole('button', { name: 'Keep the results' }).click();
  await dialog.getByText('1 is there twice').waitFor();
  await dialog.getByLabel('Seat of row 2', { exact: true }).fill('2');
  await clean();
  await dialog.getByRole('button', { name: 'Keep the results' }).click();
  await dialog.getByText(`2 of ${room.patrons} students have a result`).waitFor();
  assert.equal(await dialog.getByLabel('Points of 2, question 1', { exact: true }).inputValue(), '0', 'nothing typed is lost');
  await picture(page, 'checks-paper');
  await dialog.getByRole('button', { name: 'Keep what is here' }).click();
  await page.getByText('from paper', { exact: false }).first().waitFor();

  await visit(page, 'teaching', 'checks', id);
  await page.getByRole('button', { name: 'Results from paper' }).click();
  await dialog.getByLabel('When', { exact: true }).selectOption('after');
  await dialog.getByLabel('Class', { exact: true }).selectOption(room.id);
  await dialog.getByRole('button', { name: 'From a file' }).click();
  await dialog.getByLabel('File with the results').setInputFiles({ name: 'after.csv', mimeType: 'text/csv', buffer: Buffer.from('seat;Q1;Q2;Q4;Shoe size\n1;1;1;2;36\n2;1;9;1;38\n1;0;0;0;36\n') });
  await dialog.getByText('No question is called “Shoe size”').waitFor();
  await dialog.getByText('Line 3 · Q2: This question earns 0 to 1 points').waitFor();
  await dialog.getByText('1 is there twice').waitFor();
  await dialog.getByText('1 who did it before is missing: 2').waitFor();
  await clean();
  await picture(page, 'checks-file');
  await dialog.getByRole('button', { name: 'Keep the results' }).click();
  await dialog.getByText('3 things in the file do not fit').waitFor();
  await dialog.getByRole('button', { name: 'Keep what is here' }).click();
  await page.locator('#run-title').getByText('After').waitFor();
  const shown = await api('GET', `evidence?check=${id}&homeroom=${room.id}`);
  assert.equal(shown.pairs, 1);
  assert.equal(shown.skills[0].difference, null);
  await visit(page, 'teaching', 'checks', id);
  await page.getByLabel('Class', { exact: true }).selectOption(room.id);
  await page.locator('.evidence').getByText('Only 1 student did both checks: too few to tell').waitFor();
  assert.ok(await page.getByRole('button', { name: 'Add to principal’s report' }).isDisabled());
  await clean();
  await visit(page, 'teaching', 'checks', id, 'run', shown.after.run);
  await page.getByRole('button', { name: 'Delete these results' }).click();
  await undo(page, 'are deleted');
  await until(async () => (await api('GET', `evidence?check=${id}&homeroom=${room.id}`)).after?.run === shown.after.run, 'the results back');
});

test('on a telephone, in Spanish, with names, and for who may not', async () => {
  const { id } = await check();
  room = rooms[2];
  const named = await run('before', { names: true });
  const child = await phone(`/check/#${named.code.replace(' ', '')}`);
  await child.getByRole('button', { name: 'Go' }).click();
  await child.getByText('Only the librarian sees it').waitFor();
  assert.deepEqual(await barriers(child), []);
  await child.getByRole('button', { name: 'Go' }).click();
  await child.getByText('Type your first name.').waitFor();
  await child.getByLabel('Your first name').fill('Ana <b>');
  await child.getByRole('button', { name: 'Go' }).click();
  await child.getByRole('button', { name: 'I wrote it down' }).click();
  await child.getByText('1 of 4').waitFor();
  await child.getByRole('button', { name: /^[A-Z][a-z]+ \d\d$/ }).click();
  assert.deepEqual(await barriers(child), []);
  await child.getByRole('button', { name: 'Start over' }).click();
  await child.getByLabel('Type your class code').waitFor();
  assert.deepEqual(await child.evaluate(() => Object.keys(localStorage)), [], 'nothing is left of who started over');
  assert.deepEqual(child.faults, []);
  await child.context().close();

  const small = await signedIn(browser, carrel, 'librarian', sizes.phone);
  await small.evaluate(() => localStorage.setItem('carrel.language', 'es'));
  await small.reload();
  await visit(small, 'teaching', 'checks', id);
  await small.locator('#check-title').getByText('¿Es verdad este sitio?').waitFor();
  assert.deepEqual(await barriers(small), []);
  assert.equal(await small.evaluate(() => document.documentElement.scrollWidth <= innerWidth), true, 'nothing is cut off at the side');
  await picture(small, 'checks-phone-es');
  assert.deepEqual(small.faults, []);
  await small.context().close();

  await visit(page, 'teaching', 'checks', id, 'run', named.id);
  await page.getByText('Who has done it').waitFor();
  await clean();
  await visit(page, 'teaching', 'checks', id);
  await page.locator('.evidence').first().waitFor();
  const aide = await signedIn(browser, carrel, 'aide');
  await visit(aide, 'teaching', 'checks');
  assert.equal(await aide.locator('.checks').count(), 0);
  assert.equal(await aide.getByRole('link', { name: 'Checks', exact: true }).count(), 0);
  const asAide = await aide.evaluate(() => JSON.parse(localStorage.getItem('pocketbase_auth')).token);
  assert.equal((await carrel.api('GET', '/api/carrel/checks', null, asAide)).status, 403);
  assert.deepEqual([...page.faults, ...aide.faults], []);
  // last, for the whole address waits afterwards
  let status = 0;
  for (let i = 0; i < 12 && status !== 429; i++) ({ status } = await door('open', { code: `WRONG ${10 + i}` }));
  assert.equal(status, 429, 'whoever guesses codes waits');
});
