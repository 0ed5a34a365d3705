// From an empty machine to a borrowed book: the main journey, in a real browser on the real binary, with a real mail server.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { Browser, Carrel, Mailbox, barriers, picture, scan, sizes, until, visit } from './carrel.js';

let carrel, browser, mailbox, desk, kiosk, token;
const shelf = []; // barcodes of books that are in

before(async () => {
  [carrel, browser, mailbox] = await Promise.all([Carrel.sample(), Browser.open(), Mailbox.open()]);
  [desk, kiosk] = await Promise.all([browser.page(), browser.page()]);
  const out = new Set(JSON.parse(carrel.run('loans', 'list', '--json')).loans.map((loan) => loan.item));
  const file = `${carrel.dir}/titles.csv`;
  carrel.run('export', 'titles', file, '--format', 'csv');
  const { readFileSync } = await import('node:fs');
  for (const line of readFileSync(file, 'utf8').split('\n')) {
    const code = line.match(/,(30417\d{9}),/)?.[1];
    if (code && !out.has(code) && line.includes(',Fiction,')) shelf.push(code);
  }
  assert.ok(shelf.length > 20, 'books on the shelf');
});

after(async () => {
  await browser?.close();
  mailbox?.close();
  await carrel?.close();
});

const card = () => carrel.said.match(/carrel:p:[0-9A-Z]{17}/)[0];

test('the librarian signs in and makes a code for a kiosk', async () => {
  await desk.goto(`http://${carrel.staff}/staff/`);
  await desk.getByLabel('Email').fill('librarian@cedarhollow.example');
  await desk.getByLabel('Password').fill('wrong');
  assert.deepEqual(await barriers(desk), []);
  await picture(desk, 'staff-sign-in');
  await desk.getByRole('button', { name: 'Sign in' }).click();
  await desk.getByText('Email and password do not match').waitFor();
  await desk.getByLabel('Password').fill('cedar hollow');
  await desk.getByRole('button', { name: 'Sign in' }).click();
  token = await until(() => carrel.signIn(), 'the sign-in of this test'); // sign-ins are limited to two in three seconds
  await visit(desk, 'settings', 'kiosks');
  await desk.getByRole('button', { name: 'Show a code' }).click();
  await desk.locator('.once').waitFor();
  assert.deepEqual(await barriers(desk), []);
  await picture(desk, 'staff-kiosks');
});

test('the kiosk is paired with the code', async () => {
  await kiosk.goto(`http://${carrel.student}/`);
  await kiosk.getByLabel('One-time code').waitFor();
  assert.deepEqual(await barriers(kiosk), []);
  await picture(kiosk, 'kiosk-pair');
  await kiosk.getByLabel('One-time code').fill('ABCD EFGH');
  await kiosk.getByRole('button', { name: 'Pair this kiosk' }).click();
  await kiosk.getByText('This code is not known').waitFor();
  await kiosk.getByLabel('One-time code').fill(await desk.locator('.once').innerText());
  await kiosk.getByRole('button', { name: 'Pair this kiosk' }).click();
  await kiosk.getByRole('heading', { name: 'Hello! Scan your library card.' }).waitFor();
  assert.deepEqual(await barriers(kiosk), []);
  await picture(kiosk, 'kiosk-welcome');
});

test('a child scans a card and two books', async () => {
  await scan(kiosk, card());
  await kiosk.getByText('Is this you?').waitFor();
  assert.deepEqual(await barriers(kiosk), []);
  await picture(kiosk, 'kiosk-is-this-you');
  await scan(kiosk, shelf[0]); // a book means yes
  await kiosk.getByText('Got it!').waitFor();
  assert.deepEqual(await barriers(kiosk), []);
  await picture(kiosk, 'kiosk-success');
  await scan(kiosk, shelf[1]);
  await kiosk.getByText('2 of 5 books').waitFor();
  await scan(kiosk, '4006381333931'); // a food package
  await kiosk.getByRole('heading', { name: 'Try that again' }).waitFor();
  assert.deepEqual(await barriers(kiosk), []);
  await picture(kiosk, 'kiosk-try-again');
  const loans = JSON.parse(carrel.run('loans', 'list', '--json')).loans.map((loan) => loan.item);
  assert.ok(loans.includes(shelf[0]) && loans.includes(shelf[1]));
});

test('a refusal never says why', async () => {
  const taken = JSON.parse(carrel.run('loans', 'list', '--json')).loans.find((loan) => !shelf.includes(loan.item)).item;
  await scan(kiosk, taken);
  await kiosk.getByRole('heading', { name: 'Please see the librarian' }).waitFor();
  assert.deepEqual(await barriers(kiosk), []);
  await picture(kiosk, 'kiosk-see-librarian');
  assert.doesNotMatch(await kiosk.locator('body').innerText(), /checked out to|limit|late|block/i);
});

test('the child finishes and nothing of them is left', async () => {
  await kiosk.getByRole('button', { name: 'OK, I will' }).click();
  await kiosk.getByRole('button', { name: 'I’m finished' }).click();
  await kiosk.getByRole('heading', { name: /Happy reading/ }).waitFor();
  assert.deepEqual(await barriers(kiosk), []);
  await picture(kiosk, 'kiosk-finish');
  const name = (await kiosk.getByRole('heading', { name: /Happy reading/ }).innerText()).match(/All set, (.+)\. Happy/)[1];
  await kiosk.getByRole('button', { name: 'Done' }).click();
  await kiosk.getByRole('heading', { name: 'Hello! Scan your library card.' }).waitFor();
  const left = await kiosk.evaluate(() => document.documentElement.outerHTML + JSON.stringify({ ...localStorage }) + JSON.stringify({ ...sessionStorage }));
  assert.ok(!left.includes(name), `${name} is still in the page`);
  assert.ok(!left.includes('carrel:p:'), 'the card is still in the page');
});

test('the kiosk speaks Spanish', async () => {
  await kiosk.getByRole('button', { name: 'Español' }).click();
  await kiosk.getByRole('heading', { name: '¡Hola! Escanea tu tarjeta de la biblioteca.' }).waitFor();
  assert.equal(await kiosk.locator('html').getAttribute('lang'), 'es');
  await picture(kiosk, 'kiosk-welcome-es');
  await kiosk.getByRole('button', { name: 'English' }).click();
});

test('the kiosk stays calm while the server is away', async () => {
  await scan(kiosk, card());
  await kiosk.getByText('Is this you?').waitFor();
  await scan(kiosk, shelf[2]);
  await kiosk.getByText('Got it!').waitFor();
  await carrel.kill();
  await scan(kiosk, shelf[3]);
  await kiosk.getByRole('heading', { name: 'Saved.' }).waitFor();
  assert.deepEqual(await barriers(kiosk), []);
  await picture(kiosk, 'kiosk-away');
  await carrel.serve();
  await kiosk.getByText('This kiosk is working on its own.').waitFor({ state: 'detached' });
  const open = JSON.parse(carrel.run('loans', 'list', '--json')).loans.filter((loan) => loan.item === shelf[2] || loan.item === shelf[3]);
  assert.equal(open.length, 2);
});

test('the librarian takes a book back at the desk and undoes it', async () => {
  await visit(desk, 'desk');
  await desk.getByText('Scan a card to begin').waitFor();
  assert.deepEqual(await barriers(desk), []);
  await scan(desk, shelf[0]);
  await desk.getByText('Returned by').first().waitFor();
  let loans = JSON.parse(carrel.run('loans', 'list', '--json')).loans;
  assert.ok(!loans.some((loan) => loan.item === shelf[0]), 'the book is still out');
  await desk.keyboard.press('Control+z');
  await until(() => JSON.parse(carrel.run('loans', 'list', '--json')).loans.some((loan) => loan.item === shelf[0]), 'the undo');
  await scan(desk, shelf[0]);
  await until(() => !JSON.parse(carrel.run('loans', 'list', '--json')).loans.some((loan) => loan.item === shelf[0]), 'the second return');
});

test('the librarian lends at the desk', async () => {
  await scan(desk, card());
  await desk.getByText(/^Books .+ has$/).waitFor();
  await scan(desk, shelf[5]);
  await desk.getByText('Checked out to').first().waitFor();
  assert.deepEqual(await barriers(desk), []);
  await picture(desk, 'staff-desk');
  await desk.setViewportSize(sizes.phone);
  assert.deepEqual(await barriers(desk), []);
  await picture(desk, 'staff-desk-390');
  await desk.setViewportSize(sizes.wide);
});

test('a misspelt word finds its books', async () => {
  await visit(desk, 'catalog');
  await desk.getByLabel('Search title, author, subject').fill('dinosors');
  await desk.getByText('Dinosaurs', { exact: false }).first().waitFor();
  assert.deepEqual(await barriers(desk), []);
  await picture(desk, 'staff-catalog');
  await desk.setViewportSize(sizes.phone);
  await picture(desk, 'staff-catalog-390');
  await desk.setViewportSize(sizes.wide);
});

test('families of late books get exactly one mail', async () => {
  await carrel.useMail(mailbox.smtp);
  await visit(desk, 'people', 'late');
  const send = desk.getByRole('button', { name: /^(Queue|Send) \d+ (waiting )?emails?$/ });
  await send.waitFor();
  await desk.locator('.slip').first().waitFor();
  assert.deepEqual(await barriers(desk), []);
  await picture(desk, 'staff-late');
  await send.click();
  await desk.getByRole('status').getByText(/sent by mail/).waitFor();
  const letters = await until(async () => (await mailbox.letters()).length > 0 && mailbox.letters(), 'the mail');
  const listed = (await carrel.api('GET', '/api/carrel/notices?state=sent&perPage=100', null, token)).body;
  assert.equal(letters.length, listed.totalItems);
  const titles = new Set(JSON.parse(carrel.run('loans', 'list', '--json')).loans.map((loan) => loan.title));
  for (const letter of letters) {
    for (const title of titles) assert.ok(!letter.subject.includes(title), `a title in the subject: ${letter.subject}`);
  }
  carrel.run('notices', 'run');
  assert.equal((await mailbox.letters()).length, letters.length, 'a second run sent again');
});

test('a family whose books came back hears no more', async () => {
  const told = async () => (await carrel.api('GET', '/api/carrel/notices?state=sent&perPage=200', null, token)).body.items;
  const before = await told();
  const child = before[0].patron.barcode;
  const out = JSON.parse(carrel.run('loans', 'list', '--patron', child, '--json')).loans;
  for (const loan of out) await carrel.api('POST', '/api/carrel/returns', { item: loan.item, key: crypto.randomUUID() }, token);
  const letters = (await mailbox.letters()).length;
  const later = new Date(Date.now() + 60 * 24 * 3600 * 1000).toISOString().slice(0, 10);
  carrel.run('notices', 'run', '--on', later);
  await until(async () => (await mailbox.letters()).length > letters, 'the mail of the others');
  const of = (notices) => notices.filter((notice) => notice.patron.barcode === child).length;
  assert.ok(out.length > 0 && of(before) > 0);
  assert.equal(of(await told()), of(before), 'told of books that are back');
});

test('slips and cards are PDF', async () => {
  for (const path of ['notices/slips', 'cards.pdf']) {
    const answer = await fetch(`http://${carrel.staff}/api/carrel/${path}`, { headers: { Authorization: token } });
    const bytes = Buffer.from(await answer.arrayBuffer());
    assert.equal(answer.status, 200);
    assert.equal(bytes.subarray(0, 5).toString(), '%PDF-');
  }
});

test('the student door has nothing of the staff door', async () => {
  for (const path of ['/_/', '/api/collections/patrons/records', '/api/carrel/checkouts', '/api/carrel/patrons/20417000001273', '/staff/', '/api/health']) {
    assert.equal((await fetch(`http://${carrel.student}${path}`)).status, 404, path);
  }
});

test('a card printed to PDF opens a session', { skip: false }, async (t) => {
  const { execFileSync } = await import('node:child_process');
  const { writeFileSync } = await import('node:fs');
  const rooms = (await carrel.api('GET', '/api/carrel/homerooms', null, token)).body.homerooms;
  const answer = await fetch(`http://${carrel.staff}/api/carrel/cards.pdf?homeroom=${rooms[0].id}`, { headers: { Authorization: token } });
  writeFileSync(`${carrel.dir}/cards.pdf`, Buffer.from(await answer.arrayBuffer()));
  execFileSync('pdftoppm', ['-r', '200', '-png', '-singlefile', `${carrel.dir}/cards.pdf`, `${carrel.dir}/cards`]);
  const codes = execFileSync('zbarimg', ['-q', '--raw', `${carrel.dir}/cards.png`], { encoding: 'utf8' }).trim().split('\n');
  t.diagnostic(`${codes.length} codes on the first sheet`);
  assert.equal(codes.length, Math.min(8, rooms[0].patrons));
  const printed = await browser.page();
  const code = (await carrel.api('POST', '/api/carrel/kiosks', {}, token)).body.code;
  await printed.goto(`http://${carrel.student}/`);
  await printed.getByLabel('One-time code').fill(code);
  await printed.getByRole('button', { name: 'Pair this kiosk' }).click();
  await printed.getByRole('heading', { name: 'Hello! Scan your library card.' }).waitFor();
  await scan(printed, codes[0]);
  await printed.getByText('Is this you?').waitFor();
});

test('the kiosk fits a phone and stays paired', async () => {
  await kiosk.setViewportSize(sizes.phone);
  await kiosk.reload(); // whatever it showed, it starts anew with the first child's card
  await kiosk.getByRole('heading', { name: 'Hello! Scan your library card.' }).waitFor();
  assert.deepEqual(await barriers(kiosk), []);
  await picture(kiosk, 'kiosk-welcome-390');
});

test('no page failed and nothing left the school', () => {
  assert.deepEqual(desk.faults.concat(kiosk.faults).filter((fault) => !/ERR_CONNECTION_REFUSED|ERR_INCOMPLETE_CHUNKED_ENCODING|Failed to fetch/.test(fault)), []);
});
