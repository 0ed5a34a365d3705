// What the tests of the desk stand on: a school with its books and people, and hands that only type.
import { readFileSync } from 'node:fs';
import { Browser, Carrel, until } from './carrel.js';

export const password = 'cedar hollow';
export const librarian = 'librarian@cedarhollow.example';

/** A sample school that is open, with an aide and a volunteer beside its librarian. */
export async function openSchool() {
  const [carrel, browser] = await Promise.all([Carrel.sample(), Browser.open()]);
  for (const role of ['aide', 'volunteer']) carrel.run('staff', 'upsert', `${role}@cedarhollow.example`, '--name', role, '--role', role, '--password', password);
  const token = await until(() => carrel.signIn(), 'the sign-in of this test'); // sign-ins are limited to two in three seconds
  const file = `${carrel.dir}/titles.csv`;
  carrel.run('export', 'titles', file, '--format', 'csv');
  const out = new Set(loansOf(carrel).map(({ item }) => item));
  const shelf = readFileSync(file, 'utf8')
    .split('\n')
    .filter((line) => line.includes(',Fiction,'))
    .map((line) => line.match(/,(30417\d{9}),/)?.[1])
    .filter((code) => code && !out.has(code));
  return { carrel, browser, token, shelf, async close() {
    await browser.close();
    await carrel.close();
  } };
}

export const loansOf = (carrel) => JSON.parse(carrel.run('loans', 'list', '--json')).loans;

/** A signed-in page of the staff app, without one touch of the mouse. */
export async function pageOf({ carrel, browser }, email = librarian, size) {
  const page = await browser.page(size);
  await page.goto(`http://${carrel.staff}/staff/`);
  await page.locator('#email').focus();
  await page.keyboard.type(email);
  await page.keyboard.press('Tab');
  await page.keyboard.type(password);
  await until(async () => {
    if (await page.locator('nav.rail').isVisible()) return true;
    await page.keyboard.press('Enter');
    return page.locator('nav.rail').waitFor({ timeout: 1600 }).then(() => true);
  }, 'the sign-in');
  return page;
}

/** Types as a scanner does, wherever the focus is. */
export const hear = (page, code) => page.keyboard.type(`${code}\n`);

/** The words of the strip, once it says something with these words. */
export async function says(page, words) {
  const strip = page.locator('.flash', { hasText: words });
  await strip.waitFor();
  return strip.innerText();
}

export const open = (carrel, item) => loansOf(carrel).find((loan) => loan.item === item);

/** Makes an act as the librarian, or asks. */
export async function api({ carrel, token }, method, path, body) {
  const answer = await carrel.api(method, `/api/carrel/${path}`, body && method !== 'GET' ? { key: crypto.randomUUID(), ...body } : body, token);
  if (answer.status >= 300) throw new Error(`${method} ${path}: ${answer.status} ${JSON.stringify(answer.body)}`);
  return answer.body;
}
