// Every state of the kiosk in the real browser on the real binary: in both languages and both modes, at three sizes, by keyboard alone, with bad
// input, and with nothing of a child left behind.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { after, before, test } from 'node:test';
import { gzipSync } from 'node:zlib';
import { Browser, scan, until } from './carrel.js';
import { KioskBrowser, School, atRest, headed, lookAt, pressed, restart, signIn } from './kiosk.js';

const UNKNOWN = '4006381333931'; // the barcode of a packet of pens

let school, browser, page, id, next = 0;
const book = () => school.books[next++].barcode;
let child = 0;
const card = () => school.children[child++].card;

before(async () => {
  [school, browser] = await Promise.all([School.open(), Browser.open()]);
  page = await browser.page();
});

after(async () => {
  await browser?.close();
  await school?.close();
});

const look = (name, of = page) => lookAt(name, of);
const heading = (text, of = page) => headed(of, text);
const press = (name, of = page) => pressed(of, name);

test('pairing', async () => {
  await page.goto(school.address);
  await page.getByLabel('One-time code').waitFor();
  await look('pair');
  id = await school.pair(page, { returns: true, camera: true });
});

test('the script is small, and the camera’s part is not loaded before it is wanted', async (t) => {
  const loaded = await page.evaluate(() => performance.getEntriesByType('resource').map((entry) => entry.name));
  let script = 0;
  for (const path of ['', ...loaded.filter((name) => /\/assets\//.test(name))]) {
    const answer = await fetch(new URL(path, school.address));
    const zipped = gzipSync(Buffer.from(await answer.arrayBuffer()), { level: 9 }).length;
    if (/javascript/.test(answer.headers.get('content-type'))) script += zipped;
    t.diagnostic(`${(zipped / 1000).toFixed(1).padStart(7)} kB gzipped  ${new URL(path, school.address).pathname}`);
  }
  t.diagnostic(`${(script / 1000).toFixed(1)} kB of script`);
  assert.ok(script > 1000 && script < 150_000, `${script} bytes of script`);
  assert.ok(!loaded.some((name) => /camera|wasm/.test(name)));
});

test('welcome, bringing back, and help', async () => {
  await look('welcome');
  await press('Return a book');
  await heading('Scan the book you are bringing back.');
  await look('return');
  const loan = (await school.rows('loans', "state = 'open'"))[0];
  const out = (await school.rows('items', `id = '${loan.item}'`))[0];
  const who = (await school.rows('patrons', `id = '${loan.patron}'`))[0];
  await scan(page, out.barcode);
  await heading('Thank you!');
  await look('returned');
  const words = await page.locator('body').innerText();
  assert.ok(!words.includes(who.first_name) && !words.includes(who.last_name), 'the return tells who had the book');
  await press('Go back');
  await press('Get help');
  await heading('Please see the librarian');
  await look('help-asked');
  await press('OK, I will');
});

test('is this you, a book, try again, see the librarian, finish', async () => {
  const early = book();
  await scan(page, early);
  await heading('Now scan your library card.');
  await look('card-now');
  await restart(page);
  await scan(page, card());
  await heading('Is this you?');
  await look('is-this-you');
  await press('Yes, this is me');
  await heading(/^Scan your book/);
  await look('ready');
  await scan(page, book());
  await heading('Got it!');
  await look('success');
  await scan(page, UNKNOWN);
  await heading('Try that again');
  await look('try-again');
  const loan = (await school.rows('loans', "state = 'open'")).find((loan) => loan.patron !== school.children[child - 1].id);
  await scan(page, (await school.rows('items', `id = '${loan.item}'`))[0].barcode);
  await heading('Please see the librarian');
  await look('see-librarian');
  assert.doesNotMatch(await page.locator('main').innerText(), /limit|late|block|hold|already/i);
  await press('I’m finished');
  await heading(/Happy reading/);
  await look('finish');
  await press('Done');
  await heading('Hello! Scan your library card.');
});

test('keyboard alone', async () => {
  const type = async (text) => {
    for (const letter of text) await page.keyboard.press(letter === ':' ? 'Shift+Semicolon' : letter);
  };
  /** Tabs until the button with this name has the focus, which must show, and presses it. */
  const reach = async (name) => {
    for (let i = 0; i < 12; i++) {
      await page.keyboard.press('Tab');
      const [words, ring] = await page.evaluate(() => [document.activeElement.matches('button') && (document.activeElement.innerText || document.activeElement.ariaLabel), getComputedStyle(document.activeElement).outlineStyle]);
      if (!words || !words.match(name)) continue;
      assert.notEqual(ring, 'none', `${words} shows no focus`);
      return page.keyboard.press('Enter');
    }
    assert.fail(`${name} cannot be reached`);
  };
  await reach(/Español/);
  await heading('¡Hola! Escanea tu tarjeta de la biblioteca.');
  await reach(/English/);
  await page.locator('#scan').focus();
  await page.keyboard.type(card(), { delay: 60 }); // fingers
  await page.keyboard.press('Enter');
  await heading('Is this you?');
  await reach(/Yes, this is me/);
  await heading(/^Scan your book/);
  await page.waitForFunction(() => document.activeElement?.id === 'scan');
  await type(book());
  await page.keyboard.press('Enter');
  await heading('Got it!');
  await reach(/More time/);
  await reach(/I’m finished/);
  await heading(/Happy reading/);
  await reach(/Done/);
  await heading('Hello! Scan your library card.');
});

test('bad input: a calm answer, the state intact, and nothing sent that is not an act', async () => {
  const mine = school.children[child].card;
  await signIn(page, card());
  await scan(page, book());
  await heading('Got it!');
  const sent = [];
  const note = (request) => request.method() === 'POST' && sent.push([new URL(request.url()).pathname, request.postDataJSON()]);
  page.on('request', note);
  const calm = async () => {
    await until(() => page.evaluate(() => !document.querySelector('.lamp')?.innerText.includes('One moment')), 'the answer');
    assert.equal(await page.locator('.side .count').innerText(), '1 of 5 books'.replace('5', (await page.locator('.side .count').innerText()).match(/of (\d+)/)?.[1]));
    assert.equal(await page.evaluate(() => document.activeElement.id), 'scan');
  };
  for (const code of ['https://example.org/menu?table=4', 'x7'.repeat(1000), '*****', 'WIFI:S:guests;T:WPA;P:secret;;']) {
    await scan(page, code);
    await heading('Try that again');
    await calm();
  }
  assert.deepEqual(sent, [], 'sent something for what is no label');
  await scan(page, UNKNOWN);
  await heading('Try that again');
  await calm();
  await scan(page, mine.slice(0, -1) + (mine.endsWith('0') ? '1' : '0')); // a torn card: the session before it is over all the same
  await page.locator('.res.try').waitFor();
  await restart(page);
  await signIn(page, mine);
  await scan(page, book());
  await heading('Got it!');
  sent.length = 0;
  for (let i = 0; i < 20; i++) await scan(page, mine); // held under the light
  await page.locator('#scan').focus();
  const [a, b] = [book(), book()];
  const both = [...a].flatMap((letter, i) => [letter, b[i] ?? '']).join(''); // two scanners at once
  await page.keyboard.type(`${both}\n`);
  await heading('Try that again');
  assert.ok(sent.every(([path]) => path === '/kiosk/checkouts' || path === '/kiosk/session'), JSON.stringify(sent));
  assert.equal(sent.filter(([path]) => path === '/kiosk/session').length, 0, 'a card that is held opens no second session');
  await page.keyboard.type('7'.repeat(2000), { delay: 0 }); // a scanner without an Enter
  await page.keyboard.press('Enter');
  assert.equal(await page.locator('#scan').inputValue(), '');
  page.off('request', note);
  await restart(page);
});

test('a scan is heard wherever the focus is', async () => {
  await page.getByRole('button', { name: 'Español' }).focus();
  await page.keyboard.type(`${card()}\n`);
  await heading('Is this you?');
  await page.getByRole('button', { name: 'No', exact: true }).focus();
  await page.keyboard.type(`${book()}\n`);
  await heading('Got it!');
  await page.locator('.res').click();
  await page.waitForFunction(() => document.activeElement?.id === 'scan');
  await restart(page);
});

test('nothing of the first child is left: second card, finish, time-out, refusal', async () => {
  const answers = [];
  page.on('response', async (answer) => {
    if (/\/kiosk\//.test(answer.url()) && answer.request().method() !== 'DELETE') answers.push(`${answer.url()} ${answer.headers()['cache-control']}`);
  });
  const session = async () => {
    const mine = school.children[child];
    await signIn(page, card());
    await scan(page, book());
    await heading('Got it!');
    return [mine.first_name, mine.card, await page.locator('.res .title').innerText()];
  };
  const gone = async (words, how) => {
    const left = (await page.locator('html').innerHTML()) + (await atRest(page));
    for (const word of words) assert.ok(!new RegExp(`\\b${word.replace(/[^\w ]/g, '.')}\\b`).test(left), `${word} is left after ${how}`);
  };
  let words = await session();
  while (school.children[child].first_name === words[0]) child++;
  await scan(page, card());
  await heading('Is this you?');
  await gone(words, 'a second card');
  await press('No');
  words = await session();
  await press('I’m finished');
  await press('Done');
  await gone(words, 'finishing');
  words = await session();
  await scan(page, 'carrel:p:00000000000000000');
  await page.locator('.res.try').waitFor();
  await gone(words, 'the refusal of the next card');
  await school.set(page, id, { idle_seconds: 5 });
  words = await session();
  await heading('Hello! Scan your library card.');
  await gone(words, 'the time is over');
  await school.set(page, id, { idle_seconds: 600 });
  assert.deepEqual(answers.filter((answer) => !answer.endsWith('no-store')), [], 'the browser may keep an answer');
});

test('a class window, and only its children', async () => {
  const room = school.homerooms.find((room) => room.name.startsWith('4B'));
  await school.set(page, id, { class_only: true });
  await school.window(page, id, room.id);
  await page.getByText(`Now: ${room.name}`).waitFor();
  await look('class');
  await scan(page, school.children.find((child) => child.homeroom !== room.id).card);
  await heading('Please see the librarian');
  await look('other-class');
  await school.window(page, id);
  await school.set(page, id, { class_only: false });
});

test('sounds are a setting of the kiosk and a wish of the child', async () => {
  await school.set(page, id, { sounds: false });
  await page.getByRole('button', { name: 'Sounds are off. Turn sounds on' }).click();
  await page.getByRole('button', { name: 'Sounds are on. Turn sounds off' }).waitFor();
  await signIn(page, card());
  await press('I’m finished');
  await press('Done');
  await page.getByRole('button', { name: 'Sounds are off. Turn sounds on' }).waitFor();
  await school.set(page, id, { sounds: true });
});

test('kindergarten: faces, one book, the day', async () => {
  const room = school.homerooms.find((room) => room.name.startsWith('K'));
  await page.addInitScript(() => {
    const voices = ['en-US', 'es-MX'].map((lang) => ({ lang, localService: true, name: lang, default: false, voiceURI: lang }));
    speechSynthesis.getVoices = () => [...voices, { lang: 'en-GB', localService: false }];
    window.SpeechSynthesisUtterance = class { constructor(text) { this.text = text; } };
    speechSynthesis.speak = (speech) => (window.said = `${speech.voice.lang}: ${speech.text}`);
  });
  await school.set(page, id, { kinder: true });
  await school.window(page, id, room.id);
  await heading('Tap your face');
  assert.match(await page.evaluate(() => getComputedStyle(document.querySelector('h1')).fontFamily), /Andika/);
  await look('kinder-faces');
  await press('Read this to me');
  assert.equal(await page.evaluate(() => window.said), 'en-US: Tap your face');
  await page.locator('.fb').first().click();
  await heading(/^Scan your book, /);
  await look('kinder-ready');
  await scan(page, UNKNOWN);
  await heading('Try that again');
  await look('kinder-try-again');
  await scan(page, book());
  await heading(/^Yay, /);
  await look('kinder-yay');
  await press('Bye!');
  const inAWeek = await page.evaluate(() => { // seven days from this device's own day
    const day = new Date(new Date().setHours(12) + 7 * 86_400_000);
    return `${day.getFullYear()}-${String(day.getMonth() + 1).padStart(2, '0')}-${String(day.getDate()).padStart(2, '0')}`;
  });
  await page.route('**/kiosk/checkouts', async (route) => {
    const response = await route.fetch();
    await route.fulfill({ response, json: { ...(await response.json()), due: inAWeek } });
  });
  await page.locator('.fb').nth(2).click();
  await heading(/^Scan your book, /);
  await scan(page, book());
  await heading(/^Yay, /);
  const strip = page.getByRole('img', { name: /^7 days until \w+day$/ });
  assert.equal(await strip.locator('span').count(), 8);
  await look('kinder-week');
  await page.unroute('**/kiosk/checkouts');
  await press('Bye!');
  await heading('Tap your face');
  await page.locator('.fb').nth(1).focus(); // by keyboard
  await page.keyboard.press('Enter');
  await heading(/^Scan your book, /);
  await restart(page);
  await school.window(page, id);
  await school.set(page, id, { kinder: false });
});

test('one page of a kiosk works at a time', async () => {
  const second = await page.context().newPage();
  await second.goto(school.address);
  await heading('The kiosk is open in another window', second);
  await look('elsewhere', second);
  await press('Go on here', second);
  await heading('Hello! Scan your library card.', second);
  await heading('The kiosk is open in another window');
  await second.close();
  await heading('Hello! Scan your library card.');
});

test('too many wrong cards: the kiosk waits for the librarian', async () => {
  await page.route('**/kiosk/session', (route) => route.fulfill({ status: 423, json: {} }));
  await page.route('**/kiosk/state', (route) => route.fulfill({ status: 423, json: {} }));
  await scan(page, card());
  await heading('Please see the librarian');
  await look('locked');
  await page.unroute('**/kiosk/session');
  await page.unroute('**/kiosk/state');
  await heading('Hello! Scan your library card.');
});

test('the camera reads a card', async () => {
  const sheet = await fetch(`http://${school.carrel.staff}/api/carrel/cards.pdf?homeroom=${school.homerooms[0].id}`, { headers: { Authorization: school.librarian } });
  writeFileSync(`${school.carrel.dir}/cards.pdf`, Buffer.from(await sheet.arrayBuffer()));
  execFileSync('pdftoppm', ['-r', '150', '-singlefile', '-x', '60', '-y', '60', '-W', '640', '-H', '480', `${school.carrel.dir}/cards.pdf`, `${school.carrel.dir}/camera`]);
  writeFileSync(`${school.carrel.dir}/camera.y4m`, film(readFileSync(`${school.carrel.dir}/camera.ppm`)));
  const eyes = new KioskBrowser();
  try {
    const seen = await eyes.open(['--use-fake-ui-for-media-stream', '--use-fake-device-for-media-stream', `--use-file-for-fake-video-capture=${school.carrel.dir}/camera.y4m`]);
    await school.pair(seen);
    const away = [];
    seen.on('request', (request) => request.url().startsWith(school.address) || /^(blob|data):/.test(request.url()) || away.push(request.url()));
    await press('Use the camera', seen);
    await heading('Is this you?', seen);
    await seen.locator('.cam video.ready').waitFor();
    await look('camera', seen);
    assert.deepEqual(away, [], 'something came from elsewhere');
    await press('No', seen);
    await seen.locator('.cam').waitFor({ state: 'detached' });
  } finally {
    await eyes.close();
  }
});

/** A film of one picture: a PPM of three bytes a dot as YUV4MPEG2, with the colours at half the size. */
function film(ppm) {
  const [, width, height] = ppm.toString('latin1', 0, 40).match(/^P6\s(\d+) (\d+)\s255\s/).map(Number);
  const dots = ppm.subarray(ppm.length - width * height * 3);
  const frame = Buffer.alloc((width * height * 3) / 2, 128);
  for (let i = 0; i < width * height; i++) frame[i] = (dots[3 * i] * 77 + dots[3 * i + 1] * 150 + dots[3 * i + 2] * 29) >> 8;
  return Buffer.concat([Buffer.from(`YUV4MPEG2 W${width} H${height} F10:1 Ip A1:1 C420jpeg\nFRAME\n`), frame]);
}

test('without a safe connection the camera is explained, not tried', async () => {
  const plain = await browser.page();
  await plain.addInitScript(() => Object.defineProperty(window, 'isSecureContext', { value: false }));
  await school.pair(plain);
  await press('Use the camera', plain);
  await plain.getByText('The camera needs a safe connection.', { exact: false }).waitFor();
  await look('camera-insecure', plain);
  await plain.context().close();
});

test('no page failed and nothing left the school', () => {
  assert.deepEqual(page.faults.filter((fault) => !/ERR_CONNECTION_REFUSED|Failed to fetch|ERR_EMPTY_RESPONSE|ERR_CONNECTION_RESET/.test(fault)), []);
});
