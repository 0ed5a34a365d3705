// The students' catalogue in the real browser on the real binary, on both doors: what a child does there, that it works by keyboard, in both languages, on
// a phone and without the server, and that nothing about people is ever said.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { after, before, test } from 'node:test';
import { gzipSync } from 'node:zlib';
import { Browser, Carrel, barriers, picture, sizes, until } from './carrel.js';

let carrel, browser, page, token;
const doors = () => ({ staff: `http://${carrel.staff}/`, student: `http://${carrel.student}/catalog/` });
const open = (of, hash) => of.evaluate((to) => (location.hash = to), hash);
const headed = (of, name) => of.getByRole('heading', { name, level: 1 }).waitFor();
const ask = async (path, origin = carrel.staff) => (await fetch(`http://${origin}${path}`)).json();

before(async () => {
  [carrel, browser] = await Promise.all([Carrel.sample(), Browser.open()]);
  token = await carrel.signIn();
  page = await browser.page();
});

after(async () => {
  await browser?.close();
  await carrel?.close();
});

for (const door of ['staff', 'student']) {
  test(`a child finds "dinosors" and where it stands, on the ${door} door`, async () => {
    const child = await browser.page();
    await child.goto(doors()[door]);
    await headed(child, 'What do you want to read today?');
    await child.getByRole('textbox', { name: 'Search for a book' }).pressSequentially('dinosors');
    await child.getByText('Here is “dinosaurs”.').waitFor();
    await child.getByRole('switch', { name: 'On the shelf now' }).click();
    await child.getByRole('link', { name: /^Dinosaurs/ }).first().click();
    await headed(child, /Dinosaurs/);
    const way = child.getByRole('region', { name: /Find it here|Its place/ });
    await way.getByText(/^Look for/).waitFor();
    assert.match(await way.getByRole('listitem').last().innerText(), /Look for 567\.9 \w+ on the label/);
    await child.goBack();
    await headed(child, /Books for “dinosors”/);
    assert.equal(await child.getByRole('switch').getAttribute('aria-checked'), 'true');
    await child.goForward();
    await headed(child, /Dinosaurs/);
    const shared = await browser.page();
    await shared.goto(child.url());
    await headed(shared, /Dinosaurs/);
    assert.equal(await child.getByRole('link', { name: 'Staff' }).count(), door === 'staff' ? 1 : 0);
    assert.deepEqual([...child.faults, ...shared.faults], []);
    await Promise.all([child.context().close(), shared.context().close()]);
  });
}

test('a book is shown on the map of the room, with the way there', async () => {
  const { body: kept } = await carrel.api('GET', '/api/carrel/settings/map', undefined, token);
  const { status } = await carrel.api('PUT', '/api/carrel/settings/map', kept, token);
  assert.equal(status, 200);
  const { items } = await ask('/catalog/search?q=dinosaurs&kind=nonfiction');
  await page.goto(doors().staff);
  await open(page, `#/book/${items[0].id}`);
  await page.getByRole('img', { name: /^Map of the library/ }).waitFor();
  assert.ok((await page.getByRole('region', { name: 'Find it here' }).getByRole('listitem').count()) > 1);
  await picture(page, 'pupil-book');
});

test('the script is small, and nothing comes from elsewhere', async (t) => {
  const fresh = await browser.page();
  await fresh.goto(doors().student);
  await headed(fresh, 'What do you want to read today?');
  const loaded = await fresh.evaluate(() => performance.getEntriesByType('resource').map((entry) => entry.name));
  let script = 0;
  for (const path of [...new Set(loaded)]) {
    assert.ok(path.startsWith(`http://${carrel.student}/catalog/`), path);
    const answer = await fetch(path);
    const zipped = gzipSync(Buffer.from(await answer.arrayBuffer()), { level: 9 }).length;
    if (/javascript/.test(answer.headers.get('content-type'))) script += zipped;
  }
  t.diagnostic(`${(script / 1000).toFixed(1)} kB of script gzipped`);
  assert.ok(script > 1000 && script <= 80_000, `${script} bytes of script`);
  assert.deepEqual(fresh.faults, []);
  await fresh.context().close();
});

test('no answer says anything about people', async () => {
  const rows = (sql) => JSON.parse(execFileSync('sqlite3', ['-json', `${carrel.dir}/data.db`, sql], { encoding: 'utf8' }) || '[]');
  const people = rows('SELECT id, barcode, first_name, last_name FROM patrons');
  const lent = rows("SELECT DISTINCT i.title FROM loans l JOIN items i ON i.id = l.item WHERE l.state = 'open' LIMIT 60");
  assert.ok(people.length > 100 && lent.length > 20);
  const home = await ask('/catalog/home');
  const paths = ['/catalog/home', '/catalog/map', '/catalog/search', '/catalog/search?q=a&perPage=100', '/catalog/search?available=false&perPage=100'];
  paths.push(...home.topics.filter(({ id }) => id).map(({ id }) => `/catalog/lists/${id}`));
  paths.push(...people.slice(0, 10).flatMap((one) => [`/catalog/search?q=${one.barcode}`, `/catalog/search?q=${encodeURIComponent(`${one.first_name} ${one.last_name}`)}`]));
  paths.push(...lent.map(({ title }) => `/catalog/titles/${title}`));
  for (const origin of [carrel.staff, carrel.student]) {
    for (const path of paths) {
      const text = await (await fetch(`http://${origin}${path}`)).text();
      for (const one of people) {
        for (const secret of [`${one.first_name} ${one.last_name}`, `${one.last_name}, ${one.first_name}`, `"${one.barcode}"`, one.id]) {
          assert.ok(!text.includes(secret), `${path} tells of ${secret}`);
        }
      }
    }
  }
});

test('a list of one’s own and the sources stay on the device', async () => {
  await page.goto(doors().staff);
  await open(page, '#/search?q=planets');
  await page.getByRole('link', { name: /^The Planets/ }).click();
  await headed(page, 'The Planets');
  await page.getByRole('button', { name: 'Save to my list' }).click();
  await page.getByRole('button', { name: 'On my list' }).waitFor();
  await page.getByRole('button', { name: 'Add to my sources' }).click();
  await page.reload();
  await page.getByRole('button', { name: 'On my list' }).waitFor();
  await page.getByRole('link', { name: /^My list/ }).click();
  await headed(page, 'My list');
  await page.getByRole('link', { name: /^The Planets/ }).waitFor();
  await page.getByText('Your list stays on this device.', { exact: false }).waitFor();
  await page.getByRole('link', { name: 'My sources' }).click();
  await page.getByText('Gibbons, Gail. The Planets. Holiday House, 1993.').waitFor();
  await page.getByRole('button', { name: 'APA' }).click();
  await page.getByText('Gibbons, G. (1993). The Planets. Holiday House.').waitFor();
  await page.getByRole('button', { name: 'Clear' }).click();
  await page.getByText('No sources yet.').waitFor();
  await open(page, '#/mine');
  await page.getByRole('button', { name: 'Clear' }).click();
  await page.getByText('Your list is empty.').waitFor();
});

test('a citation is copied with its italics', async () => {
  const child = await browser.page(sizes.wide, { permissions: ['clipboard-read', 'clipboard-write'] });
  await child.goto(doors().staff);
  await open(child, '#/search?q=planets');
  await child.getByRole('link', { name: /^The Planets/ }).click();
  await child.getByRole('button', { name: 'Copy citation' }).click();
  await child.getByText('Copied.').waitFor();
  const copied = await child.evaluate(async () => {
    const [item] = await navigator.clipboard.read();
    return { plain: await (await item.getType('text/plain')).text(), rich: await (await item.getType('text/html')).text() };
  });
  assert.equal(copied.plain.trim(), 'Gibbons, Gail. The Planets. Holiday House, 1993.');
  assert.match(copied.rich, /<i>The Planets<\/i>/);
  await child.context().close();
});

test('in Spanish, with one button', async () => {
  const child = await browser.page();
  await child.goto(doors().staff);
  await child.getByRole('button', { name: 'Español' }).click();
  await headed(child, '¿Qué quieres leer hoy?');
  assert.equal(await child.evaluate(() => document.documentElement.lang), 'es');
  await child.getByRole('textbox', { name: 'Busca un libro' }).pressSequentially('tiburones');
  await child.getByRole('link', { name: /^Sharks/ }).first().waitFor();
  await child.getByRole('link', { name: /^Sharks/ }).first().click();
  await child.getByText('Usa este libro en tu trabajo').waitFor();
  assert.match(await child.getByRole('listitem').filter({ hasText: 'Busca' }).innerText(), /Busca .+ en la etiqueta/);
  await child.reload();
  await child.getByText('Usa este libro en tu trabajo').waitFor();
  await open(child, '#/');
  await headed(child, '¿Qué quieres leer hoy?');
  await picture(child, 'pupil-home-es');
  assert.deepEqual(child.faults, []);
  await child.context().close();
});

test('nothing found is no dead end', async () => {
  await page.goto(doors().staff);
  await open(page, '#/search?q=zzyzx%20volcano');
  await page.getByRole('heading', { name: 'We did not find that.' }).waitFor();
  await page.getByRole('link', { name: /^volcano/ }).click();
  await page.getByRole('link', { name: /^Volcano/ }).first().waitFor();
  await open(page, '#/search?q=qqqqqq');
  await page.getByText('Or pick a topic:').waitFor();
  await page.getByRole('main').getByRole('link', { name: 'Graphic novels' }).click();
  await headed(page, 'Graphic novels');
  await open(page, '#/book/nothing');
  await headed(page, 'That page is not here.');
});

test('with the keyboard alone', async () => {
  const child = await browser.page();
  await child.goto(doors().staff);
  await headed(child, 'What do you want to read today?');
  await child.keyboard.press('Tab'); // skip link
  await child.keyboard.press('Tab'); // the school's name
  await child.keyboard.press('Tab');
  await child.keyboard.type('sharks');
  await child.getByRole('link', { name: /^Sharks/ }).first().waitFor();
  for (let i = 0; i < 30 && !(await child.evaluate(() => document.activeElement?.matches('.bkc'))); i++) await child.keyboard.press('Tab');
  await child.keyboard.press('Enter');
  await child.getByText('Use this book in your work').waitFor();
  assert.equal(await child.evaluate(() => document.activeElement?.tagName), 'MAIN');
  await child.context().close();
});

test('script in a title is text, and a title of any length has a cover', async () => {
  const marc = (title, n) => `<record xmlns="http://www.loc.gov/MARC21/slim"><leader>00000nam a2200000 a 4500</leader><controlfield tag="001">evil${n}</controlfield><datafield tag="100" ind1="1" ind2=" "><subfield code="a">Mallory, "onload=alert(1)</subfield></datafield><datafield tag="245" ind1="1" ind2="0"><subfield code="a">${title}</subfield></datafield></record>`;
  const titles = ['&lt;script&gt;document.title="x"&lt;/script&gt;&lt;img src=x onerror=alert(1)&gt; squid', `Squid ${'Donaudampfschifffahrtsgesellschaft'.repeat(3)}`, `Squid ${'very long '.repeat(40)}`];
  const file = `${carrel.dir}/squid.xml`;
  writeFileSync(file, `<collection xmlns="http://www.loc.gov/MARC21/slim">${titles.map(marc).join('')}</collection>`);
  carrel.run('import', 'titles', file);
  const child = await browser.page();
  child.on('dialog', () => assert.fail('a script ran'));
  await child.goto(doors().staff);
  await open(child, '#/search?q=squid');
  await child.getByText('3 books').waitFor();
  const wide = await child.evaluate(() => [...document.querySelectorAll('.cover text')].map((text) => text.getBBox()).filter((box) => box.x + box.width > 120 || box.y + box.height > 180).length);
  assert.equal(wide, 0, 'letters stand beyond the cover');
  await child.locator('.bkc').filter({ hasText: '<script>' }).click();
  await child.getByRole('heading', { level: 1, name: /<script>/ }).waitFor();
  assert.ok(await child.evaluate(() => document.documentElement.scrollWidth <= innerWidth));
  assert.deepEqual(child.faults, []);
  await child.context().close();
});

test('what is shown stays when the line drops, and goes on when it is back', async () => {
  const child = await browser.page();
  await child.goto(doors().staff);
  await open(child, '#/search?q=owl');
  await child.locator('.bkc').first().waitFor();
  await child.route('**/catalog/**', (route) => route.abort());
  await child.getByRole('textbox').fill('moon');
  await child.getByText('The library is not answering.', { exact: false }).waitFor();
  assert.ok((await child.locator('.bkc').count()) > 0, 'the books are gone');
  await child.unroute('**/catalog/**');
  await child.getByRole('button', { name: 'Try again' }).click();
  await child.getByText('The library is not answering.', { exact: false }).waitFor({ state: 'detached' });
  await child.getByRole('link', { name: /Goodnight Moon|Owl Moon/ }).first().waitFor();
  await child.context().close();
});

for (const [size, viewport] of Object.entries(sizes)) {
  test(`no barriers in three themes: ${size}`, async () => {
    const { items } = await ask('/catalog/search?q=dinosaurs');
    const child = await browser.page(viewport);
    await child.addInitScript(() => localStorage.setItem('carrel.catalog.list', '[{"id":"x","title":"The Planets","author":"Gibbons, Gail","call_number":"523.4 GIB"}]'));
    for (const theme of ['light', 'dark', 'contrast']) {
      await child.goto(doors().staff);
      await child.evaluate((name) => localStorage.setItem('carrel.theme', name), theme);
      await child.reload();
      for (const [name, hash, sign] of [
        ['home', '#/', '.bkc'], ['results', '#/search?q=space', '.bkc'], ['nothing', '#/search?q=qqqqqq', '.nothing'], ['book', `#/book/${items[0].id}`, '.cit'], ['mine', '#/mine', '.own'], ['sources', '#/sources', '.empty'],
      ]) {
        await open(child, hash);
        await child.locator(sign).first().waitFor();
        assert.deepEqual(await barriers(child), [], `${name}, ${theme}`);
        assert.ok(await child.evaluate(() => document.documentElement.scrollWidth <= innerWidth), `${name} is wider than the screen`);
        await picture(child, `pupil-${name}-${size}-${theme}`);
      }
    }
    assert.deepEqual(child.faults, []);
    await child.context().close();
  });
}

test('an unknown door stays shut: only reading, and never too fast', async () => {
  for (const method of ['POST', 'PUT', 'DELETE']) {
    const { status } = await fetch(`http://${carrel.student}/catalog/search`, { method });
    assert.ok([404, 405].includes(status), `${method} ${status}`);
  }
  const answers = await until(async () => {
    const many = await Promise.all(Array.from({ length: 400 }, () => fetch(`http://${carrel.student}/catalog/map`).then(({ status }) => status)));
    return many.includes(429) && many;
  }, 'the pace');
  assert.ok(answers.includes(200));
});
