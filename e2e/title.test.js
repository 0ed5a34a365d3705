// One title: its page, the simple form that saves by itself, the record as MARC, versions, covers, and two people at one title.
import assert from 'node:assert/strict';
import { after, before, beforeEach, test } from 'node:test';
import { Browser, Carrel, barriers, picture, signedIn, sizes, undo, until, visit } from './carrel.js';
import { png } from './files.js';

let carrel, browser, page, token, titles;

before(async () => {
  [carrel, browser] = await Promise.all([Carrel.sample(), Browser.open()]);
  page = await signedIn(browser, carrel);
  token = await page.evaluate(() => JSON.parse(localStorage.getItem('pocketbase_auth')).token);
  titles = (await ask('GET', 'search?perPage=40&kind=nonfiction')).items;
  assert.ok(titles.length > 12);
});

after(async () => {
  await browser?.close();
  await carrel?.close();
});

beforeEach(() => page.setViewportSize(sizes.wide));

async function ask(method, path, body) {
  const answer = await carrel.api(method, `/api/carrel/${path}`, body, token);
  assert.ok(answer.status < 300, `${path}: ${JSON.stringify(answer.body)}`);
  return answer.body;
}

const open = (id, view, of = page) => visit(of, 'catalog', 'search', id, ...(view ? [view] : []));
const field = (name, of = page) => of.getByLabel(name, { exact: true });
const saved = (of = page) => of.getByText(/^Saved \d/).waitFor();
const button = (name, of = page) => of.getByRole('button', { name, exact: true });
const lines = (record) => record.fields.map(({ tag, ind1, ind2, value, subfields }) => JSON.stringify([tag, ind1, ind2, value ?? subfields]));

/** What of a record went and came between two looks at it. */
async function changed(id, work) {
  const before = await ask('GET', `titles/${id}/marc`);
  await work();
  const after = await ask('GET', `titles/${id}/marc`);
  const [was, is] = [lines(before), lines(after)];
  return [...was.filter((line) => !is.includes(line)), ...is.filter((line) => !was.includes(line))].map((line) => JSON.parse(line)[0]);
}

async function speak(of, language) {
  await of.getByRole('button', { name: /account menu|menú de la cuenta/i }).click();
  await of.getByRole('button', { name: language === 'es' ? 'Español' : 'English', exact: true }).click();
  await of.keyboard.press('Escape');
}

/** Looks at a screen in three themes, both languages and both sizes. */
async function look(name, of = page) {
  for (const [suffix, size, theme, language] of [
    ['-390', sizes.phone, 'light', 'en'],
    ['-es', sizes.wide, 'contrast', 'es'],
    ['-dark', sizes.wide, 'dark', 'en'],
    ['', sizes.wide, 'light', 'en'],
  ]) {
    await of.setViewportSize(size);
    await of.evaluate((theme) => (document.documentElement.dataset.theme = theme), theme);
    if (language === 'es' || suffix === '-dark') await speak(of, language);
    assert.deepEqual(await barriers(of), [], `${name}${suffix}`);
    const wide = await of.evaluate(() => document.documentElement.scrollWidth - innerWidth);
    assert.ok(wide <= 1, `${name}${suffix} is ${wide} too wide`);
    await picture(of, `title-${name}${suffix}`);
  }
}

test('the page of a title shows its copies, subjects and use, by keyboard too', async () => {
  const { id } = titles[0];
  const { title } = (await ask('GET', `titles/${id}`)).title.fields;
  await open(id);
  await page.getByRole('heading', { name: title, level: 2, exact: true }).waitFor();
  await page.locator('.copies tbody tr').first().waitFor();
  await look('page');
  await page.getByRole('tab', { name: /^Copies/ }).focus();
  await page.keyboard.press('ArrowRight');
  await page.getByLabel('Add a tag…').fill('Space week');
  await page.keyboard.press('Enter');
  await until(async () => (await ask('GET', `titles/${id}`)).tags.includes('Space week'), 'the tag');
  await page.getByRole('tab', { name: 'Subjects' }).focus();
  await page.keyboard.press('ArrowRight');
  await page.getByText('This school year').waitFor();
  await page.getByText('As a table').click();
  assert.equal(await page.locator('.use tbody tr').count(), 24);
  assert.deepEqual(await barriers(page), []);
});

test('an edit in the form changes its field of the record and no other, and is one version', async () => {
  const { id } = titles[1];
  await open(id, 'edit');
  await field('Title').waitFor();
  const tags = await changed(id, async () => {
    await field('Title').fill('The quiet moon');
    await saved();
    await field('Publisher').fill('Holt');
    await page.keyboard.press('Tab');
    await until(async () => (await ask('GET', `titles/${id}`)).title.fields.publisher === 'Holt', 'the publisher');
  });
  assert.deepEqual([...new Set(tags)].sort().filter((tag) => !['245', '260', '264'].includes(tag)), []);
  assert.equal((await ask('GET', `titles/${id}/versions`)).versions.length, 2);
  await page.locator('.toast').getByRole('button', { name: 'Undo' }).first().click();
  await until(async () => (await ask('GET', `titles/${id}`)).title.fields.publisher !== 'Holt', 'the undo');
  assert.equal((await ask('GET', `titles/${id}`)).title.fields.title, 'The quiet moon');
  await look('form');
});

test('the exported record differs only where it was edited', async () => {
  const { id } = titles[2];
  await open(id, 'edit');
  await field('Author').waitFor();
  const file = async () => {
    const [download] = await Promise.all([page.waitForEvent('download'), button('Export .mrc').click()]);
    const { readFile } = await import('node:fs/promises');
    return (await readFile(await download.path(), 'utf8')).split('\x1e').slice(1);
  };
  const before = await file();
  await field('Author').fill('Gibbons, Gail A.');
  await saved();
  const after = await file();
  const plain = (fields) => fields.map((one) => one.replaceAll('\x1f', '$'));
  const came = plain(after.filter((one) => !before.includes(one)));
  assert.equal(came.length, 1, came.join('\n'));
  assert.match(came[0], /^1 \$aGibbons, Gail A\./);
  assert.equal(before.length, after.length);
});

test('a wrong digit is said beside the field and holds nothing up; a refused field keeps what was typed', async () => {
  const { id } = titles[3];
  await open(id, 'edit');
  await field('ISBN').fill('9781250199341');
  await page.getByText('This ISBN has a wrong digit. Check the back cover.').waitFor();
  await picture(page, 'title-wrong-digit');
  assert.deepEqual((await ask('GET', `titles/${id}`)).title.fields.isbn, ['9781250199341']);
  await field('Year').fill('20x9');
  await field('Pages').fill('41');
  await page.getByText('A year has four digits').waitFor();
  await until(async () => (await ask('GET', `titles/${id}`)).title.fields.pages === '41', 'the pages');
  assert.equal(await field('Year').inputValue(), '20x9');
  await visit(page, 'today');
  await open(id, 'edit');
  assert.equal(await field('Year').inputValue(), '20x9');
  await field('Year').fill('2009');
  await until(async () => (await ask('GET', `titles/${id}`)).title.fields.year === '2009', 'the year');
  await field('ISBN').fill('9781250199348');
  await page.getByText('This ISBN has a wrong digit').waitFor({ state: 'detached' });
});

test('the record is edited as MARC by keyboard, and control characters that are pasted come to nothing', async () => {
  const { id } = titles[4];
  await open(id, 'marc');
  const rows = page.locator('.marc tbody tr');
  await rows.nth(3).waitFor();
  await look('marc');
  const tags = await changed(id, async () => {
    await page.getByLabel(/^Content of 245$/).focus();
    await page.keyboard.press('Enter');
    await page.keyboard.type('500');
    await page.keyboard.press('Tab');
    await page.keyboard.press('Tab');
    await page.keyboard.insertText('$a Kept \u001d\u0003here');
    await page.getByText('Invisible characters that came with the text were taken out: U+001D U+0003.').waitFor();
    await saved();
  });
  assert.deepEqual(tags, ['500']);
  const record = await ask('GET', `titles/${id}/marc`);
  assert.ok(record.fields.some(({ tag, subfields }) => tag === '500' && subfields[0].value === 'Kept here'), JSON.stringify(record.fields));
  const indicator = page.getByLabel('Indicators of 500');
  await indicator.fill('?!');
  await page.getByText('“?” is no indicator').waitFor();
  assert.equal(await indicator.inputValue(), '?!');
  await indicator.fill('  ');
  await page.getByText('“?” is no indicator').waitFor({ state: 'detached' });
  await button('Remove field 500').click();
  await until(async () => !(await ask('GET', `titles/${id}/marc`)).fields.some(({ tag }) => tag === '500'), 'the field to go');
  await undo(page, 'Field 500 is removed');
  await until(async () => (await ask('GET', `titles/${id}/marc`)).fields.some(({ tag }) => tag === '500'), 'the field to come back');
});

test('two browsers edit one title: different fields join, the same field is chosen', async () => {
  const { id } = titles[5];
  const other = await signedIn(browser, carrel, 'aide');
  await open(id, 'edit');
  await open(id, 'edit', other);
  await field('Summary optional').waitFor();
  await field('Summary optional', other).waitFor();
  await other.route('**/api/realtime', (route) => route.abort()); // she does not hear of it
  await field('Title').fill('Mine');
  await saved();
  await field('Publisher', other).fill('Hers');
  await until(async () => (await ask('GET', `titles/${id}`)).title.fields.publisher === 'Hers', 'the joined field');
  const now = await ask('GET', `titles/${id}`);
  assert.equal(now.title.fields.title, 'Mine');
  // somebody saves the same field between her look and her save
  await field('Title', other).focus();
  const [, answered] = await Promise.all([
    (async () => {
      await other.route(`**/api/carrel/titles/${id}`, async (route) => {
        if (route.request().method() === 'PATCH') {
          await other.unroute(`**/api/carrel/titles/${id}`);
          const fresh = await ask('GET', `titles/${id}`);
          await ask('PATCH', `titles/${id}`, { updated: fresh.title.updated, fields: { title: 'Theirs' } });
        }
        await route.continue();
      });
    })(),
    (async () => {
      await field('Title', other).fill('Ours');
      await other.getByText('Somebody else changed this, too.').waitFor();
      return true;
    })(),
  ]);
  assert.ok(answered);
  assert.deepEqual(await barriers(other), []);
  await picture(other, 'title-both');
  await other.getByRole('button', { name: /^Mine: Ours/ }).click();
  await until(async () => (await ask('GET', `titles/${id}`)).title.fields.title === 'Ours', 'the choice');
  assert.deepEqual(other.faults, []);
});

test('an older version is looked at and restored, and that is taken back', async () => {
  const { id, title } = titles[6];
  const now = await ask('GET', `titles/${id}`);
  await ask('PATCH', `titles/${id}`, { updated: now.title.updated, fields: { title: 'Another name' } });
  await open(id, 'edit');
  await button('What changed? 2 versions').click();
  const dialog = page.getByRole('dialog');
  await dialog.getByText('Edited').waitFor();
  assert.deepEqual(await barriers(page), []);
  await picture(page, 'title-versions');
  await dialog.getByRole('button', { name: 'Restore this' }).click();
  await until(async () => (await ask('GET', `titles/${id}`)).title.fields.title === now.title.fields.title, 'the restored title');
  await until(async () => (await field('Title').inputValue()) === now.title.fields.title, `${title} in the form`);
  await undo(page, 'The older version is back');
  await until(async () => (await ask('GET', `titles/${id}`)).title.fields.title === 'Another name', 'the undo');
});

test('a cover is brought as a file and seen by anybody', async () => {
  const { id } = titles[7];
  await open(id, 'edit');
  await page.getByLabel('Add a cover').setInputFiles({ name: 'cover.png', mimeType: 'image/png', buffer: png(600, 900) });
  const shown = page.locator('.cover-box img');
  await shown.waitFor();
  await until(() => shown.evaluate((image) => image.naturalWidth === 400 && image.naturalHeight === 600), 'the cover');
  assert.equal((await fetch(`http://${carrel.staff}/catalog/covers/${id}`)).headers.get('content-type'), 'image/jpeg');
  await page.locator('.cover-box input[type=file]').first().setInputFiles({ name: 'x.png', mimeType: 'image/png', buffer: Buffer.from('no picture') });
  await page.getByText('This cannot be read as a picture').waitFor();
  await field('Title').fill('With a cover');
  await saved(); // the form knows that the title was saved with its cover
  await button('Remove the cover').click();
  await page.locator('.cover-box svg').first().waitFor();
});

test('a script in a title is a title', async () => {
  const { id } = titles[8];
  const nasty = '<img src=x onerror="window.ran=1"><script>window.ran=1</script>';
  await open(id, 'edit');
  await field('Title').fill(nasty);
  await saved();
  await open(id);
  await page.getByRole('heading', { name: nasty, level: 2 }).waitFor();
  await open(id, 'marc');
  await page.getByLabel('Content of 245').waitFor();
  assert.equal(await page.evaluate(() => window.ran), undefined);
});

test('a title is typed in, told when it is here, copied and deleted', async () => {
  let known;
  for (const { id } of titles.slice(9)) if ((known = (await ask('GET', `titles/${id}`)).title.fields).author && !known.subtitle) break;
  await open('new');
  await field('Title').fill('');
  await button('Add title').click();
  await page.getByText('A title is needed.').waitFor();
  await field('Title').fill(known.title);
  await field('Author').fill(known.author);
  await button('Add title').click();
  await page.getByRole('dialog').getByText('This may be here already').waitFor();
  assert.deepEqual(await barriers(page), []);
  await page.getByRole('dialog').getByRole('button', { name: 'Back' }).click();
  await field('Title').fill('A book of our own');
  await page.getByLabel('Add a subject…').fill('Our school');
  await page.keyboard.press('Enter');
  await picture(page, 'title-new');
  await button('Add title').click();
  await page.getByRole('heading', { name: 'A book of our own', level: 2 }).waitFor();
  await page.getByRole('link', { name: 'Edit', exact: true }).click();
  await button('Duplicate').click();
  await page.getByText('This is the copy.').waitFor();
  await page.getByRole('link', { name: 'Title page' }).click();
  await button('Delete').click();
  await page.getByRole('dialog').getByRole('button', { name: 'Delete' }).click();
  await page.getByText('“A book of our own” is deleted').waitFor();
  assert.deepEqual(page.faults, []);
});
