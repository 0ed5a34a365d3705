import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { cut, every, heights, lies, top } from "../staff/reports/chart";
import { compare, dayWithYear, shown } from "../staff/reports/format";
import { query, Reports } from "../staff/reports/reports.svelte";
import type { ChartData } from "../staff/reports/types";

const chart = (over: Partial<ChartData> = {}): ChartData => ({ kind: "bars", of: "number", x: ["a", "b"], series: [{ name: "one", values: [3, 4] }, { name: "two", values: [5, 1] }], sentence: "", ...over });

describe("a chart", () => {
  test.each([[[0], 1], [[7], 8], [[34], 40], [[205], 250], [[1000], 1000], [[9.5], 10], [[], 1]])("of %j ends at %d", (values, end) => expect(top(values)).toBe(end));

  test("ends at or above everything in it", () => {
    for (let n = 1; n < 20_000; n += 37) expect(top([n])).toBeGreaterThanOrEqual(n * 0.999);
  });

  test("stands as high as its parts together, or as the highest of them", () => {
    expect(heights(chart({ kind: "stack" }))).toEqual([8, 5]);
    expect(heights(chart())).toEqual([5, 4]);
  });

  test("lies while there are few names, and writes as many below as fit", () => {
    expect(lies(chart())).toBe(true);
    expect(lies(chart({ kind: "line" }))).toBe(false);
    expect(lies(chart({ x: Array.from({ length: 17 }, String) }))).toBe(false);
    expect(every(20, 640)).toBe(2);
    expect(every(3, 640)).toBe(1);
    expect(cut("The Girl Who Loved Wild Horses", 12)).toBe("The Girl Wh…");
    expect(cut("Guts", 12)).toBe("Guts");
  });
});

test.each([
  [1234.5, "number", "1,234.5"],
  [0.253, "percent", "25.3%"],
  [1299, "money", "12.99"],
  ["2026-04-21", "day", "Apr 21, 2026"],
  [null, "number", ""],
  ["<b>", "text", "<b>"],
] as const)("%j as %s reads %s", (cell, kind, text) => expect(shown(cell, kind)).toBe(text));

test("cells are ordered by what they are, and what is missing comes last", () => {
  const sorted = (cells: (string | number | null)[], down: boolean) => cells.toSorted((a, b) => compare(a, b, down));
  expect(sorted([10, null, 9, 100], false)).toEqual([9, 10, 100, null]);
  expect(sorted([10, null, 9, 100], true)).toEqual([100, 10, 9, null]);
  expect(sorted(["v.10", "v.2", null], false)).toEqual(["v.2", "v.10", null]);
  expect(dayWithYear("soon")).toBe("soon");
});

describe("the store", () => {
  let answers: Record<string, (() => Promise<Response>) | { status: number; data: unknown }>;
  let asked: string[];

  beforeEach(() => {
    asked = [];
    vi.stubGlobal("fetch", async (path: string) => {
      asked.push(path.replace("/api/carrel/", ""));
      const answer = answers[path.replace("/api/carrel/", "")]!;
      return typeof answer === "function" ? answer() : new Response(JSON.stringify(answer.data), { status: answer.status });
    });
  });
  afterEach(() => vi.unstubAllGlobals());

  const report = (id: string, more = {}) => ({ status: 200, data: { id, name: id, parameters: [], ...more } });

  test("asks with what was chosen", async () => {
    expect(query({ days: "2026-01-12..2026-04-10", grade: "" })).toBe("?days=2026-01-12..2026-04-10");
    answers = { "reports/by-day?days=term": report("by-day") };
    const reports = new Reports();
    await reports.open("by-day", { days: "term", grade: "" });
    expect(reports.report?.id).toBe("by-day");
    expect(reports.busy).toBe(false);
  });

  test("a no keeps what was chosen and the report before, and says which field", async () => {
    answers = { "reports/by-day": report("by-day"), "reports/by-day?days=soon": { status: 400, data: { message: "Not a period.", data: { code: "invalid", field: "days" } } } };
    const reports = new Reports();
    await reports.open("by-day", {});
    await reports.open("by-day", { days: "soon" });
    expect([reports.trouble, reports.field, reports.values.days, reports.report?.id]).toEqual(["Not a period.", "days", "soon", "by-day"]);
    await reports.open("by-day", {});
    expect([reports.trouble, reports.field]).toEqual(["", ""]);
  });

  test("of two questions under way the last one counts", async () => {
    let finish = () => {};
    const slow = new Promise<Response>((done) => (finish = () => done(new Response(JSON.stringify({ id: "slow", parameters: [] })))));
    answers = { "reports/slow": () => slow, "reports/quick": report("quick") };
    const reports = new Reports();
    const first = reports.open("slow", {});
    await reports.open("quick", {});
    finish();
    await first;
    expect(reports.report?.id).toBe("quick");
  });

  test("a name that cannot be is answered, and nothing is closed", async () => {
    answers = { "reports/by-day": report("by-day"), "saved-reports": { status: 400, data: { message: "Give it a name.", data: { field: "name" } } } };
    const reports = new Reports();
    await reports.open("by-day", {});
    expect(await reports.save("")).toBe("Give it a name.");
    expect(asked).toEqual(["reports/by-day", "saved-reports"]);
  });
});
