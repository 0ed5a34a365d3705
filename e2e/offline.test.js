// The kiosk without its server. First what a child sees; then the offline drill: sixty acts at a kiosk whose server is killed, whose page is reloaded
// and whose browser is killed. Each act is one fact, what cannot be true is a question, nothing is lost and nothing doubled. CARREL_DRILLS runs
// more drills, CARREL_SEED names the first.
import assert from 'node:assert/strict';
import { createServer, request } from 'node:http';
import { after, before, beforeEach, describe, test } from 'node:test';
import { Browser, scan, until } from './carrel.js';
import { KioskBrowser, School, atRest, headed, lookAt, pressed, queued, signIn } from './kiosk.js';

describe('what a child sees', () => {
  let school, browser, page, id, books, cards;
  const book = () => books.shift().barcode;
  const card = () => cards.shift().card;
  const look = (name, of = page) => lookAt(name, of);
  const heading = (text, of = page) => headed(of, text);
  const press = (name, of = page) => pressed(of, name);

  before(async () => {
    [school, browser] = await Promise.all([School.open(), Browser.open()]);
    [books, cards] = [[...school.books], [...school.children]];
    page = await browser.page();
    id = await school.pair(page, { returns: true });
  });

  beforeEach(() => school.revive());

  after(async () => {
    await browser?.close();
    await school?.close();
  });

  test('kindergarten: the tapped face is kept as its token', async () => {
    await school.set(page, id, { kinder: true });
    await school.window(page, id, school.homerooms.find((room) => room.name.startsWith('K')).id);
    await school.die();
    await page.locator('.fb').first().click();
    await heading(/^Scan your book/);
    await scan(page, book());
    await heading(/^Yay/);
    await look('kinder-alone');
    const [act] = await queued(page);
    assert.match(act.child, /^face:/);
    assert.deepEqual(Object.keys(act).sort(), ['at', 'child', 'item', 'key', 'kind', 'n', 'offset_ms']);
    await press('Bye!');
    await school.revive();
    await until(async () => (await queued(page)).length === 0, 'the replay');
    const facts = await school.rows('circ_events', `key = '${act.key}'`);
    assert.equal(facts.length, 1);
    await school.window(page, id);
    await school.set(page, id, { kinder: false });
  });

  test('alone, saved, closed', async (t) => {
    await school.die();
    const child = cards.shift();
    const mine = child.card;
    await signIn(page, mine);
    await page.locator('.obn').waitFor();
    await look('alone-ready');
    await scan(page, book());
    await heading('Saved.');
    await page.getByText('Bring it back when your class comes again.').last().waitFor();
    await look('alone-saved');
    await scan(page, 'https://example.org/');
    await heading('Try that again');
    await press('I’m finished');
    await heading(/Happy reading/);
    await look('alone-finish');
    await press('Done');
    await look('alone');
    await press('Return a book');
    await scan(page, book());
    await heading('Saved.');
    await look('alone-returned');
    await page.reload(); // the page itself comes from this device
    await page.getByText('2 saved').waitFor();
    t.diagnostic(`first paint without the server after ${await page.evaluate(() => Math.round(performance.getEntriesByName('first-contentful-paint')[0].startTime))} ms`);
    const rest = await atRest(page);
    assert.ok(rest.includes(mine), 'the card is what the act needs');
    assert.ok(!rest.includes(child.first_name), 'a name is at rest');
    await school.revive();
    await until(async () => (await queued(page)).length === 0, 'the replay');
    await school.set(page, id, { away: 'close' });
    await school.die();
    await scan(page, card());
    await heading('Please take your books to the desk');
    await look('closed');
    await press('Try now');
    await school.revive();
    await heading('Hello! Scan your library card.');
    await school.set(page, id, { away: 'lend' });
  });

  test('a browser that keeps nothing says so', async () => {
    const bare = await browser.page();
    await bare.addInitScript(() => Object.defineProperty(window, 'indexedDB', { value: undefined }));
    await school.pair(bare);
    await school.die();
    await scan(bare, card());
    await heading('Please take your books to the desk', bare);
    await bare.getByText('This kiosk cannot save books now.').first().waitFor();
    await look('full', bare);
    await school.revive();
    await bare.context().close();
  });

  test('a new version waits until nobody stands at the kiosk', async () => {
    let newer = false;
    const proxy = createServer((asked, answer) => {
      const [host, port] = school.carrel.student.split(':');
      asked.pipe(request({ host, port, path: asked.url, method: asked.method, headers: { ...asked.headers, 'accept-encoding': 'identity' } }, (found) => {
        const parts = [];
        found.on('data', (part) => parts.push(part)).on('end', () => {
          let body = Buffer.concat(parts);
          if (newer && asked.url === '/assets/sw.js') body = Buffer.from(body.toString().replace(/"[0-9a-f]{16}"|`[0-9a-f]{16}`/, '"the-next-version"'));
          if (newer && asked.url === '/') body = Buffer.from(body.toString().replace('<title>', '<meta name="version" content="next"><title>'));
          const { 'content-length': _length, etag: _etag, ...headers } = found.headers;
          answer.writeHead(found.statusCode, headers).end(body);
        });
      }));
    });
    await new Promise((resolve) => proxy.listen(0, '127.0.0.1', resolve));
    try {
      const old = await browser.page();
      await old.clock.install();
      const code = (await school.carrel.api('POST', '/api/carrel/kiosks', {}, school.librarian)).body.code;
      await old.goto(`http://127.0.0.1:${proxy.address().port}/`);
      await old.evaluate(() => navigator.serviceWorker.ready);
      await old.reload();
      await old.getByLabel('One-time code').fill(code);
      await press('Pair this kiosk', old);
      await heading('Hello! Scan your library card.', old);
      const [{ id: paired }] = (await school.carrel.api('GET', '/api/carrel/kiosks', null, school.librarian)).body.kiosks.filter((kiosk) => kiosk.id !== id && kiosk.state === 'paired').sort((a, b) => (a.paired_at < b.paired_at ? 1 : -1));
      await school.set(old, paired, { idle_seconds: 600 }); // looking for a newer page may take several looks
      await heading('Hello! Scan your library card.', old);
      newer = true;
      const version = () => old.evaluate(() => document.querySelector('meta[name=version]')?.content ?? 'first');
      await scan(old, card());
      await heading('Is this you?', old);
      await until(async () => {
        await old.clock.runFor(15_000); // the page looks for a newer one
        return old.evaluate(async () => (await navigator.serviceWorker.getRegistration()).waiting !== null);
      }, 'the newer version');
      assert.equal(await version(), 'first');
      await heading('Is this you?', old);
      await press('No', old);
      await heading('Hello! Scan your library card.', old);
      await until(async () => {
        await old.clock.runFor(15_000);
        return (await version().catch(() => '')) === 'next';
      }, 'the reload');
      await old.context().close();
    } finally {
      proxy.closeAllConnections();
      proxy.close();
    }
  });

  test('no page failed and nothing left the school', () => {
    assert.deepEqual(page.faults.filter((fault) => !/ERR_CONNECTION_REFUSED|Failed to fetch|ERR_EMPTY_RESPONSE|ERR_CONNECTION_RESET/.test(fault)), []);
  });
});

const drills = Number(process.env.CARREL_DRILLS ?? 1);
const first = Number(process.env.CARREL_SEED ?? 20260914);
const ACTS = 60;
const BOOKS = 3; // of one child, fewer than the limit leaves them

/** Numbers that a seed decides (mulberry32). */
function dice(seed) {
  return (sides) => {
    seed = (seed + 0x6d2b79f5) | 0;
    let t = Math.imul(seed ^ (seed >>> 15), 1 | seed);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) % sides;
  };
}

/** What the children do: three books each, some of them taken from another's pile, one that nobody knows. */
function plan(roll, children, books) {
  const acts = Array.from({ length: ACTS }, (_, i) => ({ card: children[Math.floor(i / BOOKS)].card, patron: children[Math.floor(i / BOOKS)].id, item: books[i].barcode, id: books[i].id }));
  for (let i = 0; i < 3; i++) {
    const later = BOOKS * 3 + roll(ACTS - BOOKS * 3);
    const { item, id } = acts[roll(BOOKS * 2)];
    Object.assign(acts[later], { item, id });
  }
  Object.assign(acts[BOOKS * 5 + roll(ACTS - BOOKS * 5)], { item: `NOBODY-${roll(10_000)}`, id: '' });
  return acts;
}

/** What the child sees after the n-th book of the session; null while there is no answer. */
const seen = (page, n) =>
  page.evaluate((n) => {
    const [panel, count] = [document.querySelector('.res'), document.querySelector('.side .count')?.textContent ?? ''];
    if (panel?.matches('.help')) return 'help';
    if (panel?.matches('.try')) return 'again';
    if (!panel?.matches('.ok') || parseInt(count, 10) < n) return null;
    return document.querySelector('.side li')?.textContent.includes('Saved.') ? 'saved' : 'done';
  }, n);

for (let run = 0; run < drills; run++) {
  const seed = first + run;
  test(`sixty acts with the server killed, the page reloaded and the browser killed (seed ${seed})`, async (t) => {
    const roll = dice(seed);
    const school = await School.open();
    const kiosk = new KioskBrowser();
    t.after(async () => {
      await kiosk.close();
      await school.close();
    });
    const acts = plan(roll, school.children, school.books);
    let page = await kiosk.open();
    await school.pair(page);
    await page.evaluate(() => navigator.serviceWorker.ready);
    await kiosk.quit();
    page = await kiosk.open();
    await page.goto(school.address);
    await page.locator('.wl').waitFor();

    // After which acts what goes wrong: the server dies with an act on its way, and comes back last of all.
    const cuts = { server: 4 + roll(12), reload: 20 + roll(12), browser: 36 + roll(16), early: roll(2) === 1, replay: roll(2) === 1 };
    const counts = { done: 0, saved: 0, help: 0, again: 0, nothing: 0 };
    let session = '';
    let taken = 0;
    for (const [i, act] of acts.entries()) {
      if (act.card !== session) [session, taken] = [act.card, 0];
      if (taken === 0) await signIn(page, act.card);
      const help = page.getByRole('button', { name: 'OK, I will' });
      if (await help.count()) await help.click();
      await scan(page, act.item);
      if (i === cuts.server) await school.die();
      act.seen = i === cuts.browser && cuts.early ? 'nothing' : await until(() => seen(page, taken + 1), `an answer to act ${i}`);
      counts[act.seen]++;
      if (act.seen === 'done' || act.seen === 'saved') taken++;
      if (i === cuts.reload) {
        await page.reload();
        taken = 0;
      }
      if (i === cuts.browser) {
        await kiosk.kill();
        page = await kiosk.open();
        await page.goto(school.address); // without a server: the service worker has the page
        taken = 0;
      }
      if (i === cuts.reload || i === cuts.browser) await page.locator('.obn').waitFor();
    }
    const waiting = await queued(page);
    const missing = waiting.length - counts.saved; // the plug may be pulled before the child sees that the act is saved, or before it is
    assert.ok(missing === 0 || missing === counts.nothing, `${waiting.length} acts in the queue, ${counts.saved} called saved`);
    assert.doesNotMatch(JSON.stringify(waiting), /first_name|title/);

    const replaying = page.waitForRequest(/kiosk\/replay/);
    await school.revive();
    await replaying;
    if (cuts.replay) { // once more, with the queue on its way
      await school.die();
      await school.revive();
    }
    await page.getByRole('button', { name: 'I’m finished' }).click();
    await until(async () => (await queued(page)).length === 0, 'the replay');
    await page.locator('.obn').waitFor({ state: 'detached' });
    t.diagnostic(`${counts.done} at once, ${counts.saved} saved, ${counts.help + counts.again} refused; cut after ${JSON.stringify(cuts)}`);

    const facts = (await school.rows('circ_events', "door = 'kiosk' && kind = 'check_out'")).filter((fact) => acts.some((act) => act.patron === fact.patron));
    const questions = await school.rows('kiosk_questions', "key != ''");
    for (const act of acts) {
      if (act.seen === 'nothing') act.seen = waiting.some((kept) => kept.item === act.item && kept.card === act.card) ? 'saved' : 'gone';
    }
    for (const [i, act] of acts.entries()) {
      const accepted = act.seen === 'done' || act.seen === 'saved' ? acts.filter((other) => other.card === act.card && other.item === act.item && /done|saved/.test(other.seen)).length : 0;
      if (!act.id) {
        const asked = questions.filter((question) => question.act.item === act.item && question.act.card === act.card);
        assert.equal(asked.length, act.seen === 'saved' ? 1 : 0, `questions about the unknown ${act.item}`);
        continue;
      }
      assert.equal(facts.filter((fact) => fact.patron === act.patron && fact.item === act.id).length, accepted, `facts of act ${i}, ${act.seen}`);
    }
    const keys = [...facts, ...questions].map((row) => row.key);
    for (const { key } of waiting) assert.ok(keys.includes(key), `the act ${key} is lost`);
    // A book that two children took away is with the last of them, and the librarian is asked.
    for (const [i, act] of acts.entries()) {
      const before = acts.slice(0, i).find((other) => other.item === act.item && /done|saved/.test(other.seen));
      if (!before || act.seen !== 'saved' || !act.id) continue;
      const fact = facts.find((fact) => fact.patron === act.patron && fact.item === act.id);
      assert.ok(questions.some((question) => question.fact === fact.id), `nobody is asked about ${act.item}`);
    }
    const open = await school.rows('loans', "state = 'open'");
    assert.equal(new Set(open.map((loan) => loan.item)).size, open.length, 'an item is on two loans');
  });
}
