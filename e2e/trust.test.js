// The school's network: a browser that trusts this library's authority finds a secure context, one that does not is warned, and the page that
// hands the authority out holds nothing else.
import assert from 'node:assert/strict';
import { execFileSync, spawn, spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { request as plainly } from 'node:http';
import { createServer, request as securely } from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { chromium } from 'playwright-core';
import { Carrel, barriers, freePort, picture, sizes, until } from './carrel.js';

const binary = join(import.meta.dirname, '..', 'carrel');

/** A library on the school's network, which here is the machine's own loop. */
class OnTheNetwork extends Carrel {
  async serve() {
    this.staff ??= `127.0.0.1:${await freePort()}`;
    this.student ??= `127.0.0.1:${await freePort()}`;
    this.trust ??= `127.0.0.1:${await freePort()}`;
    this.identity = `${this.dir}-identity`;
    this.said = '';
    this.process = spawn(binary, ['serve', '--lan', '--no-mdns', '--http', this.staff, '--kiosk', this.student, '--trust', this.trust, '--dir', this.dir]);
    this.process.stdout.on('data', (text) => (this.said += text));
    this.process.stderr.on('data', (text) => (this.said += text));
    this.authority = await until(async () => (await ask(`http://${this.trust}/trust/carrel.crt`)).body, 'the start');
    await until(async () => (await this.ask(this.staff, '/api/health')).status === 200, 'the staff door');
  }

  /** Asks one of the doors, as a program that trusts the authority and nothing else. */
  ask(door, path, options = {}) {
    return ask(`https://${door}${path}`, { ca: this.authority, ...options });
  }

  async close() {
    await super.close();
    rmSync(this.identity, { recursive: true, force: true });
  }
}

/** What a server answers; redirections are not followed. */
function ask(url, { body, ...options } = {}) {
  return new Promise((resolve, reject) => {
    const ask = url.startsWith('https:') ? securely : plainly;
    const asked = ask(url, { agent: false, ...options }, (answer) => {
      let text = '';
      answer.setEncoding('utf8').on('data', (part) => (text += part));
      answer.on('end', () => resolve({ status: answer.statusCode, headers: answer.headers, body: text }));
    }).on('error', reject);
    asked.end(body);
  });
}

/** A browser with a home of its own, so that what it trusts is ours to say; every name leads to this machine. */
async function openBrowser(authority) {
  const home = mkdtempSync(join(tmpdir(), 'carrel-home-'));
  if (authority) {
    const store = join(home, '.pki', 'nssdb');
    mkdirSync(store, { recursive: true });
    writeFileSync(join(home, 'carrel.crt'), authority);
    execFileSync('certutil', ['-N', '-d', `sql:${store}`, '--empty-password']);
    execFileSync('certutil', ['-A', '-d', `sql:${store}`, '-n', 'carrel', '-t', 'C,,', '-i', join(home, 'carrel.crt')]);
  }
  const browser = await chromium.launch({
    executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
    env: { ...process.env, HOME: home },
    args: [
      ...['--no-sandbox', '--disable-gpu', '--disable-background-networking', '--disable-component-update', '--disable-sync', '--no-first-run'],
      '--host-resolver-rules=MAP * 127.0.0.1',
    ],
  });
  browser.on('disconnected', () => rmSync(home, { recursive: true, force: true, maxRetries: 5 }));
  return browser;
}

let library, trusting, doubting;

before(async () => {
  library = new OnTheNetwork(mkdtempSync(join(tmpdir(), 'carrel-trust-')));
  await library.serve();
  trusting = await openBrowser(library.authority);
  doubting = await openBrowser();
});

after(async () => {
  await trusting?.close();
  await doubting?.close();
  await library?.close();
});

const port = (door) => door.split(':')[1];

test('a device that trusts the authority has a secure context at both doors', async () => {
  const page = await trusting.newPage();
  for (const host of ['carrel.local', '127.0.0.1']) {
    for (const path of [`:${port(library.student)}/`, `:${port(library.staff)}/staff/`]) {
      const answer = await page.goto(`https://${host}${path}`);
      assert.equal(answer.status(), 200);
      assert.equal(answer.headers()['strict-transport-security'], undefined, 'the certificate is our own: a browser must not be bound to it');
      assert.match((await answer.securityDetails()).issuer, /^Carrel at /);
      const found = await page.evaluate(() => ({
        secure: isSecureContext,
        worker: 'serviceWorker' in navigator,
        camera: typeof navigator.mediaDevices?.getUserMedia,
      }));
      assert.deepEqual(found, { secure: true, worker: true, camera: 'function' });
    }
  }
  await page.close();
});

test('a device that does not is warned', async () => {
  const page = await doubting.newPage();
  await assert.rejects(page.goto(`https://carrel.local:${port(library.student)}/`), /ERR_CERT_AUTHORITY_INVALID/);
  await page.close();
});

/** A web server with a certificate for name, signed with the authority's own key as only a thief could. */
async function impostor(t, name) {
  const dir = mkdtempSync(join(tmpdir(), 'carrel-thief-'));
  t.after(() => rmSync(dir, { recursive: true }));
  const stolen = join(library.identity, 'authority.pem');
  const [key, asked, cert, names] = ['key', 'csr', 'crt', 'ext'].map((file) => join(dir, file));
  writeFileSync(names, `subjectAltName=DNS:${name}\nextendedKeyUsage=serverAuth\n`);
  const openssl = (...args) => execFileSync('openssl', args, { stdio: 'pipe' });
  openssl('req', '-new', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-subj', `/CN=${name}`, '-keyout', key, '-out', asked);
  openssl('x509', '-req', '-in', asked, '-CA', stolen, '-CAkey', stolen, '-set_serial', '4711', '-days', '90', '-extfile', names, '-out', cert);
  const server = createServer({ key: readFileSync(key), cert: readFileSync(cert) }, (_, answer) => answer.end('your money, please'));
  t.after(() => server.close());
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  return `https://${name}:${server.address().port}/`;
}

test('even with the authority’s key nobody can stand for the rest of the world', async (t) => {
  const page = await trusting.newPage();
  t.after(() => page.close());
  assert.equal((await page.goto(await impostor(t, 'carrel.local'))).status(), 200); // so it is the name alone that is refused
  await assert.rejects(page.goto(await impostor(t, 'bank.example')), /ERR_CERT_INVALID/);
});

test('a restart keeps the authority, and the trust of devices', async () => {
  const before = library.authority;
  await library.kill();
  await library.serve();
  assert.equal(library.authority, before);
  const page = await trusting.newPage();
  assert.equal((await page.goto(`https://carrel.local:${port(library.student)}/`)).status(), 200);
  await page.close();
});

test('a certificate and a key that do not belong together are told in a sentence', () => {
  const stolen = join(library.identity, 'authority.pem');
  const certificate = join(library.identity, 'carrel.crt');
  writeFileSync(certificate, library.authority);
  const dir = `${library.dir}-other`;
  const doors = ['--http', '127.0.0.1:0', '--kiosk', '127.0.0.1:0', '--trust', '127.0.0.1:0', '--dir', dir];
  for (const [cert, key, status] of [[certificate, certificate, 1], [join(dir, 'nowhere'), stolen, 1], [certificate, '', 2]]) {
    const { status: got, stderr } = spawnSync(binary, ['serve', '--lan', '--cert', cert, '--key', key, ...doors], { encoding: 'utf8' });
    assert.equal(got, status, stderr);
    assert.match(stderr, /^[A-Z-].*\.\n$/, 'one sentence');
  }
  rmSync(dir, { recursive: true });
});

test('a kiosk’s cookie never travels in the clear', async () => {
  const code = library.run('kiosk', 'pair').match(/\b[A-Z2-9]{4}[ -]?[A-Z2-9]{4}\b/)[0];
  const body = JSON.stringify({ code, name: 'Window' });
  const answer = await library.ask(library.student, '/kiosk/pair', { method: 'POST', headers: { 'Content-Type': 'application/json' }, body });
  assert.equal(answer.status, 201, answer.body);
  assert.match(answer.headers['set-cookie'][0], /; Secure/);
});

test('the plain port has the page and nothing else', async () => {
  for (const path of ['/', '/staff/', '/_/', '/api/health', '/kiosk/state', '/catalog/', '/trust/', '/trust/authority.pem']) {
    const answer = await ask(`http://${library.trust}${path}`);
    assert.equal(answer.status, 404, path);
    assert.equal(answer.headers.location, undefined, path);
  }
  const page = (await ask(`http://${library.trust}/trust`)).body;
  const fingerprint = library.said.match(/SHA-256 +([0-9A-F ]{79})/)[1];
  assert.ok(page.includes(fingerprint), 'the page and the console show the same fingerprint');
});

for (const [lang, title] of [['en', 'Trust this library'], ['es', 'Confiar en el certificado']]) {
  for (const [size, viewport] of Object.entries(sizes)) {
    test(`the page about the certificate, ${lang}, ${size}`, async () => {
      const context = await doubting.newContext({ viewport, locale: lang, reducedMotion: 'reduce' });
      const page = await context.newPage();
      const faults = [];
      page.on('console', (message) => message.type() === 'error' && !/status of 404/.test(message.text()) && faults.push(message.text()));
      page.on('response', (answer) => answer.status() >= 400 && !answer.url().endsWith('/favicon.ico') && faults.push(answer.url()));
      await page.goto(`http://carrel.local:${port(library.trust)}/trust`);
      await page.getByRole('heading', { level: 1, name: title }).waitFor();
      assert.ok(await page.evaluate(() => document.querySelector('img').naturalWidth > 0), 'the QR code is shown');
      assert.ok(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth), 'nothing sticks out');
      assert.deepEqual(await barriers(page), []);
      assert.deepEqual(faults, []);
      await picture(page, `trust-${lang}-${size}`);
      await page.getByRole('link', { name: lang === 'en' ? 'Español' : 'English' }).click();
      await page.locator(`html[lang="${lang === 'en' ? 'es' : 'en'}"]`).waitFor();
      await context.close();
    });
  }
}
