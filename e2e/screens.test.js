// Every screen of the staff app, found by walking its places and tabs as each role: axe in three themes, both languages, the phone, and how heavy and quick it is.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { gzipSync } from 'node:zlib';
import { Browser, Carrel, barriers, picture, signedIn, sizes } from './carrel.js';

/** Most script a page may need, in bytes as gzip packs them. */
const SCRIPT = 150_000;
const roles = ['librarian', 'aide', 'volunteer', 'teacher', 'principal', 'coordinator'];

let carrel, browser;

before(async () => {
  [carrel, browser] = await Promise.all([Carrel.sample(), Browser.open()]);
});

after(async () => {
  await browser?.close();
  await carrel?.close();
});

/** The addresses of all screens that the page's navigation offers. */
async function screens(page) {
  const found = [];
  for (const place of await page.locator('nav.rail a').evaluateAll((links) => links.map((a) => a.hash))) {
    await go(page, place);
    const tabs = await page.locator('header.top nav a, nav.aside-list a').evaluateAll((links) => links.map((a) => a.hash));
    found.push(...(tabs.length ? tabs : [place]));
  }
  return found;
}

/** Opens an address and waits until its screen stands and has what it asked for; gives how long that took, in milliseconds. */
async function go(page, hash) {
  const began = Date.now();
  await page.evaluate((to) => (location.hash = to), hash);
  await page.waitForFunction(() => document.querySelector('main.view')?.childElementCount > 0);
  await page.waitForFunction(() => !document.querySelector('main.view .skeleton'));
  const took = Date.now() - began;
  await page.waitForLoadState('networkidle').catch(() => {}); // the line of live updates never ends
  return took;
}

const name = (hash) => hash.replace(/^#\//, '').replaceAll('/', '-');

for (const role of roles) {
  describe(`as ${role}`, () => {
    let page, all;

    before(async () => {
      page = await signedIn(browser, carrel, role);
      all = await screens(page);
    });
    after(() => page.context().close());

    test('every screen opens without a fault', async () => {
      assert.ok(all.length > 0);
      for (const hash of all) {
        await go(page, hash);
        assert.equal(await page.locator('main [role=alert] .banner.danger').count(), 0, `${hash} shows an error: ${await page.locator('main').innerText()}`);
        if (role === 'librarian') await picture(page, `staff-${name(hash)}`);
      }
      assert.deepEqual(page.faults, []);
    });

    for (const theme of role === 'librarian' ? ['light', 'dark', 'contrast'] : ['light']) {
      test(`axe finds nothing, ${theme}`, async () => {
        await page.evaluate((to) => (document.documentElement.dataset.theme = to), theme);
        for (const hash of all) {
          await go(page, hash);
          assert.deepEqual(await barriers(page), [], hash);
        }
        await page.evaluate(() => (document.documentElement.dataset.theme = 'light'));
      });
    }
  });
}

describe('as librarian, more closely', () => {
  test('in Spanish no screen speaks English', async () => {
    const page = await signedIn(browser, carrel);
    await page.evaluate(() => localStorage.setItem('carrel.language', 'es'));
    await page.reload();
    await page.locator('nav.rail').waitFor();
    assert.equal(await page.locator('html').getAttribute('lang'), 'es');
    for (const hash of await screens(page)) {
      await go(page, hash);
      const text = await page.evaluate(() => {
        const main = document.querySelector('main').cloneNode(true);
        for (const node of main.querySelectorAll('.title, .cover, .foreign, [lang]')) node.remove(); // what was written elsewhere
        return main.textContent;
      });
      // Small words that stand in nearly every English sentence.
      assert.doesNotMatch(text, /\b(the|your|with|will be|of the)\b/i, hash);
    }
    await page.context().close();
  });

  test('nothing on a phone is wider than the phone', async () => {
    const page = await signedIn(browser, carrel, 'librarian', sizes.phone);
    for (const hash of await screens(page)) {
      await go(page, hash);
      assert.ok(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth), `${hash} scrolls sideways`);
      await picture(page, `phone-${name(hash)}`);
    }
    assert.deepEqual(await barriers(page), []);
    await page.context().close();
  });

  test('a page is light, and how quick it is', async () => {
    const probe = await signedIn(browser, carrel);
    const all = await screens(probe);
    const again = [];
    for (const hash of all) again.push(await go(probe, hash));
    console.log(`# opened again, once the app is loaded: ${again.sort((a, b) => a - b)[Math.floor(again.length / 2)]} ms at the middle, ${again.at(-1)} ms at most, of ${again.length} screens`);
    const session = await probe.evaluate(() => localStorage.getItem('pocketbase_auth'));
    await probe.context().close();
    for (const hash of all) {
      const page = await browser.page();
      await page.addInitScript((auth) => localStorage.setItem('pocketbase_auth', auth), session);
      await page.addInitScript(() => {
        window.pace = { paint: 0, blocked: 0, shift: 0 };
        new PerformanceObserver((list) => { for (const entry of list.getEntries()) window.pace.paint = entry.startTime; }).observe({ type: 'largest-contentful-paint', buffered: true });
        new PerformanceObserver((list) => { for (const entry of list.getEntries()) window.pace.blocked += Math.max(0, entry.duration - 50); }).observe({ type: 'longtask', buffered: true });
        new PerformanceObserver((list) => { for (const entry of list.getEntries()) if (!entry.hadRecentInput) window.pace.shift += entry.value; }).observe({ type: 'layout-shift', buffered: true });
      });
      const scripts = [];
      page.on('response', (answer) => answer.url().endsWith('.js') && scripts.push(answer.body()));
      await page.goto(`http://${carrel.staff}/staff/${hash}`);
      await go(page, hash);
      const script = (await Promise.all(scripts)).reduce((sum, body) => sum + gzipSync(body).length, 0);
      const { paint, blocked, shift } = await page.evaluate(() => window.pace);
      console.log(`# ${hash.padEnd(24)} script ${(script / 1000).toFixed(1).padStart(6)} kB gzip   largest paint ${paint.toFixed(0).padStart(5)} ms   blocked ${blocked.toFixed(0).padStart(4)} ms   shift ${shift.toFixed(3)}`);
      assert.ok(script > 0 && script <= SCRIPT, `${hash} needs ${script} bytes of script`);
      await page.context().close();
    }
  });
});
