import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { Kiosks } from "../staff/kiosks/kiosks.svelte";
import { blank } from "../staff/settings/month";
import { calledInClass, Cards, pagesFor } from "../staff/setup/cards.svelte";
import { lastTerm, Lending, levelOf, termOn } from "../staff/setup/lending.svelte";
import { passed, steps, Way, type Progress, type Step } from "../staff/setup/progress.svelte";
import { School, shortOf } from "../staff/setup/school.svelte";

type Call = { method: string; path: string; body: Record<string, unknown> };
type Reply = { status?: number; data: unknown };

let calls: Call[];
let answer: (call: Call) => Reply;

beforeEach(() => {
  calls = [];
  vi.stubGlobal("fetch", async (path: string, init: RequestInit) => {
    const call = { method: init.method ?? "GET", path: path.replace("/api/carrel/", ""), body: init.body ? JSON.parse(String(init.body)) : {} };
    calls.push(call);
    const { status = 200, data } = answer(call);
    return new Response(JSON.stringify(data), { status });
  });
});

afterEach(() => vi.unstubAllGlobals());

const written = () => calls.filter(({ method }) => method !== "GET").map(({ method, path, body }) => ({ method, path, body }));
const refusal = (field: string) => ({ status: 400, data: { status: 400, message: `no ${field}`, data: { code: "invalid", field } } });

const progress = (over: Partial<Progress> = {}): Progress => ({ done: [], skipped: [], at: "school", finished: false, ...over });

describe("the way through the set-up", () => {
  test("each step done leads to the next, and the last one finishes", () => {
    let now = progress();
    for (const step of steps) now = passed(now, step, "done");
    expect(now).toEqual({ done: [...steps], skipped: [], at: "", finished: true });
  });

  test.each<[string, Progress, Step, "done" | "skipped", Partial<Progress>]>([
    ["a step that is skipped", progress(), "school", "skipped", { skipped: ["school"], at: "calendar" }],
    ["one that was skipped before", progress({ skipped: ["books"], at: "books" }), "books", "done", { done: ["books"], skipped: [], at: "students" }],
    ["one that was done before stays done", progress({ done: ["books"] }), "books", "skipped", { done: ["books"], skipped: [], at: "students" }],
    ["twice is once", progress({ done: ["books"] }), "books", "done", { done: ["books"], at: "students" }],
    ["the last one skipped finishes, too", progress({ at: "kiosk" }), "kiosk", "skipped", { skipped: ["kiosk"], at: "", finished: true }],
    ["a look back after the end begins nothing again", progress({ at: "", finished: true }), "school", "done", { done: ["school"], at: "", finished: true }],
  ])("%s", (_, before, step, how, want) => {
    expect(passed(before, step, how)).toMatchObject(want);
  });

  test("what somebody else did meanwhile is kept", async () => {
    let stored = progress({ done: ["school"], at: "calendar" });
    answer = ({ method, body }) => ({ data: method === "PUT" ? (stored = body as Progress) : stored });
    const way = new Way();
    await way.load();
    stored = progress({ done: ["school", "calendar"], at: "books" });
    expect(await way.pass("students", "skipped")).toBe(true);
    expect(way.now).toEqual({ done: ["school", "calendar"], skipped: ["students"], at: "cards", finished: false });
  });

  test("a visit is noted once, and not after the end", async () => {
    let stored = progress();
    answer = ({ method, body }) => ({ data: method === "PUT" ? (stored = body as Progress) : stored });
    const way = new Way();
    await way.load();
    await way.visit("school");
    expect(written()).toEqual([]);
    await way.visit("cards");
    expect(stored.at).toBe("cards");
    stored = progress({ at: "", finished: true });
    await way.load();
    await way.visit("books");
    expect(stored.at).toBe("");
    expect(written().length).toBe(1);
  });

  test("without an answer nothing is passed, and it is said", async () => {
    answer = () => ({ data: progress() });
    const way = new Way();
    await way.load();
    answer = () => ({ status: 502, data: null });
    expect(await way.pass("school", "done")).toBe(false);
    expect(way.trouble).not.toBe("");
    expect(way.now).toEqual(progress());
    expect(way.working).toBe(false);
  });
});

describe("the school", () => {
  test.each([["Cedar Hollow School", "CEDAR"], ["St. Mary’s", "ST"], ["Escuela Ñandú", "ESCUELA"], ["Internationale Schule", "INTERNAT"], ["", ""]])("%s is %s for short", (name, short) => {
    expect(shortOf(name)).toBe(short);
  });

  const kept = { name: "Cedar Hollow", short: "", language: "en", zone: "America/New_York", grades_from: "", grades_to: "", state: "" };
  const serve = ({ path, method }: Call): Reply => {
    if (method !== "GET") return { data: {} };
    if (path === "settings/school") return { data: { ...kept, zones: ["America/New_York"] } };
    return { data: path === "me" ? { name: "Dana" } : { keep_days: 14, titles: false } };
  };

  test("keeps what is typed, and only what changed", async () => {
    answer = serve;
    const school = new School();
    await school.load();
    Object.assign(school.form, { grades_from: "K", grades_to: "8" });
    expect(await school.save()).toBe(true);
    expect(await school.save()).toBe(true);
    expect(written()).toEqual([{ method: "PUT", path: "settings/school", body: { ...kept, short: "CEDAR", grades_from: "K", grades_to: "8" } }]);
  });

  test("a no stays beside its field with what was typed", async () => {
    answer = (call) => (call.method === "PUT" ? refusal("grades_to") : serve(call));
    const school = new School();
    await school.load();
    school.form.grades_to = "K";
    expect(await school.save()).toBe(false);
    expect([school.field, school.trouble, school.form.grades_to]).toEqual(["grades_to", "no grades_to", "K"]);
    answer = (call) => (call.method === "PATCH" ? refusal("name") : serve(call));
    school.form.librarian = "";
    expect(await school.save()).toBe(false);
    expect(school.field).toBe("librarian");
  });
});

describe("how long books are lent", () => {
  test.each([["PK", "K-5"], ["K", "K-5"], ["5", "K-5"], ["6", "6-8"], ["8", "6-8"], ["9", "9-12"], ["12", "9-12"], ["", "K-5"]])("a school from grade %s is offered the rules for %s", (from, level) => {
    expect(levelOf(from)).toBe(level);
  });

  type Rule = { id: string; patron_type: string; item_type: string; terms: Record<string, unknown> };
  const site = (terms: Rule["terms"]): Rule => ({ id: "site", patron_type: "", item_type: "", terms });
  const students: Rule = { id: "s", patron_type: "student", item_type: "", terms: { loan_limit: 2 } };
  let rules: Rule[];
  const serve = ({ path, method, body }: Call): Reply => {
    if (path === "rules/shipped") rules = [site({ loan_days: 7, due_mode: "library_day", renewal_limit: 2 }), students];
    else if (path === "rules" && method === "POST") return { data: { rule: site(body.terms as Rule["terms"]) } };
    else if (path === "rules") return { data: { rules } };
    else if (path === "settings/fees") return { data: method === "PUT" ? body : { on: false } };
    return { data: { grades_from: "K" } };
  };

  test("a fresh library gets the rules for its grades, changed only where another span was chosen", async () => {
    answer = serve;
    rules = [site({ loan_days: 21 })];
    const lending = new Lending();
    await lending.load();
    expect([lending.level, lending.span]).toEqual(["K-5", "7-library_day"]);
    expect(await lending.saveSpan()).toBe(true);
    expect(written()).toEqual([{ method: "POST", path: "rules/shipped", body: { level: "K-5", replace: true } }]);
    lending.span = "14-next_open";
    expect(await lending.saveSpan()).toBe(true);
    expect(written()[1]!.body).toEqual({ id: "site", terms: { loan_days: 14, due_mode: "next_open", renewal_limit: 2 } });
    expect(await lending.saveSpan()).toBe(true);
    expect(written().length).toBe(2);
  });

  test("a school with rules of its own keeps them", async () => {
    answer = serve;
    rules = [site({ loan_days: 10 }), students];
    const lending = new Lending();
    await lending.load();
    expect([lending.level, lending.span]).toEqual(["", ""]);
    expect(await lending.saveSpan()).toBe(true);
    expect(written()).toEqual([]);
  });

  test("fines are as the server has them", async () => {
    answer = serve;
    rules = [site({}), students];
    const lending = new Lending();
    await lending.load();
    expect(await lending.saveFines(true)).toBe(true);
    expect(lending.fines).toBe(true);
    answer = () => refusal("on");
    expect(await lending.saveFines(false)).toBe(false);
    expect([lending.fines, lending.field]).toEqual([true, "fines"]);
  });

  test("the last due date is the last one ahead, for everybody or for one grade", () => {
    const term = (id: string, day: string, grade = "") => blank("term_ceiling", { id, day, grade });
    const lines = [term("past", "2025-06-01"), term("winter", "2026-01-29"), term("end", "2026-05-29"), term("leaving", "2026-05-15", "8"), blank("closed", { day: "2026-07-04" })];
    expect(lastTerm(lines, "", "2025-11-23")?.id).toBe("end");
    expect(lastTerm(lines, "8", "2025-11-23")?.id).toBe("leaving");
    expect(lastTerm(lines, "12", "2025-11-23")).toBeUndefined();
    expect(termOn("2026-05-22", "", "Last", lines[2])).toMatchObject({ id: "end", day: "2026-05-22", kind: "term_ceiling" });
    expect(termOn("2026-05-22", "8", "Last")).toMatchObject({ id: "", grade: "8", label: "Last" });
  });
});

describe("cards", () => {
  const child = (first_name: string, last_name: string) => ({ barcode: first_name + last_name, first_name, last_name, picture: false });

  test("say the first name, and an initial where two in a class share it", () => {
    expect(calledInClass([child("Zora", "Diaz"), child("Zora", "Élan"), child("Maya", "Otis"), child("", "Prince"), child("Zora", "")])).toEqual(["Zora D.", "Zora É.", "Maya", "Prince", "Zora"]);
  });

  test.each([[24, 8, 0, 3], [24, 10, 0, 3], [20, 10, 1, 3], [20, 10, 10, 2], [0, 10, 3, 0], [1, 8, 7, 1]])("%d cards at %d a page, %d used up: %d pages", (n, perPage, skip, pages) => {
    expect(pagesFor(n, perPage, skip)).toBe(pages);
  });

  test("only homerooms with students are printed, as chosen", async () => {
    const known = [{ name: "avery-5371", paper: "letter", columns: 2, rows: 5, cut: false, cards: true }, { name: "avery-5160", paper: "letter", columns: 3, rows: 10, cut: false, cards: false }];
    answer = ({ path }) => {
      if (path === "homerooms") return { data: { homerooms: [{ id: "e", name: "Empty", patrons: 0 }, { id: "b", name: "4B", patrons: 2 }] } };
      if (path === "settings/paper") return { data: { size: "letter", sheets: [], printers: [], known } };
      return { data: path === "me" ? { school: "Cedar" } : { patrons: [child("Maya", "Otis"), child("Liam", "Kim")] } };
    };
    const cards = new Cards();
    await cards.load();
    expect([cards.chosen?.name, cards.names, cards.sheets.map(({ name }) => name)]).toEqual(["4B", ["Maya", "Liam"], ["avery-5371"]]);
    expect(cards.address("b")).toBe("cards.pdf?homeroom=b&sheet=cr80-letter&bars=code128&picture=1");
    Object.assign(cards, { sheet: "avery-5371", skip: 9, bars: "", picture: false });
    expect(cards.address("")).toBe("cards.pdf?sheet=avery-5371&skip=9");
    expect(cards.pages).toBe(2);
    cards.kind = "class";
    expect([cards.address("b"), cards.pages]).toEqual(["class-sheets.pdf?homeroom=b", 1]);
  });
});

test("what a kiosk may do can be said before it arrives", async () => {
  const waiting = (id: string) => ({ id, name: "", state: "waiting", settings: {} });
  let kiosks = [waiting("old")];
  answer = ({ path, method }) => {
    if (path === "kiosks" && method === "POST") {
      kiosks = [...kiosks, waiting("new")];
      return { status: 201, data: { code: "ABCD1234", expires: "2026-11-23T10:00:00Z" } };
    }
    if (path === "kiosks") return { data: { kiosks } };
    return { data: path === "homerooms" ? { homerooms: [] } : { entries: [] } };
  };
  const store = new Kiosks();
  await store.open();
  expect(store.coming).toBeNull();
  await store.begin();
  expect(store.coming?.id).toBe("new");
  kiosks = [waiting("old"), { ...waiting("new"), state: "paired" }];
  await store.look();
  expect([store.arrived?.id, store.chosen?.id]).toEqual(["new", "new"]);
});
