// What the kiosk's tests stand on besides carrel.js: a school with its cards and books, a paired station, and a browser that can be killed.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chromium } from 'playwright-core';
import { Carrel, barriers, picture, scan, until } from './carrel.js';

/** The sample school with everything a test asks it about. */
export class School {
  static async open() {
    const school = new School();
    school.carrel = await Carrel.sample();
    school.carrel.run('superuser', 'upsert', 'technician@example.org', 'a long password');
    await school.signIn();
    const open = await school.rows('loans', "state = 'open'");
    const out = new Set(open.map((loan) => loan.item));
    const has = (patron) => open.filter((loan) => loan.patron === patron.id).length;
    const patrons = await school.rows('patrons', "status = 'active' && card != '' && grade != ''");
    school.children = patrons.sort((a, b) => has(a) - has(b)); // those who may take the most come first
    school.books = (await school.rows('items', "status = 'available' && barcode != ''")).filter((item) => !out.has(item.id));
    school.homerooms = await school.rows('homerooms', "id != ''");
    return school;
  }

  /** Signs in as librarian and as technician; a restart of the server ends neither. */
  async signIn() {
    this.librarian = await until(() => this.carrel.signIn(), 'the librarian’s sign-in');
    this.technician = await until(() => this.carrel.signIn('technician@example.org', 'a long password', '_superusers'), 'the technician’s sign-in');
  }

  /** All rows of a table that a filter lets through. */
  async rows(table, filter) {
    const rows = [];
    for (let page = 1; ; page++) {
      const { status, body } = await this.carrel.api('GET', `/api/collections/${table}/records?perPage=1000&page=${page}&filter=${encodeURIComponent(filter)}`, null, this.technician);
      if (status !== 200) throw new Error(`${table}: ${JSON.stringify(body)}`);
      rows.push(...body.items);
      if (rows.length >= body.totalItems || !body.items.length) return rows;
    }
  }

  get address() {
    return `http://${this.carrel.student}/`;
  }

  /** Pairs the browser of a page and gives the kiosk its settings; idle screens stay for the length of a test. */
  async pair(page, settings = {}) {
    const code = (await this.carrel.api('POST', '/api/carrel/kiosks', {}, this.librarian)).body.code;
    await page.goto(this.address);
    await page.getByLabel('One-time code').fill(code);
    await page.getByRole('button', { name: 'Pair this kiosk' }).click();
    await page.locator('.wl, .kf').waitFor();
    const { kiosks } = (await this.carrel.api('GET', '/api/carrel/kiosks', null, this.librarian)).body;
    const id = kiosks.filter((kiosk) => kiosk.state === 'paired').sort((a, b) => (a.paired_at < b.paired_at ? 1 : -1))[0].id;
    await this.set(page, id, { idle_seconds: 600, ...settings });
    return id;
  }

  /** Changes settings of a kiosk and starts its page anew. */
  async set(page, id, settings) {
    const { status, body } = await this.carrel.api('PATCH', `/api/carrel/kiosks/${id}`, { settings }, this.librarian);
    if (status !== 200) throw new Error(JSON.stringify(body));
    await restart(page);
  }

  /** Opens a class window on a kiosk, or ends it. */
  async window(page, id, homeroom = '') {
    const { status, body } = await this.carrel.api('POST', `/api/carrel/kiosks/${id}/window`, { homeroom, minutes: 60 }, this.librarian);
    if (status !== 200) throw new Error(JSON.stringify(body));
    await restart(page);
  }

  get alive() {
    const { exitCode, signalCode } = this.carrel.process;
    return exitCode === null && signalCode === null;
  }

  /** The power of the server goes, if it has any. */
  async die() {
    if (this.alive) await this.carrel.kill();
  }

  async revive() {
    if (!this.alive) await this.carrel.serve();
  }

  async close() {
    await this.die();
    rmSync(this.carrel.dir, { recursive: true, force: true });
  }
}

/** Loads the page again and waits until it has the server's word on what it is. */
export async function restart(page) {
  const state = page.waitForResponse((answer) => answer.url().endsWith('/kiosk/state'));
  await page.reload();
  await state;
  await page.locator('.wl, .kf, .res').first().waitFor();
}

/** Signs a child in and says yes. */
export async function signIn(page, card) {
  await scan(page, card);
  await page.locator('.iy, .side, .res.ready').first().waitFor();
  if (await page.locator('.iy').count()) await page.getByRole('button', { name: /Yes, this is me|Sí, soy yo/ }).click();
  await page.locator('.side, .res.ready').first().waitFor();
}

/** Everything this browser keeps for the page, as one text. */
export function atRest(page) {
  return page.evaluate(async () => {
    const found = [JSON.stringify({ ...localStorage }), JSON.stringify({ ...sessionStorage }), document.cookie, location.href];
    for (const { name } of await indexedDB.databases()) {
      const db = await new Promise((resolve, reject) => Object.assign(indexedDB.open(name), { onsuccess: (e) => resolve(e.target.result), onerror: reject }));
      for (const store of db.objectStoreNames) {
        const all = db.transaction(store).objectStore(store).getAll();
        found.push(JSON.stringify(await new Promise((resolve) => (all.onsuccess = () => resolve(all.result)))));
      }
      db.close();
    }
    for (const name of await caches.keys()) {
      const cache = await caches.open(name);
      for (const request of await cache.keys()) {
        const answer = await cache.match(request);
        found.push(request.url, /json|html/.test(answer.headers.get('content-type')) ? await answer.text() : '');
      }
    }
    return found.join('\n');
  });
}

/** Acts in the queue of this browser. */
export const queued = (page) =>
  page.evaluate(async () => {
    const db = await new Promise((resolve, reject) => Object.assign(indexedDB.open('carrel-kiosk'), { onsuccess: (e) => resolve(e.target.result), onerror: reject }));
    const all = db.objectStoreNames.contains('acts') ? db.transaction('acts').objectStore('acts').getAll() : null;
    const acts = all ? await new Promise((resolve) => (all.onsuccess = () => resolve(all.result))) : [];
    db.close();
    return acts;
  });

const sizes = { '': { width: 1366, height: 768 }, '-1024': { width: 1024, height: 768 }, '-390': { width: 390, height: 844 } };

/** What is wrong with how a screen is laid out: parts beyond an edge, and targets that small fingers miss. */
const faults = (page) =>
  page.evaluate(() => {
    const found = [];
    const within = (inner, outer) => inner.left >= outer.left - 1 && inner.top >= outer.top - 1 && inner.right <= outer.right + 1 && inner.bottom <= outer.bottom + 1;
    if (document.documentElement.scrollWidth > innerWidth) found.push(`the page is ${document.documentElement.scrollWidth} wide`);
    for (const part of document.querySelectorAll('button, h1, .kp, .lamp, .say, .obn, .stamp, video')) {
      const box = part.getBoundingClientRect();
      if (!box.width || part.closest('.vh')) continue;
      const name = part.innerText || part.ariaLabel || part.className;
      if (part.matches('button') && (box.height < 63.5 || box.width < 63.5)) found.push(`${name} is ${box.width}x${box.height}`);
      const panel = part.parentElement.closest('.res, .ky, .side, .cam, .stage, .kiosk');
      if (!part.closest('.kf, .pair') && !within(box, panel.getBoundingClientRect())) found.push(`cut off: ${name}`);
      const head = document.querySelector('.kt').getBoundingClientRect().bottom;
      if (part.closest('main') && !part.closest('.kf, .pair') && box.top < head - 1) found.push(`under the head: ${name}`);
    }
    return found;
  });

/** Looks at a state: each size in both languages for its layout; with axe and a picture for English, and for Spanish at the first size. */
export async function lookAt(name, page) {
  for (const language of ['en', 'es']) {
    if ((await page.locator('html').getAttribute('lang')) !== language) await page.locator('.lang').click();
    await page.waitForFunction((language) => document.documentElement.lang === language, language);
    for (const [suffix, size] of Object.entries(sizes)) {
      await page.setViewportSize(size);
      assert.deepEqual(await faults(page), [], `${name}, ${language}, ${size.width}`);
      if (language === 'en' || !suffix) assert.deepEqual(await barriers(page), [], `${name}, ${language}, ${size.width}`);
      if (language === 'en') await picture(page, `kiosk-${name}${suffix}`);
      else if (!suffix) await picture(page, `kiosk-${name}-es`);
    }
  }
  await page.locator('.lang').click();
  await page.setViewportSize(sizes['']);
}

export const headed = (page, text) => page.getByRole('heading', { name: text }).waitFor();
export const pressed = (page, name) => page.getByRole('button', { name }).click();

/** A browser with a profile that outlives its process, as on a kiosk whose plug is pulled. */
export class KioskBrowser {
  constructor() {
    this.profile = mkdtempSync(join(tmpdir(), 'carrel-kiosk-'));
  }

  async open(more = []) {
    const port = join(this.profile, 'DevToolsActivePort');
    rmSync(port, { force: true });
    const flags = ['--headless=new', '--no-sandbox', '--disable-gpu', '--disable-background-networking', '--disable-component-update', '--disable-sync', '--no-first-run'];
    const program = process.env.CHROMIUM ?? '/usr/bin/chromium';
    this.process = spawn(program, [...flags, ...more, '--remote-debugging-port=0', '--window-size=1366,768', `--user-data-dir=${this.profile}`, 'about:blank'], { detached: true, stdio: 'ignore' });
    await until(() => existsSync(port) && readFileSync(port, 'utf8').includes('\n'), 'the browser');
    this.browser = await chromium.connectOverCDP(`http://127.0.0.1:${readFileSync(port, 'utf8').split('\n')[0]}`);
    this.page = this.browser.contexts()[0].pages()[0];
    this.page.setDefaultTimeout(60_000);
    await this.page.emulateMedia({ reducedMotion: 'reduce' });
    return this.page;
  }

  /** The plug: the browser and all its helpers end at once. */
  async kill() {
    const gone = new Promise((resolve) => this.process.once('exit', resolve));
    process.kill(-this.process.pid, 'SIGKILL');
    await gone;
  }

  /** Closes the browser in order, so that it writes down what it holds in memory, as the cookie of the pairing. */
  async quit() {
    const gone = new Promise((resolve) => this.process.once('exit', resolve));
    const session = await this.browser.newBrowserCDPSession();
    await session.send('Browser.close').catch(() => {});
    await gone;
  }

  async close() {
    if (this.process?.exitCode === null && this.process.signalCode === null) await this.kill();
    rmSync(this.profile, { recursive: true, force: true, maxRetries: 5 });
  }
}
