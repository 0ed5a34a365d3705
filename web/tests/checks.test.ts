import { afterEach, describe, expect, test, vi } from "vitest";

const store = new Map<string, string>();
vi.stubGlobal("localStorage", { getItem: (key: string) => store.get(key) ?? null, setItem: (key: string, value: string) => void store.set(key, value), removeItem: (key: string) => void store.delete(key) });
vi.stubGlobal("document", { documentElement: { lang: "", dataset: {} } });
vi.stubGlobal("window", { addEventListener() {} });
vi.stubGlobal("location", { hash: "" });

const { Sheet } = await import("../check/work.svelte");
const { kept } = await import("../check/kept");
const { answered, sentences } = await import("../check/words");
const { Editor, blank, blankItem, moved } = await import("../staff/checks/editor.svelte");
const { PaperResults } = await import("../staff/checks/results.svelte");
const { Scoring } = await import("../staff/checks/run.svelte");
const { percent, signed, twoLines } = await import("../staff/checks/words");

const paper = {
  run: "r", title: "Ads", title_es: "", when: "before" as const, names: false, language: "en",
  items: [
    { id: "ad", kind: "choice" as const, prompt: "Which?", prompt_es: "", choices: [{ id: "a", text: "A", text_es: "" }, { id: "b", text: "B", text_es: "" }] },
    { id: "sort", kind: "sort" as const, prompt: "Sort", prompt_es: "", bins: [{ id: "y", text: "Yes", text_es: "" }], sources: [{ id: "s", text: "S", text_es: "" }, { id: "t", text: "T", text_es: "" }] },
  ],
};

/** A server that answers each path with a status and a body, and keeps what it was sent. */
function server(answers: Record<string, [number, unknown]>) {
  const sent: { path: string; body: Record<string, unknown> }[] = [];
  vi.stubGlobal("fetch", (path: string, { body }: { body?: string }) => {
    sent.push({ path, body: body ? (JSON.parse(body) as Record<string, unknown>) : {} });
    const found = answers[path] ?? [404, {}];
    return Promise.resolve(new Response(JSON.stringify(found[1]), { status: found[0] }));
  });
  return sent;
}

afterEach(() => store.clear());

async function seated() {
  server({ "/check/open": [200, paper], "/check/seat": [200, { seat: "Otter 27" }] });
  const sheet = new Sheet();
  await sheet.enter("tiger 42");
  return sheet;
}

describe("a student's sheet", () => {
  test("goes from the code to the seat to the questions, and back", async () => {
    const sheet = await seated();
    expect([sheet.step, sheet.seat]).toEqual(["show", "Otter 27"]);
    sheet.begin();
    sheet.next();
    expect(sheet.item?.id).toBe("sort");
    sheet.next();
    expect([sheet.step, sheet.open.length]).toEqual(["hand", 2]);
    sheet.to("ad");
    expect([sheet.step, sheet.at]).toEqual(["ask", 0]);
    sheet.back();
    expect(sheet.step).toBe("show");
  });

  test("is there again after a reload, with its key", async () => {
    const sheet = await seated();
    sheet.begin();
    sheet.answer("ad", "b");
    const again = new Sheet();
    again.resume();
    expect([again.step, again.seat, again.answers]).toEqual(["ask", "Otter 27", { ad: "b" }]);
    const sent = server({ "/check/answers": [200, {}] });
    await again.handIn();
    await sheet.handIn();
    expect(sent.map(({ body }) => body.key)).toEqual([sent[0]?.body.key, sent[0]?.body.key]);
    expect(String(sent[0]?.body.key).length).toBeGreaterThan(8);
  });

  test("leaves nothing once it is handed in, or was of yesterday", async () => {
    const sheet = await seated();
    sheet.answer("ad", "b");
    expect(store.size).toBe(1);
    expect(kept.recall(Date.now() + 24 * 3600 * 1000)).toBeNull();
    expect(store.size).toBe(0);
    sheet.answer("ad", "a");
    server({ "/check/answers": [200, {}] });
    await sheet.handIn();
    expect([sheet.step, store.size, sheet.answers]).toEqual(["done", 0, {}]);
    sheet.leave();
    expect([sheet.step, sheet.seat, sheet.paper]).toEqual(["code", "", null]);
  });

  test("keeps its answers when the check has closed, and shows the question that was refused", async () => {
    const sheet = await seated();
    sheet.begin();
    sheet.answer("ad", "b");
    server({ "/check/answers": [404, { message: "closed", data: { code: "not_open" } }] });
    await sheet.handIn();
    expect([sheet.closed, sheet.answers.ad, store.size]).toEqual([true, "b", 1]);
    server({ "/check/answers": [400, { message: "Too long", data: { code: "invalid", field: "answers.sort" } }] });
    await sheet.handIn();
    expect([sheet.step, sheet.item?.id, sheet.problem]).toEqual(["ask", "sort", "Too long"]);
  });

  test("asks whether a seat is really one's own", async () => {
    server({ "/check/open": [200, { ...paper, when: "after" }], "/check/seat": [409, { data: { code: "seat_taken" } }] });
    const sheet = new Sheet();
    await sheet.enter("tiger 42");
    expect(sheet.step).toBe("seat");
    await sheet.sit("otter 27");
    expect(sheet.taken).toBe("otter 27");
    const sent = server({ "/check/seat": [200, { seat: "Otter 27" }] });
    await sheet.sit(sheet.taken, true);
    expect([sheet.step, sheet.seat, sent[0]?.body.again]).toEqual(["ask", "Otter 27", true]);
  });

  test("counts a sort as answered when every source has its place", () => {
    const sort = paper.items[1]!;
    expect([answered(sort, undefined), answered(sort, { s: "y" }), answered(sort, { s: "y", t: "y" })]).toEqual([false, false, true]);
    expect(sentences(sort)).toEqual(["Sort", "S.", "T.", "Yes."]);
  });
});

describe("a check that is written", () => {
  test("parts move and stay whole", () => {
    expect(moved([1, 2, 3], 0, 2)).toEqual([2, 3, 1]);
    expect(moved([1, 2, 3], 2, 0)).toEqual([3, 1, 2]);
    expect(moved([1, 2, 3], 0, 5)).toEqual([1, 2, 3]);
  });

  test("what is typed outlives the screen until it is saved or given up", () => {
    const editor = new Editor(blank());
    editor.typed.title = "Ads";
    editor.park();
    const again = new Editor(blank());
    expect([again.typed.title, again.dirty]).toEqual(["Ads", true]);
    again.discard();
    expect(new Editor(blank()).typed.title).toBe("");
  });

  test("each kind begins with what it needs, each part with an id of its own", () => {
    for (const kind of ["choice", "short", "sort"] as const) {
      const item = blankItem(kind);
      const ids = [item.id, ...[...(item.choices ?? []), ...(item.bins ?? []), ...(item.sources ?? [])].map(({ id }) => id)];
      expect(new Set(ids).size).toBe(ids.length);
      expect(ids.every((id) => /^[a-z0-9]{1,15}$/.test(id))).toBe(true);
    }
  });
});

test("scores go out in the order of the keys, and a refused one is back in view", async () => {
  const sent = server({ "/api/carrel/runs/r/scores": [200, {}] });
  const scoring = new Scoring("r", "why", [{ id: "x", text: "done", points: 1 }, { id: "a", text: "A", points: null }, { id: "b", text: "B", points: null }]);
  expect(scoring.now?.id).toBe("a");
  await Promise.all([scoring.give(2), scoring.give(0)]);
  expect(sent.map(({ body }) => [body.answer, body.points])).toEqual([["a", 2], ["b", 0]]);
  expect(scoring.left).toBe(0);
  server({ "/api/carrel/runs/r/scores": [400, { message: "No", data: {} }] });
  scoring.step(-2);
  await scoring.give(1);
  expect([scoring.now?.id, scoring.now?.points, scoring.attempt.text]).toEqual(["a", 2, "No"]);
});

test("results on paper: what cannot be is marked, and what is typed stays when the class changes", async () => {
  const check = { ...blank(), id: "c", items: [{ ...blankItem("short"), points: 2 }] };
  const results = new PaperResults(check, "room", "");
  await results.prepare(3);
  expect(results.rows.map(({ seat }) => seat)).toEqual(["1", "2", "3"]);
  results.rows[1]!.cells[0] = "2";
  expect([results.bad("3", 0), results.bad("-1", 0), results.bad("x", 0), results.bad("", 0), results.bad("2", 0)]).toEqual([true, true, true, false, false]);
  server({ "/api/carrel/checks/c/seats?homeroom=room": [200, { seats: ["Otter 27"] }] });
  results.when = "after";
  await results.prepare(3);
  expect(results.rows.map(({ seat, cells }) => [seat, cells[0]])).toEqual([["Otter 27", ""], ["2", "2"]]);
});

test("a file chosen while the seats are still on their way is looked at, and the last file is what is shown", async () => {
  const check = { ...blank(), id: "c", items: [{ ...blankItem("short"), points: 2 }] };
  const results = new PaperResults(check, "room", "");
  results.when = "after";
  const waiting: (() => void)[] = [];
  vi.stubGlobal("fetch", (path: string) => new Promise((resolve) => {
    const file = new URL(path, "http://school").searchParams.get("file");
    waiting.push(() => resolve(new Response(JSON.stringify(file ? { rows: [], problems: [], columns: { [file]: "x" }, missing: [], took: 0, in_class: 0 } : { seats: ["Owl 12"] }))));
  }));
  const done = [results.prepare(2), results.look(new File(["seat"], "first.csv")), results.look(new File(["seat"], "second.csv"))];
  await vi.waitFor(() => {
    waiting.shift()?.();
    expect(results.looking.running || results.seating.running).toBe(false);
  });
  await Promise.all(done);
  expect(Object.keys(results.found?.columns ?? {})).toEqual(["second.csv"]);
  expect(results.rows.map(({ seat }) => seat)).toEqual(["Owl 12"]);
});

test("numbers and names of the drawing", () => {
  expect([percent(0.414), percent(null), signed(0.42), signed(-0.05), signed(0.001)]).toEqual(["41", "–", "+42", "−5", "0"]);
  expect(twoLines("Spots an ad or sponsor", 12)).toEqual(["Spots an ad", "or sponsor"]);
  expect(twoLines("One two three four five six", 8)).toEqual(["One two", "three…"]);
});
