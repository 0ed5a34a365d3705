// The catalogue's search: facets, orders, the keyboard, the title beside the results, and what is done with a selection.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, beforeEach, test } from 'node:test';
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

async function ask(method, path, body) {
  const answer = await carrel.api(method, `/api/carrel/${path}`, body, token);
  assert.ok(answer.status < 300, `${path}: ${JSON.stringify(answer.body)}`);
  return answer.body;
}

beforeEach(async () => {
  await page.setViewportSize(sizes.wide);
  await visit(page, 'today', 'day');
  await visit(page, 'catalog', 'search');
  await found();
});

const box = () => page.getByLabel('Search title, author, subject');
const rows = () => page.locator('.res li');
const count = () => page.locator('.res h2 [role=status]');
const number = async () => Number((await count().textContent()).replace(/\D/g, ''));
const facet = (name) => page.locator('.fac label', { hasText: name }).first();
const found = () => rows().first().waitFor();
const button = (name) => page.getByRole('button', { name, exact: true });

/** Waits for so many titles. */
const titles = (n) => page.waitForFunction((n) => document.querySelector('.res h2 [role=status]')?.textContent.startsWith(`${n} `), n);

test('facets narrow by what they count, several of a group widen, and chips take them away', async () => {
  const all = await number();
  const fiction = Number(await facet('Fiction').locator('.n').textContent());
  const graphic = Number(await facet('Graphic novel').locator('.n').textContent());
  assert.ok(fiction > 0 && graphic > 0 && fiction + graphic < all);
  await facet('Fiction').click();
  await titles(fiction);
  await facet('Graphic novel').click();
  await titles(fiction + graphic);
  assert.match(page.url(), /kind=fiction&kind=graphic/);
  const inside = Number(await facet('On the shelf now').locator('.n').textContent());
  await facet('On the shelf now').click();
  await titles(inside);
  await page.reload();
  await titles(inside);
  for (const name of ['Fiction', 'Graphic novel', 'On the shelf now']) await page.getByRole('button', { name: `Remove filter: ${name}` }).click();
  await titles(all);
});

test('results come in the order that is asked for', async () => {
  await page.getByLabel('Sort').selectOption('author');
  await page.waitForFunction(() => location.hash.includes('sort=author'));
  const { items } = await ask('GET', 'titles?sort=author&perPage=25');
  await page.waitForFunction((id) => document.querySelector('.res li')?.dataset.title === id, items[0].id);
  assert.deepEqual(await rows().evaluateAll((all) => all.map((one) => one.dataset.title)), items.map(({ id }) => id));
});

test('the keyboard goes through the results, and Enter opens one', async () => {
  await box().fill('dinosaurs');
  await page.waitForFunction(() => [...document.querySelectorAll('.res li')].some((row) => /dinosaur/i.test(row.textContent)));
  await page.locator('.det h2').waitFor();
  await box().press('ArrowDown');
  await page.keyboard.press('ArrowDown');
  const second = await rows().nth(1).getAttribute('data-title');
  assert.equal(await page.locator('.res li.sel').getAttribute('data-title'), second);
  const name = await rows().nth(1).locator('.title').textContent();
  await page.locator('.det h2', { hasText: name }).waitFor();
  await page.keyboard.press('ArrowUp');
  await page.keyboard.press('ArrowUp');
  assert.equal(await page.evaluate(() => document.activeElement.id), 'q');
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('Enter');
  await page.waitForURL(/#\/catalog\/search\/[a-z0-9]{15}/);
});

test('beside the results are copies, subjects and use, and a hold is placed', async () => {
  const { items } = await ask('GET', 'titles?available=true&perPage=1');
  await box().fill(items[0].title);
  await page.locator('.det h2', { hasText: items[0].title }).waitFor();
  await page.locator('.det .copies table').waitFor();
  await page.getByRole('tab', { name: 'Subjects' }).click();
  await page.getByRole('tab', { name: 'Subjects' }).press('ArrowRight');
  await page.locator('.det dt', { hasText: 'Loans this school year' }).waitFor();
  await page.locator('.det').getByRole('button', { name: 'Place hold' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel('Card of the person').fill('nobody-has-this');
  await dialog.getByRole('button', { name: 'Place hold' }).click();
  await dialog.getByRole('alert').filter({ hasText: /\S/ }).first().waitFor();
  assert.equal(await dialog.getByLabel('Card of the person').inputValue(), 'nobody-has-this');
  const child = (await ask('GET', 'patrons?perPage=50')).items.find(({ loans, blocked }) => !blocked && loans === 0);
  await dialog.getByLabel('Card of the person').fill(child.barcode);
  await dialog.getByRole('button', { name: 'Place hold' }).click();
  await page.locator('.toast').filter({ hasText: 'is kept' }).waitFor();
  assert.equal((await ask('GET', `holds?title=${items[0].id}`)).holds.length, 1);
  await page.locator('.toast').getByRole('button', { name: 'Undo' }).first().click();
  await page.waitForFunction(() => !document.querySelector('.toast')?.textContent.includes('is kept'));
});

test('a selection becomes labels and a file in which no cell is a formula', async () => {
  const { title } = await ask('POST', 'titles', { key: 'formula-key-1', fields: { title: '=HYPERLINK("http://x","y")', author: 'Nobody' } });
  await ask('POST', 'items', { key: 'formula-item-1', title: title.id, barcode: 'FORM-1', call_number: 'FIC NOB' });
  await box().fill('hyperlink');
  await titles(1);
  assert.equal(await rows().first().locator('.title').textContent(), '=HYPERLINK("http://x","y")');
  await button('Choose titles').click();
  await rows().first().getByRole('checkbox').check();
  const bar = page.locator('.pickbar');
  await bar.getByText('1 chosen').waitFor();
  await bar.getByRole('button', { name: 'Export' }).click();
  const [file] = await Promise.all([page.waitForEvent('download'), page.getByRole('dialog').getByRole('button', { name: 'Export' }).click()]);
  const csv = readFileSync(await file.path(), 'utf8');
  assert.match(csv, /^"'=HYPERLINK\(/m);
  assert.match(csv, /FORM-1/);
  const answer = await fetch(`http://${carrel.staff}/api/carrel/labels.pdf`, {
    method: 'POST', headers: { Authorization: token, 'Content-Type': 'application/json' }, body: JSON.stringify({ selection: { titles: [title.id] }, kind: 'both' }),
  });
  const paper = join(carrel.dir, 'labels.pdf');
  writeFileSync(paper, Buffer.from(await answer.arrayBuffer()));
  assert.match(execFileSync('pdftotext', ['-layout', paper, '-'], { encoding: 'utf8' }), /FORM-1[\s\S]*FIC|FIC[\s\S]*FORM-1/);
  await bar.getByRole('button', { name: 'Labels' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel('Sheet', { exact: true }).waitFor();
  assert.deepEqual(await barriers(page), []);
  const [tab] = await Promise.all([page.context().waitForEvent('page'), dialog.getByRole('button', { name: 'Open as PDF' }).click()]);
  await tab.close();
});

test('all that is found is chosen at once', async () => {
  const all = await number();
  await button('Choose titles').click();
  await page.getByLabel(`All ${all} found`).check();
  await page.locator('.pickbar').getByText(`${all} chosen`).waitFor();
  await picture(page, 'catalog-selection');
  assert.deepEqual(await barriers(page), []);
  await rows().first().getByRole('checkbox').uncheck();
  await page.locator('.pickbar').getByText('24 chosen').waitFor();
});

test('doubles are found, become one, and come apart', async () => {
  for (const n of [1, 2]) {
    const { title } = await ask('POST', 'titles', { key: `double-key-${n}`, again: true, fields: { title: 'The Twice Told Comet', author: 'Vega, Luz', year: '2011', isbn: ['9780306406157'] } });
    await ask('POST', 'items', { key: `double-item-${n}`, title: title.id, barcode: `TWICE-${n}` });
  }
  await visit(page, 'catalog', 'search', 'duplicates');
  const group = page.locator('.dups li', { hasText: 'Twice Told Comet' }).first();
  await group.waitFor();
  await picture(page, 'catalog-duplicates');
  assert.deepEqual(await barriers(page), []);
  await group.getByRole('button', { name: 'Merge' }).click();
  assert.deepEqual(await barriers(page), []);
  await page.getByRole('dialog').getByRole('button', { name: 'Merge' }).click();
  await page.locator('.dups').getByText('Merged lately').waitFor();
  assert.equal((await ask('GET', 'titles?q=twice%20told%20comet')).items[0].items, 2);
  await page.locator('.dups').getByRole('button', { name: /Take back|Undo/ }).first().click();
  await until(async () => (await ask('GET', 'titles?q=twice%20told%20comet')).totalItems === 2, 'the parting');
  await group.waitFor();
});

test('others look things up; what they may not do is not there', async () => {
  for (const role of ['volunteer', 'teacher']) {
    const other = await signedIn(browser, carrel, role);
    await visit(other, 'catalog', 'search');
    await other.locator('.res li').first().waitFor();
    assert.equal(await other.locator('.det, .pickbar, .findbar .add, .res a.title').count(), 0);
    assert.equal(await other.getByRole('button', { name: 'Choose titles' }).count(), 0);
    assert.deepEqual(await barriers(other), []);
    assert.deepEqual(other.faults, []);
    await other.context().close();
  }
});

test('typing repaints at once', async () => {
  const took = [];
  for (const letter of 'dinosaur') {
    const before = await page.evaluate((letter) => {
      const input = document.querySelector('#q');
      window.typed = new Promise((painted) => {
        const status = document.querySelector('.res ul');
        const watch = new MutationObserver(() => requestAnimationFrame(() => (watch.disconnect(), painted(performance.now()))));
        watch.observe(status?.parentElement ?? document.querySelector('.res'), { subtree: true, childList: true, characterData: true });
        setTimeout(() => painted(NaN), 2000); // the same results: nothing to paint
      });
      const at = performance.now();
      input.value += letter;
      input.dispatchEvent(new InputEvent('input', { bubbles: true }));
      return at;
    }, letter);
    const after = await page.evaluate(() => window.typed);
    if (!Number.isNaN(after)) took.push(after - before);
  }
  took.sort((a, b) => a - b);
  console.log(`from a letter to its results: median ${took[took.length >> 1]?.toFixed(0)} ms, slowest ${took.at(-1)?.toFixed(0)} ms, ${took.length} repaints`);
  assert.ok(took.length > 2);
});

test('the screen in three themes, two languages and on a phone', async () => {
  await box().fill('planets');
  await found();
  await page.locator('.det h2').waitFor();
  await page.locator('.det .copies table').waitFor();
  for (const theme of ['dark', 'contrast', 'light']) {
    await page.evaluate((theme) => (document.documentElement.dataset.theme = theme), theme);
    assert.deepEqual(await barriers(page), [], theme);
    await picture(page, `catalog-search${theme === 'light' ? '' : `-${theme}`}`);
  }
  const tall = await page.evaluate(() => document.documentElement.scrollHeight - innerHeight);
  assert.ok(tall <= 1, `the page scrolls by ${tall}`);
  await page.setViewportSize(sizes.phone);
  assert.deepEqual(await barriers(page), [], 'phone');
  const wide = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
  assert.ok(wide <= 1, `${wide} too wide`);
  await picture(page, 'catalog-search-390');
  await page.setViewportSize(sizes.wide);
  await page.evaluate(() => localStorage.setItem('carrel.language', 'es'));
  await page.reload();
  await found();
  await page.getByText('Elegir títulos').waitFor();
  assert.deepEqual(await barriers(page), [], 'es');
  await picture(page, 'catalog-search-es');
  await page.evaluate(() => localStorage.setItem('carrel.language', 'en'));
  await page.reload();
  await found();
  assert.deepEqual(page.faults, []);
});
