// The real binary on a folder of its own, the system's Chromium, and a real mail server: what every journey stands on.
import { spawn, execFileSync } from 'node:child_process';
import { mkdtempSync, mkdirSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { AxeBuilder } from '@axe-core/playwright';
import { chromium } from 'playwright-core';

const here = dirname(fileURLToPath(import.meta.url));
const binary = join(here, '..', 'carrel');
const shots = join(here, 'shots');
mkdirSync(shots, { recursive: true });

export const freePort = () =>
  new Promise((resolve, reject) => {
    const server = createServer().on('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address();
      server.close(() => resolve(port));
    });
  });

/** Asks again until the work succeeds; the test's own time limit ends it. */
export async function until(work, what) {
  let last;
  for (let i = 0; i < 1200; i++) {
    try {
      const found = await work();
      if (found) return found;
    } catch (error) {
      last = error;
    }
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error(`${what} did not happen: ${last ?? 'no answer'}`);
}

export class Carrel {
  static async sample() {
    const carrel = new Carrel(mkdtempSync(join(tmpdir(), 'carrel-journey-')));
    carrel.run('demo');
    await carrel.serve();
    return carrel;
  }

  static async empty() {
    const carrel = new Carrel(mkdtempSync(join(tmpdir(), 'carrel-journey-')));
    await carrel.serve();
    return carrel;
  }

  constructor(dir) {
    this.dir = dir;
    this.said = '';
  }

  run(...args) {
    return execFileSync(binary, [...args, '--dir', this.dir], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });
  }

  async serve() {
    this.staff ??= `127.0.0.1:${await freePort()}`;
    this.student ??= `127.0.0.1:${await freePort()}`;
    this.said = '';
    this.process = spawn(binary, ['serve', '--http', this.staff, '--kiosk', this.student, '--dir', this.dir, '--show-demo']);
    this.process.stdout.on('data', (text) => (this.said += text));
    this.process.stderr.on('data', (text) => (this.said += text));
    await until(async () => (await fetch(`http://${this.staff}/api/health`)).ok, 'the start');
  }

  /** The power goes. */
  kill() {
    return new Promise((resolve) => {
      this.process.once('exit', resolve);
      this.process.kill('SIGKILL');
    });
  }

  async close() {
    await this.kill();
    rmSync(this.dir, { recursive: true, force: true });
  }

  async api(method, path, body, token) {
    const answer = await fetch(`http://${this.staff}${path}`, {
      method,
      headers: { 'Content-Type': 'application/json', ...(token ? { Authorization: token } : {}) },
      body: body && JSON.stringify(body),
    });
    return { status: answer.status, body: await answer.json() };
  }

  async signIn(identity = 'librarian@cedarhollow.example', password = 'cedar hollow', collection = 'staff') {
    const { body } = await this.api('POST', `/api/collections/${collection}/auth-with-password`, { identity, password });
    return body.token;
  }

  /** Tells Carrel which mail server to use, as the technician does in the platform's dashboard. */
  async useMail(port) {
    this.run('superuser', 'upsert', 'technician@example.org', 'a long password');
    const token = await until(() => this.signIn('technician@example.org', 'a long password', '_superusers'), 'the technician’s sign-in');
    const { status, body } = await this.api(
      'PATCH',
      '/api/settings',
      { smtp: { enabled: true, host: '127.0.0.1', port, tls: false }, meta: { senderName: 'Cedar Hollow Library', senderAddress: 'library@cedarhollow.example' } },
      token,
    );
    if (status !== 200) throw new Error(`mail settings: ${JSON.stringify(body)}`);
  }
}

/** A real mail server that keeps what it receives. */
export class Mailbox {
  static async open() {
    const box = new Mailbox();
    [box.smtp, box.web] = [await freePort(), await freePort()];
    const program = join(here, 'node_modules', '.bin', 'maildev');
    box.process = spawn(program, ['--smtp', box.smtp, '--web', box.web, '--ip', '127.0.0.1', '--web-ip', '127.0.0.1', '--silent'], { stdio: 'ignore' });
    await until(async () => (await fetch(`http://127.0.0.1:${box.web}/api/email`)).ok, 'the mail server');
    return box;
  }

  async letters() {
    return (await fetch(`http://127.0.0.1:${this.web}/api/email`)).json();
  }

  close() {
    this.process.kill();
  }
}

export const sizes = { wide: { width: 1366, height: 768 }, phone: { width: 390, height: 844 } };

export class Browser {
  static async open() {
    const browser = new Browser();
    browser.chromium = await chromium.launch({
      executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
      args: ['--no-sandbox', '--disable-gpu', '--disable-background-networking', '--disable-component-update', '--disable-sync', '--no-first-run'],
    });
    return browser;
  }

  /** A page of a browser of its own. Errors of the page, and requests that leave the school, fail the test at its end. */
  async page(viewport = sizes.wide, options = {}) {
    const context = await this.chromium.newContext({ viewport, reducedMotion: 'reduce', ...options }); // axe must not meet a colour halfway
    const page = await context.newPage();
    page.setDefaultTimeout(60_000); // a busy machine is slow, not wrong
    page.faults = [];
    page.on('pageerror', (error) => page.faults.push(String(error)));
    page.on('console', (message) => {
      if (message.type() === 'error' && !/status of 4\d\d/.test(message.text())) page.faults.push(message.text());
    });
    page.on('request', (request) => {
      if (!/^(http:\/\/127\.0\.0\.1|blob:|data:)/.test(request.url())) page.faults.push(`left the school: ${request.url()}`);
    });
    return page;
  }

  close() {
    return this.chromium.close();
  }
}

/** What axe finds against WCAG 2.1 A and AA, in words. */
export async function barriers(page) {
  const { violations } = await new AxeBuilder({ page }).withTags(['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa']).analyze();
  return violations.map((v) => `${v.id}: ${v.nodes.map((n) => n.target.join(' ')).join(', ')}`);
}

/** Types as a scanner does: much faster than fingers, with Enter at the end, once the page listens again. */
export async function scan(page, code) {
  await page.waitForFunction(() => document.activeElement?.tagName === 'INPUT');
  await page.keyboard.type(code + '\n');
}

export const picture = (page, name) => page.screenshot({ path: join(shots, `${name}.png`) });

/** Takes something back by its own toast, known by its words: the one before may still be shown, and this one may not be yet. */
export const undo = (page, words) => page.locator('.toast').filter({ hasText: words }).last().getByRole('button', { name: 'Undo' }).click();

/** Opens a place of the staff app, and a tab in it, by the address a person would have kept; the app must stand already. */
export async function visit(page, ...parts) {
  await page.locator('nav.rail').waitFor();
  await page.evaluate((hash) => (location.hash = hash), `#/${parts.join('/')}`);
}

/** An account of a role, and a page of the staff app signed in with it. */
export async function signedIn(browser, carrel, role = 'librarian', viewport = sizes.wide) {
  const email = role === 'librarian' ? 'librarian@cedarhollow.example' : `${role}@cedarhollow.example`;
  if (role !== 'librarian') carrel.run('staff', 'upsert', email, '--role', role, '--password', 'cedar hollow');
  const session = await until(async () => {
    const { status, body } = await carrel.api('POST', '/api/collections/staff/auth-with-password', { identity: email, password: 'cedar hollow' });
    return status === 200 && body;
  }, `the sign-in of the ${role}`); // sign-ins are limited to two in three seconds
  const page = await browser.page(viewport);
  await page.addInitScript((auth) => localStorage.setItem('pocketbase_auth', auth), JSON.stringify({ token: session.token, record: session.record }));
  await page.goto(`http://${carrel.staff}/staff/`);
  await page.locator('nav.rail').waitFor();
  return page;
}
