// Standards: a file is looked at and brought in, its tree is walked by the keyboard, searched and updated; what a lesson names stays; what was taught is counted
// and printed; a file that cannot be read says where; ten thousand statements open and are searched; nobody is kept out by three themes, a telephone or Spanish.
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { after, before, test } from 'node:test';
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

const api = async (method, path, body) => (await carrel.api(method, `/api/carrel/${path}`, body, token)).body;
const tree = () => page.getByRole('tree');
const rows = () => tree().getByRole('treeitem').evaluateAll((all) => all.map((one) => one.querySelector('.tree-words').textContent));
const at = () => page.evaluate(() => document.getElementById(document.querySelector('[role=tree]').getAttribute('aria-activedescendant')).querySelector('.tree-words').textContent);

/** A CASE file: [id, above, code, text, grades]. */
function made(title, items) {
  const to = (id) => ({ identifier: id, title: id, uri: `urn:${id}` });
  return JSON.stringify({
    CFDocument: { identifier: 'doc-of-the-test', title, creator: 'A state of the test', language: 'en' },
    CFItems: items.map(([id, , code, text, grades = []]) => ({ identifier: id, humanCodingScheme: code, fullStatement: text, educationLevel: grades })),
    CFAssociations: items.map(([id, above], i) => ({ associationType: 'isChildOf', originNodeURI: to(id), destinationNodeURI: to(above || 'doc-of-the-test'), sequenceNumber: i + 1 })),
  });
}
const reading = [
  ['r', '', 'RI', 'Reading information', []],
  ['r9', 'r', 'RI.4.9', 'Integrate information from two texts on the same topic.', ['04']],
  ['r8', 'r', 'RI.4.8', 'Evaluate the site an author writes on <img src=x onerror="window.ran=1">', ['04', '05']],
  ['w', '', 'W', 'Writing', []],
  ['w7', 'w', 'W.5.7', 'Conduct short research projects.', ['05']],
];
const choose = (name, text) => page.locator('.standards-bring input[type=file]').setInputFiles({ name, mimeType: 'application/json', buffer: Buffer.from(text) });
const dialog = () => page.getByRole('dialog');
const heading = (name) => page.locator('.standards-head').getByRole('heading', { name });

test('a file is looked at, brought in, and stands in its order', async () => {
  await visit(page, 'teaching', 'standards');
  await heading('Library skills in plain words').waitFor();
  await choose('state.json', made('State standards', [...reading, ['x', 'nowhere', 'X', 'An orphan', ['99']]]));
  await dialog().getByText('6 standards are in this file.').waitFor();
  await dialog().getByText('2 things were not as they should be').click();
  await dialog().getByText('under "nowhere"').waitFor();
  assert.deepEqual(await barriers(page), []);
  await picture(page, 'standards-file');
  await dialog().getByRole('button', { name: 'Cancel' }).click();
  await choose('state.json', made('State standards', reading));
  await dialog().getByRole('button', { name: 'Bring in 5 standards' }).click();
  await heading('State standards').waitFor();
  assert.deepEqual(await rows(), ['RI Reading information', 'RI.4.9 Integrate information from two texts on the same topic.', `RI.4.8 ${reading[2][3]}`, 'W Writing', 'W.5.7 Conduct short research projects.']);
  assert.equal(await page.evaluate(() => window.ran), undefined, 'script in a statement');
  await page.getByText('“State standards” is in').waitFor();
});

test('the tree is walked by the keyboard', async () => {
  await tree().focus();
  const press = async (...keys) => {
    for (const key of keys) await page.keyboard.press(key);
    return at();
  };
  assert.match(await press('Home', 'ArrowDown'), /^RI\.4\.9/);
  assert.match(await press('End'), /^W\.5\.7/);
  assert.match(await press('ArrowLeft'), /^W /);
  await press('ArrowLeft');
  await until(async () => (await rows()).length === 4, 'the closed branch');
  assert.match(await press('r'), /^RI /);
  assert.match(await press('ArrowRight', 'ArrowDown'), /^RI\.4\.8/);
  await page.locator('.standards-detail').getByText('Grades 4, 5').waitFor();
  await picture(page, 'standards');
});

test('a search forgives, and shows what was found in its place', async () => {
  const box = page.getByLabel('Search standards');
  for (const [text, want] of [['site evaluate', 'RI.4.8'], ['ri49', 'RI.4.9'], ['Évaluating', 'RI.4.8'], ['w 5 7', 'W.5.7']]) {
    await box.fill(text);
    await page.locator('.standards-found .code').getByText(want, { exact: true }).waitFor();
  }
  await box.fill('integrate bananas');
  await page.getByText('No standard has all these words').waitFor();
  await picture(page, 'standards-search');
  assert.deepEqual(await barriers(page), []);
  await box.fill('xylophone');
  await page.getByText('Nothing found').waitFor();
  await box.fill('short research');
  await page.locator('.standards-found .code').getByText('W.5.7', { exact: true }).waitFor();
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('Enter');
  await tree().waitFor();
  assert.match(await at(), /^W\.5\.7/);
});

test('a newer file says what changes; what a lesson names stays', async () => {
  const { statements } = await api('GET', 'standards/search?q=RI.4.9');
  const { lesson } = await api('POST', 'lessons', { key: randomUUID(), title: 'Two texts', standards: [statements[0].id] });
  assert.ok(lesson.id);
  await page.locator('.standards-nav').getByText('1 in lessons').waitFor();
  const newer = [reading[0], ['r8', 'r', 'RI.4.8', 'Explain reasons.', ['04']], ...reading.slice(3), ['n', 'w', 'W.5.8', 'Recall what you read.', ['05']]];
  await choose('newer.json', made('State standards', newer));
  for (const text of ['1 is new', '1 has other words', '1 is no longer in it. 1 of these stays', '3 stay as they are']) await dialog().getByText(text).waitFor();
  await picture(page, 'standards-newer');
  await dialog().getByRole('button', { name: 'Update these standards' }).click();
  await tree().getByText('No longer in it').waitFor();
  await choose('newer.json', made('State standards', newer));
  await dialog().getByText('Nothing is new in this file.').waitFor();
  await dialog().getByRole('button', { name: 'Cancel' }).click();
  await page.locator('.standards-head').getByRole('button', { name: 'Remove' }).click();
  await dialog().getByText('Lessons use 1 standard of it').waitFor();
  await dialog().getByRole('button', { name: 'Keep it' }).click();
});

test('what cannot be read says where', async () => {
  const whole = made('State standards', reading);
  for (const [name, text, says] of [
    ['cut.json', whole.slice(0, 300), 'at byte 300'],
    ['flyer.pdf', '%PDF-1.7 of the fair', 'This file holds no standards'],
    ['list.csv', 'code,grade\nA,1\n', 'names no column with the statements'],
    ['empty.csv', '', 'no statements'],
  ]) {
    await choose(name, text);
    await dialog().getByRole('alert').getByText(says).waitFor();
    await dialog().getByRole('button', { name: 'Cancel' }).click();
  }
});

test('what was taught is counted by grade, and what was not is seen', async () => {
  const { statements } = await api('GET', 'standards/search?q=RI.4.8');
  const { lesson } = await api('POST', 'lessons', { key: randomUUID(), title: 'Is this site true?', standards: [statements[0].id] });
  const { today } = await api('GET', 'teaching/calendar?from=2026-01-05&until=2026-01-05');
  const homeroom = (await api('GET', 'homerooms')).homerooms.find(({ name }) => name.startsWith('4'));
  for (const from of ['07:05', '07:45']) {
    const made = await api('POST', 'teaching/sessions', { key: randomUUID(), kind: 'lesson', lesson: lesson.id, homeroom: homeroom.id, day: today, from, until: from.replace('5', '6').slice(0, 3) + '59', state: 'taught', anyway: true });
    assert.ok(made.sessions, JSON.stringify(made));
  }
  await page.getByRole('link', { name: 'What was taught' }).click();
  const matrix = page.locator('.standards-matrix');
  await page.getByLabel('Framework', { exact: true }).selectOption({ label: 'State standards' });
  const row = matrix.getByRole('row').filter({ hasText: 'RI.4.8' });
  await row.getByRole('cell', { name: '2', exact: true }).first().waitFor();
  await page.getByText('2 sessions reached 1 of 3 standards, headings not counted.').waitFor();
  await page.getByRole('button', { name: 'Taught', exact: true }).click();
  await until(async () => (await matrix.getByRole('row').count()) === 3, 'the heading and the standard that were reached');
  await page.getByRole('button', { name: 'All', exact: true }).click();
  await picture(page, 'standards-taught');
  await page.getByLabel('From').fill('2030-01-01');
  await page.getByRole('alert').getByText('The last day lies before the first.').waitFor();
  await page.getByLabel('From').fill('2026-01-01');
  await row.getByRole('cell', { name: '2', exact: true }).first().waitFor();
  await page.evaluate(() => (window.print = () => (window.printed = document.querySelectorAll('.standards-matrix tbody tr').length)));
  await page.getByRole('button', { name: 'Print' }).click();
  await until(() => page.evaluate(() => window.printed === 5), 'all rows on paper');
});

test('a lesson gets its standards by search and by tree, and loses them again', async () => {
  const { lesson } = await api('POST', 'lessons', { key: randomUUID(), title: 'Who says so?', grades_from: '4', grades_to: '5' });
  await visit(page, 'teaching', 'lessons', lesson.id);
  const names = async () => (await api('GET', `lessons/${lesson.id}`)).lesson.standards.map(({ code }) => code).join(' ');
  await page.getByRole('button', { name: 'Add a standard' }).click();
  await dialog().getByLabel('Search standards').fill('explain reasons');
  await dialog().locator('.standards-found .pick').filter({ hasText: 'RI.4.8' }).click();
  await dialog().getByText('1 standard chosen').waitFor();
  await picture(page, 'standards-pick');
  assert.deepEqual(await barriers(page), []);
  await dialog().getByRole('button', { name: 'Clear the search' }).click();
  await dialog().getByLabel('Framework', { exact: true }).selectOption({ label: 'Library skills in plain words' });
  await dialog().getByRole('treeitem').filter({ hasText: 'C1.1' }).waitFor();
  await tree().focus();
  await page.keyboard.type('C3.4');
  await until(async () => /^C3\.4/.test(await at()), 'the typed code');
  await page.keyboard.press('Enter');
  await dialog().getByText('2 standards chosen').waitFor();
  await picture(page, 'standards-pick-tree');
  assert.deepEqual(await barriers(page), []);
  await dialog().getByRole('button', { name: 'Done' }).click();
  await until(async () => (await names()) === 'RI.4.8 C3.4', 'both are kept');
  await page.getByRole('button', { name: /^Take out RI\.4\.8/ }).click();
  await until(async () => (await names()) === 'C3.4', 'one is left');
});

test('ten thousand statements open, are walked and searched', async () => {
  const many = Array.from({ length: 10_000 }, (_, i) => [`m${i}`, i % 100 ? `m${i - (i % 100)}` : '', `BIG.${Math.floor(i / 100)}.${i % 100}`, `Statement ${i} about ${['rivers', 'planets', 'sources', 'poems'][i % 4]} and how to explain them to somebody else`, ['04']]);
  const file = made('A large state', many).replaceAll('doc-of-the-test', 'large-doc');
  const sent = await fetch(`http://${carrel.staff}/api/carrel/standards?file=large.json`, { method: 'POST', headers: { Authorization: token }, body: file });
  assert.equal(sent.status, 201);
  const { framework } = await sent.json();
  await visit(page, 'teaching', 'standards', 'ownstandards000');
  await heading('Library skills in plain words').waitFor();
  /** How long it takes from an act until the page shows what is asked for, in milliseconds: told, never asserted. */
  const measure = async (what, act, value, done) => {
    const began = await page.evaluate(act, value);
    const ended = await (await page.waitForFunction(done, value, { polling: 'raf' })).jsonValue();
    console.log(`# ${what}: ${Math.round(ended - began)} ms`);
  };
  await measure('a tree of 10,000 opens', (id) => ((location.hash = `#/teaching/standards/${id}`), performance.now()), framework.id,
    () => document.querySelector('.standards-head h2')?.textContent === 'A large state' && document.querySelectorAll('[role=treeitem]').length > 5 && performance.now());
  await page.getByLabel('Search standards').focus();
  await measure('a search in it, typed', (text) => {
    const box = document.activeElement;
    box.value = text;
    box.dispatchEvent(new Event('input', { bubbles: true }));
    return performance.now();
  }, 'big 42 17', () => document.querySelector('.standards-found .code')?.textContent === 'BIG.42.17' && performance.now());
  await page.locator('.standards-found button').first().click();
  await until(async () => /^BIG\.42\.17/.test(await at()), 'the place of what was found');
  await tree().focus();
  await page.keyboard.press('*');
  await page.keyboard.press('End');
  await until(async () => /^BIG\.99/.test(await at()), 'the end of the tree');
  assert.ok((await rows()).length < 60, 'only the rows in view are in the page');
  await api('DELETE', `standards/${framework.id}`);
});

test('no barriers in three themes, in Spanish and on a telephone', async () => {
  for (const theme of ['light', 'dark', 'contrast']) {
    await page.evaluate(([theme, language]) => (localStorage.setItem('carrel.theme', theme), localStorage.setItem('carrel.language', language)), [theme, theme === 'dark' ? 'es' : 'en']);
    await page.setViewportSize(theme === 'dark' ? sizes.phone : sizes.wide);
    for (const [name, ready, ...place] of [['tree', '[role=treeitem]', 'ownstandards000'], ['taught', '.standards-matrix tbody td', 'coverage']]) {
      await visit(page, 'teaching', 'standards', ...place);
      await page.reload();
      await page.locator(ready).first().waitFor();
      assert.deepEqual(await barriers(page), [], `${name}, ${theme}`);
      await picture(page, `standards-${name}-${theme}`);
      assert.equal(await page.evaluate(() => document.documentElement.scrollWidth - innerWidth), 0, `${name}, ${theme}: too wide`);
    }
  }
});

test('no error in any page', () => assert.deepEqual(page.faults, []));
