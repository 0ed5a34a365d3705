// Budget: each screen as each role that may use it, by keyboard and on a phone, and what is typed wrongly, at the same time, or with a script in its name.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, beforeEach, test } from 'node:test';
import { Browser, Carrel, barriers, picture, scan, signedIn, sizes, undo, until, visit } from './carrel.js';
import { Money } from './money.js';

let carrel, browser, page, money, fund, small, vendor, titles;
const SCRIPT = '<img src=x onerror="document.title=\'broken\'">';

before(async () => {
  [carrel, browser] = await Promise.all([Carrel.sample(), Browser.open()]);
  page = await signedIn(browser, carrel);
  const token = await page.evaluate(() => JSON.parse(localStorage.getItem('pocketbase_auth')).token);
  money = await Money.open(carrel, token);
  vendor = await money.vendor('Quill & Sons', { discount: 1500 });
  [fund, small] = [await money.fund('Browser fund', 50_000), await money.fund('Small gift', 2_000, { kind: 'gift' })];
  titles = (await money.ask('GET', 'search?q=book&perPage=20')).items;
});

after(async () => {
  await browser?.close();
  await carrel?.close();
});

beforeEach(() => page.setViewportSize(sizes.wide));

const dialog = (of = page) => of.locator('dialog[open]').last();
const button = (name, of = page) => of.getByRole('button', { name, exact: true });
const fundNow = async (one) => (await money.ask('GET', `budget/funds/${one.id}`)).fund;

async function speak(of, language) {
  await of.getByRole('button', { name: /account menu|menú de la cuenta/i }).click();
  await button(language, of).click();
  await of.keyboard.press('Escape');
}

/** Looks at what is open on a phone and in the three themes. */
async function look(name, of = page) {
  for (const [suffix, size, theme] of [['-390', sizes.phone, 'light'], ['-contrast', sizes.wide, 'contrast'], ['-dark', sizes.wide, 'dark'], ['', sizes.wide, 'light']]) {
    await of.setViewportSize(size);
    await of.evaluate((theme) => (document.documentElement.dataset.theme = theme), theme);
    assert.deepEqual(await barriers(of), [], `${name}${suffix}`);
    const wide = await of.evaluate(() => document.documentElement.scrollWidth - innerWidth);
    assert.ok(wide <= 1, `${name}${suffix} is ${wide} too wide`);
    await picture(of, `budget-${name}${suffix}`);
  }
}

test('funds show what is spent, on order and left, and the drawing has its table', async () => {
  await visit(page, 'budget', 'funds');
  await page.getByRole('img', { name: /^School budget: .* given, .* spent, .* on order, .* left$/ }).waitFor();
  await page.getByText(/books? bought/).waitFor();
  const view = await money.ask('GET', 'budget');
  assert.equal(await page.locator('.bud-fund').count(), view.funds.length);
  assert.equal(view.free, view.funds.reduce((sum, { available }) => sum + available, 0));
  await look('funds');
  await button('Table').click();
  const spent = await page.locator('.bud-months tbody tr:last-child td').first().innerText();
  assert.match(spent, /^\$[\d,]+\.\d\d$/);
  assert.deepEqual(await barriers(page), []);
  await button('Chart').click();
});

test('money is given, moved and corrected; wrong amounts are named and nothing typed is lost', async () => {
  await visit(page, 'budget', 'funds', fund.id);
  await button('Give money').click();
  for (const wrong of ['twelve', '1.234', '-5', '1e3', '', '0', '99999999999']) {
    await dialog().getByLabel('Amount').fill(wrong);
    await button('Give money', dialog()).click();
    await dialog().getByText('This is not an amount').waitFor();
    assert.equal(await dialog().getByLabel('Amount').inputValue(), wrong);
    assert.equal(await dialog().getByLabel('Amount').evaluate((box) => box === document.activeElement), true, wrong);
  }
  assert.deepEqual(await barriers(page), []);
  await dialog().getByLabel('Amount').fill('$1,228');
  await page.keyboard.press('Enter');
  await page.getByRole('row', { name: /Money given.*\+\$1,228\.00/ }).waitFor();
  assert.equal((await fundNow(fund)).given, 172_800);
  await undo(page, 'Browser fund was given $1,228.00.');
  await page.getByRole('row', { name: /Money given.*taken back/ }).waitFor();
  assert.equal((await fundNow(fund)).given, 50_000);

  await button('Correct').click();
  await dialog().getByLabel(/^Amount/).fill('-12,50');
  await button('Correct', dialog()).click();
  await dialog().getByText('Please say why.').waitFor();
  await dialog().getByLabel('Reason').fill(SCRIPT);
  await button('Correct', dialog()).click();
  await page.getByRole('row', { name: /Correction.*\+\$12\.50/ }).getByText(SCRIPT).waitFor();
  assert.equal((await fundNow(fund)).spent, -1_250);
  await look('fund');
  await page.getByRole('button', { name: 'Undo: Correction' }).click();
  await until(async () => (await fundNow(fund)).spent === 0, 'the undo');
});

test('a fund that would fall short asks for a reason', async () => {
  await visit(page, 'budget', 'funds', small.id);
  await page.getByRole('heading', { name: 'Small gift' }).waitFor();
  await button('Move money').click();
  await dialog().getByLabel('Amount').fill('25');
  await dialog().getByLabel('To the fund').selectOption({ label: 'Browser fund' });
  await button('Move money', dialog()).click();
  await page.getByText('Small gift would be $5.00 short').first().waitFor();
  assert.deepEqual(await barriers(page), []);
  await button('Go on anyway', dialog()).click();
  await dialog().getByText('Please say why.').waitFor();
  await button('Leave it', dialog()).click();
  assert.equal((await fundNow(small)).available, 2_000);
  assert.equal(await dialog().getByLabel('Amount').inputValue(), '25');
  await button('Move money', dialog()).click();
  await dialog().getByLabel('Reason').fill('More comes on Monday');
  await button('Go on anyway', dialog()).click();
  await page.getByRole('row', { name: /To another fund.*More comes on Monday/ }).waitFor();
  await page.locator('dialog[open]').waitFor({ state: 'detached' });
  assert.equal((await fundNow(small)).available, -500);
  await undo(page, '$25.00 moved to Browser fund.');
  await until(async () => (await fundNow(small)).available === 2_000, 'the undo');
});

test('a year that overlaps is refused at its day; the next one takes open orders along, and gives them back', async () => {
  const order = await money.order(vendor, small, 'to be rolled', [{ name: 'Atlas', price: 1_500 }], 'approve', 'send');
  await visit(page, 'budget', 'funds');
  await button('Years').click();
  await button('New year', dialog()).click();
  const next = await dialog().getByLabel('First day').inputValue();
  await dialog().getByLabel('First day').fill(money.year.starts);
  await button('Save', dialog()).click();
  await dialog().getByText(/Fiscal years do not overlap/).waitFor();
  assert.equal(await dialog().getByLabel('First day').evaluate((box) => box === document.activeElement), true);
  await dialog().getByLabel('First day').fill(next);
  await button('Save', dialog()).click();
  await button(`Roll over ${money.year.name}`, dialog()).click();
  const boxes = dialog().getByRole('checkbox');
  await boxes.first().waitFor();
  for (const box of await boxes.all()) if (!(await box.locator('..').innerText()).includes(order.number)) await box.uncheck();
  await button('Preview', dialog()).click();
  await dialog().getByText(/1 order with \$15\.00 goes to/).waitFor();
  assert.deepEqual(await barriers(page), []);
  await picture(page, 'budget-roll');
  await button('Roll over 1 order', dialog()).click();
  const short = page.getByLabel('Reason'); // the other year's fund is empty
  await short.waitFor();
  await short.fill('The year ends');
  await button('Go on anyway', dialog()).click();
  await until(async () => (await fundNow(small)).encumbered === 0, 'the roll-over');
  await undo(page, '1 order went to the other year.');
  await until(async () => (await fundNow(small)).encumbered === 1_500, 'the undo');
});

test('an order is made with the keyboard and the scanner alone', async () => {
  const title = titles.find(({ title }) => !title.includes(':'));
  await visit(page, 'budget', 'orders', 'new');
  await page.getByLabel('Vendor', { exact: true }).selectOption({ label: 'Quill & Sons' });
  await page.getByLabel('What it is for').fill(SCRIPT);
  const box = page.getByLabel('Add a line by a few words, an ISBN or a scan');
  await box.focus();
  await page.keyboard.type(title.title, { delay: 45 });
  await page.locator('.list-found').waitFor();
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('Enter');
  await until(() => page.evaluate(() => document.activeElement?.getAttribute('aria-label')?.startsWith('Price of')), 'the price has the focus');
  await page.keyboard.type('12,50', { delay: 45 });
  await page.keyboard.press('Enter');
  await until(() => box.evaluate((it) => it === document.activeElement), 'the box has the focus');
  await page.keyboard.type('qqq zzz wwwx', { delay: 45 });
  await page.keyboard.press('Enter');
  await until(() => page.evaluate(() => document.activeElement?.getAttribute('aria-label') === 'Price of qqq zzz wwwx'), 'words become a line');
  await page.keyboard.type('no price', { delay: 45 });
  await page.keyboard.press('Enter');
  await scan(page, '9780306406157');
  await page.getByText('ISBN 9780306406157 is on the order').waitFor();
  await until(() => page.evaluate(() => document.activeElement?.getAttribute('aria-label')?.endsWith('what it is')), 'its name has the focus');
  await page.keyboard.type('A book that nobody has', { delay: 45 });
  await page.getByLabel('Price of A book that nobody has').fill('$10');
  await page.getByLabel('Price of A book that nobody has').press('Enter');
  await scan(page, '9780306406157');
  await until(async () => (await page.getByLabel('Pieces of A book that nobody has').inputValue()) === '2', 'the second scan counts');
  for (const select of await page.locator('.bud-lines select').all()) await select.selectOption({ label: 'Browser fund' });
  await button('Save draft').click();
  await page.locator('.bud-lines .err', { hasText: 'This is not an amount' }).waitFor();
  assert.equal(await page.getByLabel('Price of qqq zzz wwwx').evaluate((it) => it === document.activeElement), true);
  assert.equal(await page.getByLabel('Price of qqq zzz wwwx').inputValue(), 'no price');
  await page.getByLabel('Price of qqq zzz wwwx').fill('7.50');
  await page.getByLabel('Shipping').fill('4,50');
  await page.locator('.bud-total', { hasText: '$44.50' }).waitFor();
  await button('Usual discount: $6.00').click();
  await page.locator('.bud-total', { hasText: '$38.50' }).waitFor();
  await look('edit');

  // What is typed stays while one looks elsewhere.
  await visit(page, 'budget', 'funds');
  await page.locator('.bud-fund').first().waitFor();
  await visit(page, 'budget', 'orders', 'new');
  await page.locator('.bud-total', { hasText: '$38.50' }).waitFor();
  await button('Save draft').click();
  await page.getByRole('heading', { name: /Quill & Sons/ }).waitFor();
  assert.match(await page.getByRole('heading', { name: /Quill & Sons/ }).innerText(), /onerror/);
  await button('Approve').click();
  await button('Mark as sent').click();
  await page.getByRole('link', { name: 'Receive', exact: true }).waitFor();
  await page.locator('.bud-lines tfoot', { hasText: '$38.50' }).first().waitFor();
  await look('order');
  assert.equal(await page.title().then((title) => title.includes('broken')), false);
});

test('an invoice above the order asks; accepted it is in the ledger, and history takes it back', async () => {
  const order = await money.receive(await money.order(vendor, fund, 'invoiced', [{ name: 'Globe', pieces: 2, price: 2_000 }], 'approve', 'send'), 2);
  await visit(page, 'budget', 'orders', order.id);
  await button('Enter invoice').click();
  assert.equal(await dialog().getByLabel('Amount').inputValue(), '40.00');
  await button('Enter it', dialog()).click();
  await dialog().getByText('Please enter the number of the invoice.').waitFor();
  await dialog().getByLabel('Invoice number').fill(SCRIPT.slice(0, 60));
  await dialog().getByLabel('Amount').fill('43.21');
  await button('Enter it', dialog()).click();
  await page.getByText(/asks for \$43\.21, but what came costs \$40\.00/).first().waitFor();
  assert.deepEqual(await barriers(page), []);
  await button('Check it again', dialog()).click();
  assert.equal(await dialog().getByLabel('Amount').inputValue(), '43.21');
  await button('Enter it', dialog()).click();
  await button('The invoice is right', dialog()).click();
  await page.locator('.bud-acts-list', { hasText: '$43.21' }).waitFor();
  await page.locator('dialog[open]').waitFor({ state: 'detached' });
  assert.equal((await money.ask('GET', `budget/orders/${order.id}`)).order.spent, 4_321);
  await page.getByRole('button', { name: 'Undo: Invoice entered' }).click();
  await page.getByText('No invoice yet.').waitFor();
  assert.equal((await money.ask('GET', `budget/orders/${order.id}`)).order.spent, 4_000);
});

test('two people at one draft: what the other saved is shown, and one chooses', async () => {
  const { id } = await money.order(vendor, fund, 'shared', [{ name: 'Pens' }]);
  await visit(page, 'budget', 'orders', id, 'edit');
  await page.getByLabel('What it is for').fill('mine');
  const { order } = await money.ask('GET', `budget/orders/${id}`);
  const lines = order.lines.map(({ id, fund, name, pieces, price }) => ({ id, fund: fund.id, name, pieces, price }));
  await money.ask('PUT', `budget/orders/${id}`, { updated: order.updated, year: order.year, vendor: vendor.id, name: 'theirs', lines: [...lines, { fund: fund.id, name: 'Ink', pieces: 3, price: 500 }] });
  await button('Save draft').click();
  await page.getByText(/Quill & Sons, 2 lines, \$25\.00/).waitFor();
  assert.equal(await page.getByLabel('What it is for').inputValue(), 'mine');
  assert.deepEqual(await barriers(page), []);
  await button('Take theirs').click();
  await page.getByLabel('Pieces of Ink').waitFor();
  assert.equal(await page.getByLabel('What it is for').inputValue(), 'theirs');
  await page.getByLabel('What it is for').fill('ours');
  await button('Save draft').click();
  await page.getByRole('heading', { name: /Quill & Sons · ours/ }).waitFor();
  await button('Cancel the order').click();
  await button('Cancel the order', dialog()).click();
  await page.locator('.bud-head .chip', { hasText: 'Cancelled' }).waitFor();
  await undo(page, `${order.number}: Cancelled`);
  await page.locator('.bud-head .chip', { hasText: 'Draft' }).waitFor();
});

test('a box is unpacked by scanning: unknown books, too many, and barcodes of one’s own', async () => {
  const of = (n) => `9780306406${n}`;
  const order = await money.order(vendor, fund, 'a box', [{ name: 'Unpacked one', isbn: of('157'), pieces: 2, price: 300 }, { name: 'A poster', price: 100 }], 'approve', 'send');
  await visit(page, 'budget', 'orders', order.id, 'receive');
  await page.getByRole('heading', { name: /^Receive / }).waitFor();
  const hear = async (code, words) => {
    await scan(page, code);
    await page.locator('.bud-heard', { hasText: words }).waitFor();
  };
  await hear('30417000999001', 'Scan the ISBN of the book first');
  await hear('9780140328721', 'is not on this order');
  await hear(of('157'), '“Unpacked one”: 1 of 2');
  await hear('30417000999001', 'goes with the copy');
  await hear('30417000999001', 'was scanned already');
  await hear('0306406152', '“Unpacked one”: 2 of 2');
  await hear(of('157'), 'is counted already');
  await look('receive');
  await page.getByLabel('How many came of A poster').fill('7');
  await button('Receive 9 pieces').click();
  await page.getByText('Only 1 is still to come.').waitFor();
  await page.getByLabel('How many came of A poster').fill('1');
  await button('Receive 3 pieces').click();
  await page.getByText('2 copies are in the catalog.').waitFor();
  await page.getByRole('row', { name: /30417000999001.*Unpacked one/ }).waitFor();
  assert.deepEqual(await barriers(page), []);
  await undo(page, '3 pieces were received.');
  await button('Receive 3 pieces').waitFor(); // what was counted stays counted
  assert.equal((await money.ask('GET', `budget/orders/${order.id}`)).order.state, 'sent');
});

test('orders are found by words and state, printed, and saved for finance; vendors are kept', async () => {
  await visit(page, 'budget', 'orders');
  await page.getByLabel('Find an order').fill('invoiced');
  await page.getByLabel('Where it is').selectOption({ label: 'All' });
  await page.getByRole('row', { name: /Quill & Sons · invoiced/ }).waitFor();
  assert.match(page.url(), /state=all.*q=invoiced/);
  await page.getByLabel('Find an order').fill('');
  await page.getByRole('row', { name: /Follett/ }).first().waitFor();
  await look('orders');
  for (const what of ['Orders as CSV', 'Ledger as CSV']) {
    const [file] = await Promise.all([page.waitForEvent('download'), button(what).click()]);
    assert.match(file.suggestedFilename(), /\.csv$/);
  }
  await page.getByRole('link', { name: 'Vendors' }).click();
  await button('New vendor').click();
  await dialog().getByLabel('Name of the vendor').fill('Quill & Sons');
  await dialog().getByLabel(/Usual discount/).fill('a lot');
  await button('Save', dialog()).click();
  await dialog().getByText('Please write it like 15 or 12.5.').waitFor();
  await dialog().getByLabel(/Usual discount/).fill('12,5');
  await button('Save', dialog()).click();
  await dialog().getByText('There is already one called Quill & Sons.').waitFor();
  await dialog().getByLabel('Name of the vendor').fill('Ink & Co');
  await button('Save', dialog()).click();
  await page.getByText('12.5 % off').waitFor();
  await look('vendors');
});

test('the report on a grant prints on its own, and the cost of a loan is told three ways', async () => {
  await visit(page, 'budget', 'grants');
  await page.getByRole('link', { name: 'Draft the report' }).first().click();
  await page.getByRole('heading', { name: 'Title IV grant' }).waitFor();
  await look('grant');
  const file = join(carrel.dir, 'grant.pdf');
  writeFileSync(file, await page.pdf({ format: 'Letter' }));
  const text = execFileSync('pdftotext', ['-layout', file, '-'], { encoding: 'utf8' });
  assert.match(text, /Title IV grant[^]*What was bought/);
  assert.doesNotMatch(text, /Catalog|Settings|See the ledger/);
  await visit(page, 'budget', 'cost');
  for (const by of ['Class number', 'Year', 'Fund']) {
    await button(by).click();
    await page.getByRole('columnheader', { name: by }).waitFor();
    await page.locator('.bud-costs tbody tr').first().waitFor();
  }
  await page.getByText(/copies for .* were borrowed .* times/).waitFor();
  await look('cost');
});

test('a teacher asks and sees only their own; the librarian says why not', async () => {
  const teacher = await signedIn(browser, carrel, 'teacher');
  assert.deepEqual(await teacher.locator('nav.rail a').filter({ hasText: 'Budget' }).count(), 1);
  await visit(teacher, 'budget', 'wishes');
  await teacher.getByRole('heading', { name: 'What you asked for' }).waitFor();
  assert.equal(await teacher.locator('.top .tabs a').count(), 0, 'there is one tab, so no row of tabs');
  await button('Send the request', teacher).click();
  await teacher.getByText('Please say which book.').waitFor();
  await teacher.getByLabel('Which book').fill(`${SCRIPT} Moths`);
  await teacher.getByLabel(/^ISBN/).fill('12345');
  await button('Send the request', teacher).click();
  await teacher.locator('.wishes-ask .err', { hasText: /ISBN|digit/ }).waitFor();
  assert.match(await teacher.getByLabel('Which book').inputValue(), /Moths/);
  await teacher.getByLabel(/^ISBN/).fill('');
  await button('Send the request', teacher).click();
  await teacher.locator('.wishes-list li', { hasText: 'Moths' }).waitFor();
  assert.equal(await teacher.locator('.wishes-list li').count(), 1);
  await look('wishes', teacher);
  await visit(page, 'budget', 'wishes');
  await page.getByRole('button', { name: /^Say why not: .*Moths/ }).click();
  await button('Say why not', dialog()).click();
  await dialog().getByText('Please say why not').waitFor();
  await dialog().getByLabel('Why not').fill('We have three books about moths.');
  await button('Say why not', dialog()).click();
  await teacher.getByText('We have three books about moths.').waitFor();
  assert.equal(await teacher.title().then((title) => title.includes('broken')), false);
  assert.deepEqual(teacher.faults, []);
  await teacher.context().close();
});

test('the principal reads and approves when the setting says so; aides and volunteers see nothing of it', async () => {
  const order = await money.order(vendor, fund, 'to be approved', [{ name: 'Chairs' }]);
  await visit(page, 'settings', 'budget');
  await page.getByLabel('Orders are approved by').selectOption({ label: 'The principal' });
  await button('Save').click();
  await page.locator('.toast', { hasText: 'saved' }).waitFor();
  assert.deepEqual(await barriers(page), []);
  await visit(page, 'budget', 'orders', order.id);
  await page.getByText('It waits for the principal').waitFor();
  assert.equal(await button('Approve').count(), 0);
  const principal = await signedIn(browser, carrel, 'principal');
  await visit(principal, 'budget', 'funds');
  await principal.locator('.bud-fund').first().waitFor();
  assert.deepEqual((await principal.locator('.top .tabs a').allInnerTexts()).map((name) => name.trim()), ['Funds', 'Orders', 'Grants', 'Cost per use']);
  assert.equal(await principal.getByRole('button', { name: /New (fund|order)/ }).count(), 0);
  await visit(principal, 'budget', 'orders', order.id);
  await button('Approve', principal).waitFor();
  for (const no of ['Edit', 'Cancel the order', 'Mark as sent']) assert.equal(await principal.getByText(no, { exact: true }).count(), 0, no);
  assert.deepEqual(await barriers(principal), []);
  await button('Approve', principal).click();
  await principal.locator('.bud-head .chip', { hasText: 'Approved' }).waitFor();
  await button('Mark as sent').waitFor();
  await principal.context().close();
  await money.ask('PUT', 'settings/budget', { approval: 'none' });
  for (const role of ['aide', 'volunteer']) {
    const other = await signedIn(browser, carrel, role);
    assert.equal(await other.locator('nav.rail a').filter({ hasText: 'Budget' }).count(), 0, role);
    const theirs = await other.evaluate(() => JSON.parse(localStorage.getItem('pocketbase_auth')).token);
    for (const path of ['budget', `budget/funds/${fund.id}`, 'budget/orders', 'budget/requests', 'budget/cost']) assert.equal((await money.try('GET', path, undefined, theirs)).status, 403, `${role} ${path}`);
    await other.context().close();
  }
});

test('all of it in Spanish, without running over', async () => {
  await visit(page, 'budget', 'funds');
  await speak(page, 'Español');
  await page.getByRole('heading', { name: /^Fondos/ }).waitFor();
  for (const [tab, words] of [['orders', 'Pedidos'], ['grants', 'Subvención'], ['cost', 'Lo que cuesta un préstamo'], ['wishes', 'Lo que piden'], ['funds', 'Pedidos abiertos']]) {
    await visit(page, 'budget', tab);
    await page.getByRole('heading', { name: words }).first().waitFor();
    for (const [suffix, size] of [['-390', sizes.phone], ['', sizes.wide]]) {
      await page.setViewportSize(size);
      const wide = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
      assert.ok(wide <= 1, `${tab}${suffix} is ${wide} too wide`);
      await picture(page, `budget-es-${tab}${suffix}`);
    }
    assert.deepEqual(await barriers(page), [], tab);
  }
  await speak(page, 'English');
});

test('nothing went wrong in the page, and nothing left the school', () => assert.deepEqual(page.faults, []));
