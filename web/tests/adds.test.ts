import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { Adds, titleOf } from "../staff/adds/adds.svelte";
import { drafts } from "../staff/adds/drafts";
import { Outbox } from "../staff/adds/outbox.svelte";
import type { Queue, Row, Source } from "../staff/adds/types";
import { awaySince, beneath, spaced } from "../staff/adds/words";
import { spoken } from "../shared/names";
import { move, type Place } from "../staff/settings/lookup.svelte";
import { toasts } from "../staff/toasts.svelte";

type Call = { method: string; path: string; body: Record<string, unknown> };

let calls: Call[];
let answer: (call: Call) => { status: number; data: unknown };

beforeEach(() => {
  vi.useFakeTimers();
  const kept = new Map<string, string>();
  vi.stubGlobal("localStorage", { getItem: (name: string) => kept.get(name) ?? null, setItem: (name: string, value: string) => kept.set(name, value) });
  calls = [];
  vi.stubGlobal("fetch", async (path: string, init: RequestInit) => {
    const call = { method: init.method ?? "GET", path: path.replace("/api/carrel/", ""), body: init.body ? JSON.parse(String(init.body)) : {} };
    calls.push(call);
    const { status, data } = answer(call);
    if (!status) throw new TypeError("no line");
    return new Response(JSON.stringify(data), { status });
  });
});

afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
  for (const toast of toasts.shown) toasts.close(toast);
});

const ok = (data: unknown) => ({ status: 200, data });
const row = (over: Partial<Row> = {}): Row => ({ id: "r1", code: "9780062691194", isbn: "9780062691194", scanned_at: "2026-11-13T15:00:00Z", by: "Dana", state: "waiting", found: [], chosen: 0, call_number: "", copy: 1, why: "", tried: [], ...over });
const found = (over: Partial<Row["found"][0]> = {}) => ({ n: 1, source: "Open Library", sources: ["Open Library"], title: "New Kid", author: "Craft, Jerry", year: 2019, call_number: "741.5 CRA", publisher: "", pages: "", language: "eng", series: "", edition: "", summary: "", subjects: [], ...over });
const queue = (rows: Row[]): Queue => ({
  rows, on: true, sources: [], batch: { location: "", type: "", next_barcode: "", last_barcode: "" },
  counts: { all: rows.length, ready: rows.filter(({ state }) => state === "ready").length, own: rows.filter(({ state }) => state === "own").length, choose: 0, waiting: 0, needs: 0, today: rows.length },
});
const posts = (path: string) => calls.filter((call) => call.method === "POST" && call.path === path).map(({ body }) => body);

describe("scans on their way", () => {
  test("wait on the device while the server is away, and arrive in order with the keys they had", async () => {
    let up = false;
    const sent: string[] = [];
    const box = new Outbox(async ({ key, code }) => {
      if (!up) throw new TypeError("no line");
      sent.push(`${key} ${code}`);
    });
    box.put({ key: "k1", code: "a" });
    box.put({ key: "k2", code: "b" });
    await vi.advanceTimersByTimeAsync(100);
    expect(box.away).toBe(true);
    expect(new Outbox(async () => {}).waiting.map(({ key }) => key), "another tab or another day").toEqual(["k1", "k2"]);
    up = true;
    await vi.advanceTimersByTimeAsync(3000);
    expect(sent).toEqual(["k1 a", "k2 b"]);
    expect([box.waiting, box.away, localStorage.getItem("carrel.adds")]).toEqual([[], false, "[]"]);
  });

  test("a scan the server refuses stays in sight and holds up no other", async () => {
    answer = ({ method, body }) => (method === "GET" ? ok(queue([])) : body.isbn === "bad" ? { status: 400, data: { message: "Nothing was scanned.", data: { code: "invalid" } } } : ok({ row: row() }));
    const adds = new Adds();
    adds.scan("bad");
    adds.scan("9780062691194");
    adds.scan("   ");
    await vi.advanceTimersByTimeAsync(0);
    expect(posts("adds").map(({ isbn }) => isbn)).toEqual(["bad", "9780062691194"]);
    expect(adds.outbox.waiting.map(({ code, refused }) => [code, refused])).toEqual([["bad", "Nothing was scanned."]]);
    adds.outbox.drop(adds.outbox.waiting[0]!.key);
    expect(adds.outbox.waiting).toEqual([]);
  });

  test("what is kept and cannot be read is no reason to stop", () => {
    localStorage.setItem("carrel.adds", "{nonsense");
    expect(new Outbox(async () => {}).waiting).toEqual([]);
  });
});

describe("the queue", () => {
  const rows = [row({ id: "r1", state: "ready", found: [found()], chosen: 1 }), row({ id: "r2", state: "own" }), row({ id: "r3", state: "choose" }), row({ id: "r4", state: "needs" }), row({ id: "r5" })];

  test("shows the newest first, and what is asked for", async () => {
    answer = () => ok(queue(rows));
    const adds = new Adds();
    await adds.look();
    const shown = () => adds.rows.map(({ id }) => id);
    expect(shown()).toEqual(["r5", "r4", "r3", "r2", "r1"]);
    adds.narrow = "ready";
    expect(shown()).toEqual(["r2", "r1"]);
    adds.narrow = "needs";
    expect(shown()).toEqual(["r4", "r3"]);
    expect(adds.ready).toBe(2);
  });

  test("keeps what is on the screen when there is no answer", async () => {
    answer = () => ok(queue(rows));
    const adds = new Adds();
    await adds.look();
    answer = () => ({ status: 0, data: null });
    await adds.look();
    expect([adds.rows.length, adds.trouble]).toEqual([5, ""]);
  });

  test("a batch is followed to its end, and a failed one keeps its key", async () => {
    let state = "running";
    answer = ({ method, path }) => (path === "adds/commit" ? { status: 500, data: { message: "", data: {} } } : method === "GET" ? ok(queue(rows)) : ok({}));
    const adds = new Adds();
    expect(await adds.commit()).toBe(false);
    answer = ({ path }) => (path === "adds/commit" ? { status: 202, data: { import: { id: "i1" } } } : path.startsWith("adds?import") ? ok({ rows: [row({ item: "x" })], state, undo_until: "2026-12-13T00:00:00Z", error: "" }) : ok(queue([])));
    const work = adds.commit(rows[0]);
    await vi.advanceTimersByTimeAsync(1000);
    expect(adds.added).toBeNull();
    state = "done";
    await vi.advanceTimersByTimeAsync(1000);
    expect(await work).toBe(true);
    expect(adds.added).toMatchObject({ id: "i1", n: 1 });
    const [first, second] = posts("adds/commit");
    expect(second).toEqual({ key: first!.key, rows: ["r1"] });
    expect(toasts.shown).toHaveLength(1);
  });

  test("what is said of a book and refused is told at its field", async () => {
    answer = () => ({ status: 400, data: { message: "A book needs a title.", data: { code: "invalid", field: "fields.title" } } });
    const adds = new Adds();
    expect(await adds.edit(rows[0]!, { chosen: 2 })).toBe(false);
    expect(adds.editing.at("fields.title")).toBe("A book needs a title.");
  });
});

describe("words", () => {
  test("numbers and names", () => {
    expect([spaced("9780062691194"), spaced("51299")]).toEqual(["978 006 269 119 4", "51299"]);
    expect([spoken("Craft, Jerry"), spoken("King, Martin Luther, Jr."), spoken("Plato"), spoken("")]).toEqual(["Jerry Craft", "Martin Luther King, Jr.", "Plato", ""]);
    expect([titleOf(row({ found: [found()] })), titleOf(row())]).toEqual(["New Kid", ""]);
    expect(beneath(row({ state: "ready", chosen: 1, found: [found({ sources: ["Library of Congress", "own", "Open Library"] })] }))).toBe("Library of Congress, This school, Open Library");
  });

  test("there is no internet only when every source that is on is away", () => {
    const source = (over: Partial<Source>): Source => ({ id: "a", name: "A", kind: "sru", on: true, state: "offline", at: "2026-11-13T09:02:00Z", ...over });
    expect(awaySince([source({ kind: "own", state: "always" }), source({}), source({ state: "portal" })])).not.toBe("");
    expect(awaySince([source({}), source({ state: "online" })])).toBe("");
    expect(awaySince([source({ on: false })])).toBe("");
    expect(awaySince([])).toBe("");
  });

  test("places change their order within the list only", () => {
    const [a, b] = [{ id: "a" }, { id: "b" }] as Place[];
    expect([move([a!, b!], 1, -1), move([a!, b!], 0, -1), move([a!, b!], 1, 1)].map((list) => list.map(({ id }) => id).join(""))).toEqual(["ba", "ab", "ab"]);
  });

  test("a draft outlives its form", () => {
    const one = row({ found: [found({ subjects: ["Schools", "Art"] })] });
    const draft = drafts.of(one);
    expect([draft.title, draft.subjects]).toEqual(["New Kid", "Schools\nArt"]);
    drafts.keep(one.id, { ...draft, title: "New Kid!" });
    expect(drafts.of(one).title).toBe("New Kid!");
    drafts.drop(one.id);
    expect(drafts.of(one).title).toBe("New Kid");
  });
});
