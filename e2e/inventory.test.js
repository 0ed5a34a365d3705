// The inventory and the holds: a librarian starts a walk, a volunteer scans with a book out of order, a lost one and the line cut in the middle, the
// report is gone through and nothing is marked but what was chosen; the holds are moved, cancelled, fetched and printed.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { Browser, Carrel, barriers, picture, scan, signedIn, sizes, until, visit } from './carrel.js';

let carrel, browser, page, token;
/** A shelf of books that stand in order, as the librarian walks along it. */
let shelf, place;

const get = async (path) => (await carrel.api('GET', `/api/carrel/${path}`, undefined, token)).body;
const post = async (path, body) => {
  const answer = await carrel.api('POST', `/api/carrel/${path}`, { key: crypto.randomUUID(), ...body }, token);
  assert.ok(answer.status < 300, `${path}: ${JSON.stringify(answer.body)}`);
  return answer.body;
};
const said = (text, on = page) => on.locator('.toasts').getByText(text).first().waitFor();
const button = (name, on = page) => on.getByRole('button', { name, exact: typeof name === 'string' });
const now = (text, on = page) => on.locator('.inv-now').getByText(text).first().waitFor();
const last = (on = page) => on.locator('.inv-last li');

before(async () => {
  [carrel, browser] = await Promise.all([Carrel.sample(), Browser.open()]);
  token = await carrel.signIn();
  page = await signedIn(browser, carrel);
  // a shelf of its own: ten copies of titles nobody has, with call numbers in order
  place = (await post('locations', { name: 'Walking shelf' })).id;
  const { items: titles } = await get('search?available=true&perPage=10&q=the');
  shelf = [];
  for (const [n, title] of titles.slice(0, 10).entries()) {
    const { items } = await post('items', { title: title.id, location: place, call_number: `FIC ${String.fromCharCode(65 + n)}AA`, barcode: `WALK${String(n).padStart(3, '0')}` });
    shelf.push({ ...items[0], title: title.title });
  }
});

after(async () => {
  await browser?.close();
  await carrel?.close();
});

test('an inventory is started, and what cannot be is said at its field', async () => {
  await visit(page, 'catalog', 'inventory');
  await page.getByText('No inventory is going on').waitFor();
  await button('Start').click();
  await page.locator('#inv-name-error').getByText(/name/i).waitFor();
  assert.equal(await page.evaluate(() => document.activeElement.id), 'inv-name');
  await page.getByLabel('Name', { exact: true }).fill('<i>Spring</i> walk');
  await page.getByLabel('Which shelves').selectOption('Walking shelf');
  await page.getByLabel('From call number').fill('FIC Z');
  await page.getByLabel('To call number').fill('FIC A');
  await button('Start').click();
  await page.locator('#inv-to-error').getByText(/FIC A/).waitFor();
  await page.getByLabel('From call number').fill('FIC A');
  await page.getByLabel('To call number').fill('FIC Z');
  await button('Start').click();
  await now('Ready for the first book');
  await page.getByRole('heading', { name: '<i>Spring</i> walk' }).waitFor();
});

test('a volunteer scans: out of order, lost, on loan, elsewhere, unknown; the line is cut in the middle', async () => {
  const cart = await signedIn(browser, carrel, 'volunteer', sizes.phone);
  await post('marks', { item: shelf[6].barcode, as: 'lost' });
  const { patrons } = await get('patrons?perPage=1');
  await post('checkouts', { item: shelf[7].barcode, patron: (patrons ?? (await get('patrons?perPage=1')).items)[0].barcode, override: ['patron_overdue', 'loan_limit'], reason: 'test' });
  await visit(cart, 'catalog', 'inventory');
  assert.equal(await cart.getByRole('link', { name: /^Report: / }).count(), 0, 'volunteers only scan');
  await cart.getByRole('link', { name: /^Scan/ }).click();
  await now('Ready for the first book', cart);
  assert.deepEqual(await barriers(cart), []);
  await scan(cart, shelf[0].barcode);
  await now('In its place', cart);
  await scan(cart, shelf[1].barcode);
  await now(shelf[1].title, cart);
  await scan(cart, shelf[4].barcode); // stands too early
  await now(shelf[4].title, cart);
  await scan(cart, shelf[2].barcode);
  await now(/The book before it stands out of order: FIC EAA/, cart);
  await scan(cart, shelf[6].barcode);
  await now('It was lost. Now it is found.', cart);
  await scan(cart, shelf[7].barcode);
  await now('It is on loan to somebody. Take it to the desk.', cart);
  await scan(cart, 'NOBODYKNOWS');
  await now('No copy has this barcode. Put the book aside.', cart);
  const other = (await get('labels-of-nothing').catch(() => null), (await get(`titles/${(await get('search?q=the&perPage=1')).items[0].id}/items`)).items[0]);
  await scan(cart, other.barcode);
  await now(/It belongs elsewhere|It is on loan/, cart);
  await picture(cart, 'inventory-phone');

  // the line is cut: two scans wait on the device, through a reload
  await carrel.kill();
  await scan(cart, shelf[3].barcode);
  await cart.getByText('The line is down.').waitFor();
  await scan(cart, shelf[8].barcode);
  await cart.getByText('2 scans wait.').waitFor();
  await picture(cart, 'inventory-away');
  assert.equal(await cart.evaluate(() => Object.keys(localStorage).filter((name) => name.startsWith('carrel.walk.')).length), 2);
  await carrel.serve();
  await cart.goto(`http://${carrel.staff}/staff/#/catalog/inventory`);
  await cart.reload();
  await cart.getByRole('link', { name: /^Scan/ }).click();
  await until(async () => (await last(cart).count()) === 2 && (await cart.locator('.inv-last li.waiting').count()) === 0, 'the sending of what waited');
  assert.equal(await cart.evaluate(() => Object.keys(localStorage).filter((name) => name.startsWith('carrel.walk.')).length), 0);
  const { inventories } = await get('inventories');
  const report = await get(`inventories/${inventories[0].id}`);
  assert.equal(report.scans, 10);
  assert.equal(report.found.length, 1);
  assert.equal(report.unknown[0].code, 'NOBODYKNOWS');
  await scan(cart, shelf[9].barcode);
  await now(shelf[9].title, cart);
  await cart.getByRole('button', { name: `Take back the scan of ${shelf[9].barcode}` }).click();
  await now('taken back', cart);
  assert.deepEqual(cart.faults.filter((fault) => !/Failed to load|ERR_CONNECTION/.test(fault)), []);
});

test('the report: lists, paper, a spreadsheet; only what was chosen is marked, and comes back', async () => {
  token = await until(() => carrel.signIn(), 'the sign-in');
  await page.reload();
  await visit(page, 'catalog', 'inventory');
  await page.getByRole('link', { name: /^Report: / }).first().click();
  await page.getByRole('button', { name: /^Not seen 2/ }).waitFor();
  await picture(page, 'inventory-report');
  await button(/^Wrong place/).click();
  await page.getByText(/Out of order: belongs behind/).first().waitFor();
  await button(/^Unknown/).click();
  await page.getByText('NOBODYKNOWS').waitFor();
  await button(/^Not seen/).click();
  const file = page.waitForEvent('download');
  await button('Spreadsheet').click();
  assert.equal((await file).suggestedFilename(), 'inventory-not_seen.csv');
  assert.ok(await button('Choose what is missing').isDisabled(), 'nothing is marked that nobody chose');
  await page.getByRole('checkbox', { name: new RegExp(`^Choose .*${shelf[5].barcode}`) }).check();
  await button('Mark 1 as missing').click();
  await said('1 book is marked as missing');
  await page.getByRole('button', { name: /^Not seen 1/ }).waitFor();
  const status = async () => (await get(`titles/${(await get('search?q=' + encodeURIComponent(shelf[5].barcode))).items[0].id}/items`)).items.find(({ barcode }) => barcode === shelf[5].barcode).status;
  assert.equal(await status(), 'missing');
  await page.locator('.toasts').getByRole('button', { name: 'Undo' }).last().click();
  await page.getByRole('button', { name: /^Not seen 2/ }).waitFor();
  assert.equal(await status(), 'available');
  await page.getByRole('checkbox', { name: /^Choose all 2/ }).check();
  await button('Mark 2 as missing').waitFor();
  await page.getByRole('link', { name: 'Scan', exact: true }).click();
  await button('Finish').click();
  await page.getByRole('dialog').getByText('Nothing more can be scanned into it.').waitFor();
  await page.getByRole('dialog').getByRole('button', { name: 'Finish' }).click();
  await said(/is finished/);
  await page.getByRole('button', { name: /^Not seen 2/ }).waitFor();
});

test('holds: the queue is changed and taken back, the list to fetch and the hold shelf', async () => {
  const { items: people } = await get('patrons?perPage=3');
  const title = (await get(`search?q=${encodeURIComponent(shelf[0].barcode)}`)).items[0];
  for (const one of people) await carrel.api('POST', '/api/carrel/holds', { key: crypto.randomUUID(), patron: one.barcode, title: title.id, override: ['patron_overdue', 'hold_limit', 'available', 'hold_available'], reason: 'test' }, token);
  await visit(page, 'catalog', 'holds');
  await page.getByLabel('Find a title or a person').fill(title.title.slice(0, 12));
  await page.locator('.holds-title').getByText(title.title).first().waitFor();
  const rows = page.locator('.holds-fill li');
  const names = async () => (await rows.locator('b').allTextContents()).map((name) => name.trim());
  await until(async () => (await rows.count()) >= 2, 'the queue');
  const before = await names();
  await button(`Move ${before[1]} up`).click();
  await said(`${before[1]} is at place 1 now`);
  await until(async () => (await names())[0] === before[1], 'the move');
  await page.locator('.toasts').getByRole('button', { name: 'Undo' }).last().click();
  await until(async () => (await names())[0] === before[0], 'the undo of the move');
  await button(`Cancel the hold of ${before[0]}`).click();
  await said(`The hold of ${before[0]} is cancelled`);
  await until(async () => (await names())[0] === before[1], 'the cancelling');
  await page.locator('.toasts').getByRole('button', { name: 'Undo' }).last().click();
  await until(async () => (await names()).length === before.length, 'the undo');
  await picture(page, 'holds');
  await page.getByRole('link', { name: 'To fetch' }).click();
  await page.locator('.holds-fill').getByText(title.title).first().waitFor();
  await picture(page, 'holds-pull');
  await page.getByRole('link', { name: 'Hold shelf' }).click();
  await page.getByRole('heading', { name: 'Hold shelf', exact: true }).waitFor();
});

test('without barriers in three themes, in both languages and on a phone', async () => {
  const { inventories } = await get('inventories');
  await post('inventories', { name: 'All of it' });
  const open = (await get('inventories')).inventories[0].id;
  await visit(page, 'catalog', 'inventory', open);
  for (const { barcode, title } of [shelf[0], shelf[5], shelf[2], shelf[3]]) {
    await scan(page, barcode);
    await now(title);
  }
  await page.locator('.inv-shelves li').nth(1).waitFor();
  await picture(page, 'inventory-walk');
  for (const theme of ['light', 'dark', 'contrast']) {
    await page.evaluate(([theme, language]) => (localStorage.setItem('carrel.theme', theme), localStorage.setItem('carrel.language', language)), [theme, theme === 'dark' ? 'es' : 'en']);
    await page.reload();
    await page.setViewportSize(theme === 'dark' ? sizes.phone : sizes.wide);
    for (const [parts, seen] of [
      [['inventory'], '.inv-list'], [['inventory', open], '.inv-shelves'], [['inventory', inventories[0].id], '.inv-report'], [['inventory', open, 'report'], '.inv-report'],
      [['holds'], '.holds-fill h2'], [['holds', 'pull'], '.holds-fill'], [['holds', 'shelf'], '.holds-fill h2'],
    ]) {
      await visit(page, 'catalog', ...parts);
      await page.locator(seen).first().waitFor();
      assert.deepEqual(await barriers(page), [], `${parts.join('/')}, ${theme}`);
      const wider = await page.evaluate(() => [document.documentElement.scrollWidth - innerWidth, document.querySelector('.view').scrollWidth - document.querySelector('.view').clientWidth]);
      assert.deepEqual(wider, [0, 0], `${parts.join('/')}, ${theme}: too wide`);
      await picture(page, `inventory-${parts.length}-${parts[0]}-${parts[2] ?? (parts[1] === 'pull' || parts[1] === 'shelf' ? parts[1] : '')}-${theme}`);
    }
  }
  assert.deepEqual(page.faults.filter((fault) => !/Failed to load|ERR_CONNECTION/.test(fault)), []);
});
