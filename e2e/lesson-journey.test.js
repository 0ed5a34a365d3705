// The whole way of one lesson: a ready-made one is taken and planned for a class, two phones and the rest of the class do its check before and after by a class
// code, what changed stands beside the plan, and the principal reads it on one page.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { Browser, Carrel, picture, signedIn, sizes, until, visit } from './carrel.js';

let carrel, browser, page, token, room, check, lesson;
const seats = [];

before(async () => {
  [carrel, browser] = await Promise.all([Carrel.sample(), Browser.open()]);
  page = await signedIn(browser, carrel);
  token = await page.evaluate(() => JSON.parse(localStorage.getItem('pocketbase_auth')).token);
  const { homerooms } = await api('GET', 'homerooms');
  room = homerooms.find(({ name }) => name.startsWith('4B')) ?? homerooms.find(({ patrons }) => patrons > 14);
});

after(async () => {
  await browser?.close();
  await carrel?.close();
});

const api = async (method, path, body, who = token) => {
  const answer = await carrel.api(method, `/api/carrel/${path}`, body, who);
  assert.ok(answer.status < 300, `${method} ${path}: ${JSON.stringify(answer.body)}`);
  return answer.body;
};
const dialog = () => page.getByRole('dialog');

/** What a child answers to a question: what is right, or something that is not. */
function answerTo(item, right) {
  if (item.kind === 'choice') return item.choices.find((choice) => Boolean(choice.right) === right).id;
  if (item.kind === 'short') return right ? 'Because another site says who made it.' : 'I do not know.';
  return Object.fromEntries(item.sources.map(({ id, bin }) => [id, right ? bin : item.bins.find((one) => one.id !== bin).id]));
}

/** A phone that types the class code and answers every question by touch. */
async function phoneAnswers(code, right, seat = '') {
  const phone = await browser.page(sizes.phone, { hasTouch: true, isMobile: true });
  await phone.goto(`http://${carrel.student}/check/`);
  await phone.getByLabel('Type your class code').fill(code);
  await phone.getByRole('button', { name: 'Go' }).tap();
  if (seat) {
    await phone.getByLabel('Your code', { exact: true }).fill(seat);
    await phone.getByRole('button', { name: 'Go' }).tap();
  } else {
    seat = await phone.locator('.seat').innerText();
    await phone.getByRole('button', { name: 'I wrote it down' }).tap();
  }
  for (const [i, item] of check.items.entries()) {
    await phone.getByText(`${i + 1} of ${check.items.length}`).waitFor();
    const answer = answerTo(item, right);
    if (item.kind === 'choice') await phone.locator(`.pick:has(input[value="${answer}"])`).tap();
    else if (item.kind === 'short') await phone.getByLabel('Your answer').fill(answer);
    else for (const source of item.sources) await phone.locator('.source').filter({ hasText: source.text }).getByRole('button', { name: item.bins.find(({ id }) => id === answer[source.id]).text }).tap();
    await phone.getByRole('button', { name: 'Next' }).tap();
  }
  await phone.getByRole('button', { name: 'Hand it in' }).tap();
  await phone.getByText('All done').waitFor();
  assert.deepEqual(phone.faults, []);
  await phone.context().close();
  return seat;
}

/** The rest of the class by the same door, without a browser each. */
async function othersAnswer(code, right, from = []) {
  const door = async (what, body) => {
    const answer = await fetch(`http://${carrel.student}/check/${what}`, { method: 'POST', headers: { 'Content-Type': 'application/json' }, body: JSON.stringify(body) });
    assert.ok(answer.status < 300, `${what}: ${answer.status}`);
    return answer.status === 204 ? null : answer.json();
  };
  const made = [];
  for (let i = 0; i < 10; i++) {
    const { seat } = await door('seat', from[i] ? { code, seat: from[i] } : { code });
    made.push(seat);
    const answers = Object.fromEntries(check.items.map((item, n) => [item.id, answerTo(item, right || (i + n) % 4 === 0)]));
    await door('answers', { code, seat, key: crypto.randomUUID(), answers });
  }
  return made;
}

/** Opens the check for the class from beside the lesson, and reads the code on the board. */
async function start(name) {
  await page.getByRole('link', { name }).click();
  await dialog().getByRole('button', { name: 'Show the class code' }).click();
  return page.locator('.run-code').innerText();
}
async function openLesson() {
  await visit(page, 'today');
  await visit(page, 'teaching', 'lessons', lesson.id);
  await page.locator('.lesson-title').waitFor();
}

test('a ready-made lesson becomes one of the library', async () => {
  await visit(page, 'teaching', 'lessons', 'kits');
  await page.locator('.kits button').filter({ hasText: 'lateral reading' }).click();
  await dialog().getByRole('button', { name: 'Use this' }).click();
  await page.locator('.lesson-title').waitFor();
  const id = await page.evaluate(() => location.hash.split('/').at(-1));
  ({ lesson } = await api('GET', `lessons/${id}`));
  ({ check } = await api('GET', `checks/${lesson.checks[0].id}`));
  assert.ok(check.items.length >= 4);
});

test('it is planned for the class, together with its teacher', async () => {
  await page.getByRole('button', { name: 'Teach again' }).click();
  await dialog().getByLabel('Class', { exact: true }).selectOption(room.id);
  await dialog().getByLabel('From', { exact: true }).fill('07:05');
  await dialog().getByLabel('Until', { exact: true }).fill('07:45');
  await dialog().getByLabel('Planned together').check();
  await dialog().getByLabel('Taught together').check();
  await dialog().getByRole('button', { name: 'Plan it' }).click();
  await until(async () => {
    if (!(await dialog().count())) return true;
    const anyway = dialog().getByRole('button', { name: 'Put it there anyway' }); // the test may run on a Sunday
    if (await anyway.count()) await anyway.click();
    return false;
  }, 'the plan kept');
  await page.getByText('Co-taught: planned and taught together').waitFor();
});

test('the class answers before the lesson, on two phones and the other devices', async () => {
  const code = await start('Do the check before');
  seats.push(await phoneAnswers(code, false), await phoneAnswers(code, false), ...(await othersAnswer(code, false)));
  assert.equal(new Set(seats).size, 12);
  await until(async () => (await page.locator('.run-count b').innerText()) === '12', 'the live count');
});

test('it is taught, and the class answers again with the codes on their paper', async () => {
  await openLesson();
  await page.getByRole('button', { name: 'Yes, it was taught' }).click();
  await page.locator('.lesson-head').getByText('Taught').waitFor();
  const code = await start('Do the check after');
  await phoneAnswers(code, true, seats[0]);
  await phoneAnswers(code, true, seats[1]);
  await othersAnswer(code, true, seats.slice(2));
  await until(async () => (await page.locator('.run-count b').innerText()) === '12', 'the live count');
});

test('what changed stands beside the plan, with how many it is of', async () => {
  await openLesson();
  const panel = page.locator('.lg-right');
  await panel.getByText('After,').waitFor();
  const evidence = await api('GET', `evidence?lesson=${lesson.id}&homeroom=${room.id}`);
  assert.equal(evidence.pairs, 12);
  const choices = evidence.skills.filter(({ kind }) => kind === 'choice');
  assert.ok(choices.every(({ difference, after }) => difference > 0 && after === 1), JSON.stringify(choices));
  for (const { skill } of choices) await panel.getByRole('rowheader', { name: skill }).waitFor();
  await picture(page, 'lesson-evidence');
  await panel.getByRole('button', { name: 'Add to principal’s report' }).click();
  await panel.getByRole('button', { name: 'In the principal’s report' }).waitFor();
});

test('the principal reads it, and no child', async () => {
  const principal = await signedIn(browser, carrel, 'principal');
  const theirs = await principal.evaluate(() => JSON.parse(localStorage.getItem('pocketbase_auth')).token);
  const report = await api('GET', 'reports/taught', null, theirs);
  const said = JSON.stringify(report);
  assert.ok(said.includes(check.title), 'the check is in the report');
  assert.ok(!seats.some((seat) => said.includes(seat)), 'and no seat');
  await visit(principal, 'reports', 'all', 'taught');
  await principal.locator('article.sheet').getByText(check.title).first().waitFor();
  await picture(principal, 'lesson-principal');
  assert.deepEqual([page.faults, principal.faults], [[], []]);
  await principal.context().close();
});
