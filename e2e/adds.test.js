// Adding books by scanning them: the line to the sources is away, a portal answers, a source wants to be left alone, the power goes; no scan is lost, rows
// fill by themselves, and a batch is added, labelled and taken back.
import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import { after, before, test } from 'node:test';
import { Browser, Carrel, barriers, freePort, picture, scan, signedIn, sizes, until, visit } from './carrel.js';

let carrel, browser, page, token, source;

/** A source on the internet as the test wants it: Open Library's answers on a port of this machine. */
class Source {
  constructor(port) {
    this.port = port;
    this.asked = [];
    this.mode = 'knows';
    this.unknown = new Set();
  }

  open() {
    this.server = createServer((request, response) => this.answer(new URL(request.url, 'http://source'), response));
    return new Promise((resolve) => this.server.listen(this.port, '127.0.0.1', resolve));
  }

  answer(url, response) {
    const isbn = url.searchParams.get('bibkeys').split(',')[0].replace('ISBN:', '');
    this.asked.push(isbn);
    if (this.mode === 'portal') return response.writeHead(200, { 'Content-Type': 'text/html' }).end('<!doctype html><title>SchoolNet</title>Sign in');
    if (this.mode === 'limited') return response.writeHead(429, { 'Retry-After': '2' }).end();
    const details = {
      key: `/books/OL${isbn}M`, title: `The book ${isbn}`, authors: [{ name: 'Kirsten Hall' }], publish_date: '2018', number_of_pages: 48, dewey_decimal_class: ['[E]'],
      subjects: ['Bees <script>document.title="run"</script>', 'Juvenile fiction'], languages: [{ key: '/languages/eng' }], isbn_13: [isbn],
    };
    response.writeHead(200, { 'Content-Type': 'application/json' }).end(JSON.stringify(this.unknown.has(isbn) ? {} : { [`ISBN:${isbn}`]: { bib_key: `ISBN:${isbn}`, details } }));
  }

  close() {
    this.server?.closeAllConnections();
    return new Promise((resolve) => (this.server ? this.server.close(resolve) : resolve()));
  }
}

const check = (body) => (10 - ([...body].reduce((sum, digit, i) => sum + Number(digit) * (i % 2 ? 3 : 1), 0) % 10)) % 10;
const isbn = (n) => { const body = `97814${String(n).padStart(7, '0')}`; return body + check(body); };
const thirty = Array.from({ length: 30 }, (_, i) => isbn(8146000 + i * 37));

const lookup = (on = true) => ({ on, sources: [{ id: 'open', name: 'Open Library', kind: 'openlibrary', url: `http://127.0.0.1:${source.port}`, on: true }] });

async function ask(method, path, body) {
  const answer = await carrel.api(method, `/api/carrel/${path}`, body, token);
  assert.ok(answer.status < 300, `${method} ${path}: ${answer.status} ${JSON.stringify(answer.body)}`);
  return answer.body;
}
const queue = () => ask('GET', 'adds');
const counts = async () => (await queue()).counts;
const button = (name) => page.getByRole('button', { name });

before(async () => {
  [carrel, browser] = await Promise.all([Carrel.sample(), Browser.open()]);
  source = new Source(await freePort());
  page = await signedIn(browser, carrel);
  token = await page.evaluate(() => JSON.parse(localStorage.getItem('pocketbase_auth')).token);
  await ask('PUT', 'settings/lookup', lookup());
});

after(async () => {
  await browser?.close();
  await source?.close();
  await carrel?.close();
});

async function look(name, themes = ['contrast', 'dark']) {
  for (const [suffix, size, theme] of [['-390', sizes.phone, 'light'], ...themes.map((each) => [`-${each}`, sizes.wide, each]), ['', sizes.wide, 'light']]) {
    await page.setViewportSize(size);
    await page.evaluate((wanted) => (document.documentElement.dataset.theme = wanted), theme);
    assert.deepEqual(await barriers(page), [], `${name}${suffix}`);
    const wide = await page.evaluate(() => Math.max(document.documentElement.scrollWidth - innerWidth, ...[...document.querySelectorAll('.view')].map((box) => box.scrollWidth - box.clientWidth)));
    assert.ok(wide <= 1, `${name}${suffix} is ${wide} too wide`);
    await picture(page, `adds-${name}${suffix}`);
  }
}

test('thirty scans while the line is away: each is kept, also when the power goes', async () => {
  await visit(page, 'catalog', 'add');
  await page.getByText('No books are waiting to be added.').waitFor();
  await look('empty', []);
  for (const code of thirty.slice(0, 20)) await scan(page, code);
  await until(async () => (await counts()).all === 20, 'twenty scans');
  await carrel.kill();
  for (const code of thirty.slice(20)) await scan(page, code); // the server is gone: this device keeps them
  await page.getByText(/are kept on this device/).waitFor();
  await carrel.serve();
  await until(async () => (await counts()).all === 30, 'all thirty');
  const { rows, counts: all, sources } = await queue();
  assert.deepEqual(rows.map((row) => row.isbn), thirty);
  assert.equal(all.waiting, 30);
  await until(async () => (await queue()).sources.at(-1).state === 'offline', 'the source to be away');
  assert.equal(sources[0].state, 'always');
  await page.getByText(/No internet since/).first().waitFor();
  await page.getByText('30 scanned today').waitFor();
  await look('away');
});

test('a portal and a busy source are waited out; then the rows fill by themselves', async () => {
  source.mode = 'portal';
  await source.open();
  await until(async () => (await queue()).sources.at(-1).state === 'portal', 'the portal');
  await page.getByText('the network wants a sign-in').waitFor();
  assert.equal((await counts()).waiting, 30);
  source.mode = 'limited';
  await ask('PUT', 'settings/lookup', lookup()); // as if the back-off were over
  await until(async () => (await queue()).sources.at(-1).state === 'limited', 'the limit');
  source.mode = 'knows';
  source.unknown.add(thirty[3]);
  source.asked = [];
  await until(async () => (await counts()).ready >= 8, 'the first rows to fill');
  await page.getByText(`The book ${thirty[0]}`).waitFor(); // nobody touched the page
  assert.deepEqual(source.asked.slice(0, 8), thirty.slice(0, 8), 'in the order of the scans');
  const row = await until(async () => (await queue()).rows.find(({ state }) => state === 'needs'), 'the book nobody knows');
  assert.equal(row.isbn, thirty[3]);
  assert.equal(row.why, 'No source knows this number.');
  assert.notEqual(await page.title(), 'run');
});

test('codes that are none, a book typed in, and a choice', async () => {
  for (const [code, says] of [['51299', /small code with the price/], ['9781250199341', /One digit of this ISBN is wrong/], ['036000291452', /a shop’s code|shop's code/]]) {
    await scan(page, code);
    await page.getByText(says).first().waitFor();
  }
  await button(/^Need you/).click();
  await button(`Type it in: ${thirty[3]}`).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByRole('button', { name: 'Save the book' }).click();
  await dialog.getByText('A book needs a title.').waitFor();
  await dialog.getByLabel('Title', { exact: true }).fill('Moon! <b>Earth’s</b> Best Friend');
  await dialog.getByLabel('Author').fill('Stacy McAnulty');
  await dialog.getByLabel('Year').fill('soon');
  await dialog.getByRole('button', { name: 'Save the book' }).click();
  await dialog.getByText(/A year has four digits/).waitFor();
  await page.keyboard.press('Escape');
  await button(`Type it in: ${thirty[3]}`).click(); // what was typed is still there
  assert.equal(await dialog.getByLabel('Author').inputValue(), 'Stacy McAnulty');
  await look('type', []);
  await dialog.getByLabel('Year').fill('2019');
  await dialog.getByLabel('Call number').fill('523.3 MCA');
  await dialog.getByRole('button', { name: 'Save the book' }).click();
  await dialog.waitFor({ state: 'detached' });
  await button(/^All/).click();
  await page.getByText('Moon! Earth’s Best Friend').waitFor();

  const twice = isbn(9900001);
  const record = (year) => JSON.stringify({ leader: '00000nam a2200000 a 4500', fields: [{ '001': `v${year}` }, { '020': { ind1: ' ', ind2: ' ', subfields: [{ a: twice }] } }, { 245: { ind1: '0', ind2: '0', subfields: [{ a: 'New Kid' }] } }, { 264: { ind1: ' ', ind2: '1', subfields: [{ b: 'Harper' }, { c: year }] } }, { 650: { ind1: ' ', ind2: '0', subfields: [{ a: 'Schools' }] } }] });
  await button('Vendor file (.mrc)').click();
  await look('file', []);
  await page.locator('dialog input[type=file]').first().setInputFiles({ name: 'letter.mrc', mimeType: 'application/marc', buffer: Buffer.from('Dear library') });
  await page.getByText(/holds no MARC records/).waitFor();
  await page.locator('dialog input[type=file]').first().setInputFiles({ name: 'vendor.mrc', mimeType: 'application/marc', buffer: Buffer.from(`[${record('2019')},${record('2021')}]`) });
  await page.getByText('2 records of vendor.mrc are here now.').waitFor();
  await page.getByRole('dialog').getByRole('button', { name: 'Close' }).click();
  await scan(page, twice);
  await page.getByText('Choose: 2 matches').waitFor();
  await button('Choose: New Kid').click();
  await look('choose');
  await button('Take record 2').click();
  await until(async () => (await queue()).rows.some(({ isbn: number, state, chosen }) => number === twice && state === 'ready' && chosen === 2), 'the choice');
});

test('all are added at once with labels, and taken back', async () => {
  await until(async () => (await counts()).waiting === 0, 'the last rows');
  await page.getByLabel('Next barcode').fill('30412 07906');
  await page.getByLabel('Next barcode').press('Tab');
  await page.getByLabel('Paid from').fill('Title IV 2025–26');
  await page.getByLabel('Paid from').press('Tab');
  await until(async () => (await queue()).batch.fund === 'Title IV 2025–26', 'the fund');
  await look('ready');
  const before = await counts();
  const ready = before.ready + before.own;
  assert.ok(ready >= 31, JSON.stringify(before));
  await button(`Add ${ready} ready books`).click();
  await page.getByText(`${ready} books were added.`).first().waitFor();
  assert.equal((await counts()).all, before.all - ready);
  assert.equal((await ask('GET', 'search?q=Moon%20Earth')).items[0].call_number !== undefined, true);
  const labels = page.waitForResponse((response) => response.url().includes('labels.pdf'));
  await button(`Print ${ready} labels`).click();
  assert.equal((await labels).status(), 200);
  await button('Undo this batch').click();
  await until(async () => (await counts()).all === before.all, 'the rows to be back');
  assert.equal((await ask('GET', `search?q=${thirty[0]}`)).items.length, 0);
  await page.getByText('The batch was taken back.').waitFor();
  await button('Earlier batches').click();
  await page.getByText(`${ready} books added`).waitFor();
  await page.getByText('Taken back', { exact: true }).waitFor();
  await look('past', []);
  await page.getByRole('dialog').getByRole('button', { name: 'Close' }).click();

  // The power goes in the middle of a batch: it is ended at the next start, and nothing is added twice.
  const again = ask('POST', 'adds/commit', { key: 'a batch cut off' }).catch(() => {});
  await again;
  await carrel.kill();
  await carrel.serve();
  await until(async () => (await counts()).all === before.all - ready, 'the batch to be ended');
  const last = (await ask('GET', 'imports')).imports.find(({ kind }) => kind === 'books');
  await until(async () => (await ask('GET', `imports/${last.id}`)).import.state === 'done', 'the end');
  assert.equal((await ask('GET', `search?q=${thirty[0]}`)).items[0].items, 1);
  await ask('POST', `imports/${last.id}/undo`, { key: 'the batch taken back' });
  await until(async () => (await counts()).all === before.all, 'the rows to be back again');

  // What is here already is known at once, and gets a copy.
  const asked = source.asked.length;
  await button(`Add: The book ${thirty[5]}`).click();
  await until(async () => (await counts()).all === before.all - 1, 'one book');
  await scan(page, thirty[5]);
  await page.getByText('You own it: add copy 2').waitFor();
  await button(`Add copy: The book ${thirty[5]}`).click();
  await until(async () => (await ask('GET', `search?q=${thirty[5]}`)).items[0].items === 2, 'two copies of one title');
  assert.equal(source.asked.length, asked, 'the own catalogue was enough');
});

test('the other choice for a file is an import with a preview', async () => {
  await page.reload();
  await visit(page, 'catalog', 'add');
  await button('Vendor file (.mrc)').click();
  const record = JSON.stringify({ leader: '00000nam a2200000 a 4500', fields: [{ '001': 'x1' }, { 245: { ind1: '0', ind2: '0', subfields: [{ a: 'A whole file' }] } }] });
  await page.locator('dialog input[type=file]').last().setInputFiles({ name: 'whole.mrc', mimeType: 'application/marc', buffer: Buffer.from(`[${record}]`) });
  await page.getByText('A whole file').first().waitFor();
  assert.ok(page.url().includes('#/catalog/import'));
});

test('the sources are settings; the words are Spanish, too', async () => {
  await visit(page, 'settings', 'lookup');
  await page.getByRole('heading', { name: 'Where new books are looked up' }).waitFor();
  await button('Test Open Library').click();
  await page.getByText(/It answers, and knows/).waitFor();
  await look('settings');
  await page.getByLabel('Address').fill('ftp://books');
  await page.getByRole('button', { name: 'Save', exact: true }).click();
  await page.getByText(/This is no address/).waitFor();
  await button('Go back to what is saved').click();
  await page.getByLabel(/Look up on the internet/).uncheck();
  await page.getByRole('button', { name: 'Save', exact: true }).click();
  await until(async () => !(await queue()).on, 'the switch');
  await visit(page, 'catalog', 'add');
  await page.getByText('Looking up on the internet is switched off.').waitFor();
  source.asked = [];
  await scan(page, isbn(7700001));
  await page.getByText(/looking up on the internet is switched off/).first().waitFor();
  assert.deepEqual(source.asked, [], 'nothing left the school');
  await carrel.api('PATCH', '/api/carrel/me', { language: 'es' }, token);
  await page.evaluate(() => localStorage.setItem('carrel.language', 'es'));
  await page.reload();
  await visit(page, 'catalog', 'add');
  await page.locator('.adds-queue').waitFor();
  await look('es', []);
  assert.deepEqual(page.faults.filter((fault) => !/net::ERR/.test(fault)), [], 'but for the time without a server');
});
