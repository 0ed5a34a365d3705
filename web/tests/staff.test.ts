import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { Search } from "../staff/catalog/search.svelte";
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
  ["librarian", ["today", "desk", "catalog", "people", "teaching", "budget", "reports", "settings", "help"]],
  ["aide", ["today", "desk", "catalog", "people", "teaching", "help"]],
  ["volunteer", ["desk", "catalog", "help"]],
  ["teacher", ["catalog", "people", "teaching", "budget", "help"]],
  ["principal", ["reports", "catalog", "budget", "help"]],
  ["coordinator", ["catalog", "budget", "help"]],
] as const)("a %s sees %j", (role, want) => {
  expect(places(role).map((place) => place.id)).toEqual(want);
  for (const { tabs } of places(role)) expect(new Set(tabs.map(({ id }) => id)).size).toBe(tabs.length);
});
