import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { Search } from "../staff/catalog/search.svelte";
import { Desk } from "../staff/desk/desk.svelte";
import { places } from "../staff/places";

type Call = { method: string; path: string; body: Record<string, unknown> };

let calls: Call[];
let answer: (call: Call) => { status: number; data: unknown } | Promise<{ status: number; data: unknown }>;

beforeEach(() => {
  vi.useFakeTimers();
  calls = [];
  vi.stubGlobal("fetch", async (path: string, init: RequestInit) => {
    const call = { method: init.method ?? "GET", path: path.replace("/api/carrel/", ""), body: init.body ? JSON.parse(String(init.body)) : {} };
    calls.push(call);
    const { status, data } = await answer(call);
    return new Response(JSON.stringify(data), { status });
  });
});

afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

const patron = { patron: { id: "p", barcode: "P 1", name: "Ana Díaz", first_name: "Ana" }, blocks: [], loans: [], holds: [] };
const loan = { id: "l", due: "2026-04-21", out_at: "", item: { barcode: "B1", title: "Hatchet" }, patron: { barcode: "P 1", name: "Ana Díaz" } };
const refusal = (code: string, overridable = true) => ({ status: 409, data: { message: "no", data: { refusals: [{ code, message: code, overridable }] } } });

/** A staff door where P 1 is a card and everything else a book. */
function school(call: Call) {
  if (call.path.startsWith("resolve")) return { status: 200, data: { kind: call.path.endsWith("P%201") ? "patron" : "item" } };
  if (call.path.startsWith("patrons")) return { status: 200, data: patron };
  if (call.path === "checkouts") return { status: 201, data: { loan, why_due: "21 days." } };
  if (call.path === "returns") return { status: 200, data: { loan, next: "shelve", message: "Shelve it." } };
  return { status: 200, data: {} };
}

describe("the desk", () => {
  let desk: Desk;
  const acts = (path: string) => calls.filter((call) => call.method === "POST" && call.path === path).map((call) => call.body);

  beforeEach(() => {
    answer = school;
    desk = new Desk(() => {});
  });

  test("lends a scanned book to the person of the card before", async () => {
    await desk.scan("P 1");
    await desk.scan("B1");
    expect(acts("checkouts")).toMatchObject([{ patron: "P 1", item: "B1" }]);
    expect([desk.flash?.title, desk.flash?.due, desk.events.length]).toEqual(["Hatchet", "2026-04-21", 1]);
  });

  test("returns a book when nobody is loaded", async () => {
    await desk.scan("B1");
    expect(acts("returns")).toMatchObject([{ item: "B1", mode: "return" }]);
    expect(desk.events[0]?.kind).toBe("in");
  });

  test("keeps the key of an act the server did not answer", async () => {
    await desk.scan("P 1");
    let down = true;
    answer = (call) => (down && call.path === "checkouts" ? { status: 503, data: null } : school(call));
    const scan = desk.scan("B1");
    await vi.advanceTimersByTimeAsync(1500);
    expect([desk.line.away, desk.events.length]).toEqual([true, 0]);
    down = false;
    await vi.advanceTimersByTimeAsync(20_000);
    await scan;
    const keys = acts("checkouts").map((body) => body.key);
    expect(keys.length).toBeGreaterThan(1);
    expect(new Set(keys).size).toBe(1);
    expect(desk.events.length).toBe(1);
  });

  test("stops at a refusal, hears no scan meanwhile, and passes it with all its codes", async () => {
    await desk.scan("P 1");
    answer = (call) => (call.path === "checkouts" && !call.body.override ? refusal("loan_limit") : school(call));
    await desk.scan("B1");
    expect(desk.stopped?.refusals.map((r) => r.code)).toEqual(["loan_limit"]);
    await desk.scan("B2");
    expect(acts("checkouts").length).toBe(1);
    await desk.allow();
    expect(acts("checkouts")[1]).toMatchObject({ item: "B1", override: ["loan_limit"] });
    expect([desk.stopped, desk.events[0]?.kind]).toEqual([null, "allowed"]);
  });

  test("undoes by the key of the act, once", async () => {
    await desk.scan("P 1");
    await desk.scan("B1");
    const key = desk.events[0]!.key;
    desk.undoLast();
    await desk.scan("");
    expect(acts("undo")).toEqual([{ key }]);
    desk.undoLast();
    await desk.scan("");
    expect(acts("undo").length).toBe(1);
  });

  test("returns from the drop on the day they came back", async () => {
    vi.setSystemTime(new Date(2026, 3, 20, 9));
    const monday = new Desk(() => {});
    monday.mode = "book_drop";
    monday.dropDay = "2026-04-18";
    await monday.scan("B1");
    expect(acts("returns")).toMatchObject([{ mode: "book_drop", at: new Date(2026, 3, 18, 12).toISOString() }]);
    monday.dropDay = "2026-04-20";
    await monday.scan("B2");
    expect(acts("returns")[1]).not.toHaveProperty("at");
  });

  test("goes on after an unknown barcode", async () => {
    answer = (call) => (call.path === "returns" && call.body.item === "X999" ? { status: 404, data: { message: "No book has this barcode.", data: { code: "unknown_item" } } } : school(call));
    await desk.scan("X999");
    expect(desk.flash).toMatchObject({ tone: "danger", lead: "No book has this barcode." });
    await desk.scan("B1");
    expect(desk.flash?.tone).toBe("ok");
  });
});

describe("searching while typing", () => {
  const found = (q: string) => ({ status: 200, data: { page: 1, perPage: 25, totalItems: 1, items: [{ id: q, title: q }], facets: {}, took_ms: 1 } });

  test("shows the answer to the newest words, whichever comes last", async () => {
    const waiting: (() => void)[] = [];
    answer = (call) => new Promise((resolve) => waiting.push(() => resolve(found(new URL(call.path, "http://x").searchParams.get("q") ?? ""))));
    const search = new Search(new URLSearchParams());
    search.type("pla");
    search.type("planets");
    waiting[1]!();
    await vi.advanceTimersByTimeAsync(0);
    waiting[0]!();
    await vi.advanceTimersByTimeAsync(0);
    expect([search.answer?.items[0]?.title, search.busy]).toEqual(["planets", false]);
  });

  test("keeps the words when the answer is an error", async () => {
    answer = () => ({ status: 400, data: { message: "no", data: {} } });
    const search = new Search(new URLSearchParams("q=cats"));
    await search.run();
    expect([search.q, search.error === null]).toEqual(["cats", false]);
  });

  test("is an address and comes back from it", async () => {
    answer = () => found("x");
    const search = new Search(new URLSearchParams("q=sea&language=spa&page=2&nonsense=1"));
    expect(search.query.toString()).toBe("q=sea&language=spa&page=2");
    search.choose("language", "spa");
    expect(search.query.toString()).toBe("q=sea");
  });
});

test.each([
  ["librarian", ["today", "desk", "catalog", "people", "settings", "help"]],
  ["aide", ["today", "desk", "catalog", "people", "help"]],
  ["volunteer", ["desk", "catalog", "help"]],
  ["teacher", ["catalog", "help"]],
  ["principal", ["catalog", "help"]],
] as const)("a %s sees %j", (role, want) => {
  expect(places(role).map((place) => place.id)).toEqual(want);
});
