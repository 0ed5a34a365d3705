// The whole way of some money: a teacher asks for a book, the librarian orders it, the principal approves, twenty copies come and get their labels, a child takes
// the first one home, and what each loan costs is told.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { Browser, Carrel, picture, scan, signedIn, until, visit } from './carrel.js';

const NAME = 'A Tale of Twenty Copies';
let carrel, browser, page, token, teacher, principal, order, fund, barcode;

before(async () => {
  [carrel, browser] = await Promise.all([Carrel.sample(), Browser.open()]);
  page = await signedIn(browser, carrel);
  token = await page.evaluate(() => JSON.parse(localStorage.getItem('pocketbase_auth')).token);
  const settings = await api('GET', 'settings/budget');
  await api('PUT', 'settings/budget', { ...settings, approval: 'principal' });
  [teacher, principal] = [await signedIn(browser, carrel, 'teacher'), await signedIn(browser, carrel, 'principal')];
  [fund] = (await api('GET', 'budget')).funds;
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
const button = (name, on = page) => on.getByRole('button', { name, exact: true });
const now = async () => (await api('GET', `budget/orders/${order.id}`)).order;
const fundNow = async () => (await api('GET', 'budget')).funds.find(({ id }) => id === fund.id);

test('a teacher asks for a book, and sees no money', async () => {
  await visit(teacher, 'budget', 'wishes');
  await teacher.getByLabel('Which book').fill(NAME);
  await teacher.locator('#wish-isbn').fill('978-0-00-000000-2');
  await button('Send the request', teacher).click();
  await teacher.locator('.wishes-list').getByText(NAME).waitFor();
  assert.equal(await teacher.getByRole('link', { name: 'Funds' }).count(), 0);
});

test('the librarian makes an order of it', async () => {
  await visit(page, 'budget', 'wishes');
  await page.locator('.wishes-list li', { hasText: NAME }).getByRole('link', { name: 'Order it' }).click();
  await page.getByLabel('Vendor', { exact: true }).selectOption({ label: 'Follett' });
  await page.getByLabel(`Fund of ${NAME}`).selectOption(fund.id);
  await page.getByLabel(`Pieces of ${NAME}`).fill('20');
  await page.getByLabel(`Price of ${NAME}`).fill('9.5O'); // an O for a nought
  await button('Save draft').click();
  await page.locator('[aria-invalid=true]').waitFor();
  await page.getByLabel(`Price of ${NAME}`).fill('9.50');
  await button('Save draft').click();
  await page.locator('#bud-order').waitFor();
  const id = await page.evaluate(() => location.hash.split('/').at(-1));
  ({ order } = await api('GET', `budget/orders/${id}`));
  assert.equal(order.total, 19_000);
  assert.equal(order.lines[0].pieces, 20);
  assert.equal(await button('Approve').count(), 0, 'the principal approves here');
});

test('the principal approves it, and may do nothing else', async () => {
  await visit(principal, 'budget', 'orders', order.id);
  await button('Approve', principal).click();
  await until(async () => (await now()).state === 'approved', 'the approval');
  await button('Approve', principal).waitFor({ state: 'detached' });
  assert.equal(await button('Mark as sent', principal).count(), 0);
});

test('it is sent, and its money is promised', async () => {
  const before = await fundNow();
  await visit(page, 'budget', 'orders', order.id);
  await button('Mark as sent').click();
  await until(async () => (await now()).state === 'sent', 'the sending');
  assert.equal((await fundNow()).available, before.available - 19_000);
});

test('twenty books come, with copies and labels', async () => {
  await page.getByRole('link', { name: 'Receive', exact: true }).click();
  await button('All of it came').click();
  await button('Receive 20 pieces').click();
  await page.getByText('20 copies are in the catalog.').waitFor();
  await picture(page, 'money-received');
  const received = await now();
  assert.deepEqual([received.state, received.lines[0].items, received.spent], ['received', 20, 19_000]);
  barcode = await page.locator('.bud-made tbody th').first().innerText();
  await button('Print labels').click();
  const paper = page.context().waitForEvent('response', (answer) => answer.url().includes('labels.pdf') && answer.headers()['content-type'] === 'application/pdf');
  await page.getByRole('dialog').getByRole('button', { name: 'Open as PDF' }).click();
  await until(async () => {
    const anyway = page.getByRole('dialog').getByRole('button', { name: 'Open anyway' }); // a label may be too narrow for a long name
    if (await anyway.count()) await anyway.click();
    return (await page.getByRole('dialog').count()) === 0;
  }, 'the labels');
  assert.equal((await paper).status(), 200);
  await visit(teacher, 'budget', 'wishes');
  await teacher.locator('.wishes-list li', { hasText: NAME }).getByText('It is here').waitFor();
});

test('the first of them is lent, and each loan has its cost', async () => {
  const { items } = await carrel.api('GET', '/api/carrel/patrons?type=student&perPage=200', null, token).then(({ body }) => body);
  const child = items.find(({ loans, late, blocked }) => !late && !blocked && loans < 3);
  await page.keyboard.press('Escape');
  await visit(page, 'desk', 'person');
  await page.getByText('Scan a card to begin').waitFor();
  await scan(page, child.barcode);
  await page.locator('.patron', { hasText: child.barcode }).waitFor();
  await scan(page, barcode);
  await page.locator('.flash', { hasText: 'Checked out' }).waitFor();
  const cost = async () => (await api('GET', 'budget/cost?by=fund')).rows.find(({ name }) => name === fund.name);
  await until(async () => (await cost())?.loans > 0, 'the first loan in the cost');
  const { items: copies, cents, loans, per_loan: each } = await cost();
  assert.ok(copies >= 20 && cents >= 19_000);
  assert.equal(each, Math.round(cents / loans));
  await visit(page, 'budget', 'cost');
  await page.getByRole('rowheader', { name: fund.name, exact: true }).waitFor();
  await picture(page, 'money-cost');
});

test('no page failed and nothing left the school', () => assert.deepEqual([page, teacher, principal].flatMap(({ faults }) => faults), []));
