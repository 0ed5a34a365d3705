import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { SchoolCalendar } from "../staff/settings/calendar.svelte";
import { blank, columns, isOpen, later, monthLater, toggled, weeksOf, type Line, type Step } from "../staff/settings/month";
import { toasts } from "../staff/toasts.svelte";

let number = 0;
const line = (kind: Line["kind"], over: Partial<Line> = {}) => blank(kind, { id: `l${++number}`, ...over });
const week = line("week", { weekdays: "12345" });
const closed = (day: string, until = "", label = "") => line("closed", { day, until, label });
const opened = (day: string, until = "") => line("open", { day, until });

describe("a month of the school", () => {
  const spring = closed("2026-04-03", "2026-04-10", "Break");
  const cycle = line("cycle", { day: "2026-04-01", labels: "A, B" });
  const rows = (lines: Line[]) => weeksOf(lines, "2026-04", columns(lines, "2026-04", false));
  const find = (lines: Line[], day: string) => rows(lines).flat().find((cell) => cell?.day === day);

  test("has the weekdays of the school as columns, and a place before the first day", () => {
    expect(rows([week])[0]!.map((cell) => cell?.day ?? null)).toEqual([null, null, "2026-04-01", "2026-04-02", "2026-04-03"]);
    expect(rows([week]).length).toBe(5);
    expect(columns([week, opened("2026-04-18")], "2026-04", false)).toEqual([1, 2, 3, 4, 5, 6]);
    expect(columns([week], "2026-04", true).length).toBe(7);
  });

  test("a month that begins on a weekend has no empty row", () => {
    expect(weeksOf([week], "2026-08", columns([week], "2026-08", false))[0]!.map((cell) => cell?.day)).toEqual(["2026-08-03", "2026-08-04", "2026-08-05", "2026-08-06", "2026-08-07"]);
  });

  test.each([["2026-04-01", "A"], ["2026-04-02", "B"], ["2026-04-06", ""], ["2026-04-13", "A"], ["2026-04-17", "A"], ["2026-04-20", "B"]])("%s is day %s of the cycle, closed days skipped", (day, label) => {
    expect(find([week, spring, cycle], day)?.cycle).toBe(label);
  });

  test("says why a day is closed, and where a term ends", () => {
    const term = line("term_ceiling", { day: "2026-04-17", label: "Quarter 3" });
    expect(find([week, spring], "2026-04-06")).toMatchObject({ open: false, label: "Break" });
    expect(find([week, term], "2026-04-17")).toMatchObject({ open: true, term });
  });

  test.each([["2026-01-31", 1, "2026-02"], ["2026-01", -1, "2025-12"], ["2026-12", 1, "2027-01"]])("%s and %d months is %s", (from, months, want) => {
    expect(monthLater(from.slice(0, 7), months)).toBe(want);
  });
});

/** The lines after steps, as the server would keep them. */
function after(lines: Line[], steps: Step[]): Line[] {
  return steps.reduce((all, step) => ("remove" in step ? all.filter((line) => line !== step.remove) : [...all, { ...step.save, id: `n${++number}` }]), lines);
}

describe("a tap on a day", () => {
  test.each<[string, Line[], string]>([
    ["a school day", [week], "2026-04-21"],
    ["a Saturday", [week], "2026-04-25"],
    ["a closed day", [week, closed("2026-04-21")], "2026-04-21"],
    ["a day of a break", [week, closed("2026-04-20", "2026-04-24", "Break")], "2026-04-22"],
    ["a day opened in a break", [week, closed("2026-04-20", "2026-04-24"), opened("2026-04-22")], "2026-04-22"],
    ["a day of several opened ones", [week, opened("2026-04-18", "2026-04-26")], "2026-04-21"],
    ["the first of several opened ones", [week, opened("2026-04-18", "2026-04-26")], "2026-04-18"],
    ["a day closed twice", [week, closed("2026-04-21"), closed("2026-04-20", "2026-04-24")], "2026-04-21"],
    ["a Saturday that is opened", [week, opened("2026-04-25")], "2026-04-25"],
  ])("turns %s round, and twice turns it back, and touches no other day", (_, lines, day) => {
    const once = after(lines, toggled(lines, day));
    const twice = after(once, toggled(once, day));
    for (let other = "2026-04-13"; other <= "2026-05-01"; other = later(other, 1)) {
      expect(isOpen(once, other), other).toBe(other === day ? !isOpen(lines, other) : isOpen(lines, other));
      expect(isOpen(twice, other), other).toBe(isOpen(lines, other));
    }
  });
});

describe("the calendar at the server", () => {
  let kept: Line[];
  let refuse = "";
  let calendar: SchoolCalendar;

  beforeEach(async () => {
    kept = [week];
    refuse = "";
    vi.stubGlobal("fetch", async (path: string, init: RequestInit) => {
      const body = init.body ? JSON.parse(String(init.body)) : {};
      const answer = (status: number, data: unknown) => new Response(JSON.stringify(data), { status });
      if (refuse && init.method !== "GET") return answer(400, { message: refuse, data: { field: "day" } });
      if (init.method === "DELETE") {
        const [left, gone] = [kept.filter(({ id }) => !path.endsWith(id)), kept.filter(({ id }) => path.endsWith(id))];
        kept = left;
        return gone.length ? answer(200, {}) : answer(404, { message: "unknown" });
      }
      if (init.method !== "POST") return answer(200, { entries: kept });
      const entry = { ...blank("closed"), ...body, id: body.id || `s${++number}` };
      kept = [...kept.filter(({ id }) => id !== entry.id), entry];
      return answer(201, { entry });
    });
    calendar = new SchoolCalendar();
    await calendar.open();
  });

  afterEach(() => {
    for (const toast of toasts.shown) toasts.close(toast);
    vi.unstubAllGlobals();
  });

  test("a day is closed at once, kept, and opened again by the toast", async () => {
    const done = calendar.toggle("2026-04-21");
    expect(isOpen(calendar.lines!, "2026-04-21")).toBe(false);
    await done;
    expect(isOpen(kept, "2026-04-21")).toBe(false);
    toasts.undo(toasts.shown.at(-1)!);
    await calendar.change([]);
    expect([isOpen(kept, "2026-04-21"), isOpen(calendar.lines!, "2026-04-21"), kept.length]).toEqual([true, true, 1]);
  });

  test("three quick taps on one day are one closed day", async () => {
    await Promise.all([calendar.toggle("2026-04-21"), calendar.toggle("2026-04-21"), calendar.toggle("2026-04-21")]);
    expect([isOpen(kept, "2026-04-21"), isOpen(calendar.lines!, "2026-04-21"), kept.length]).toEqual([false, false, 2]);
  });

  test("a changed line goes back to what it was", async () => {
    const back = await calendar.change([{ save: { ...week, weekdays: "123456" } }]);
    expect(kept[0]!.weekdays).toBe("123456");
    await calendar.change(back!);
    expect([kept.length, kept[0]!.weekdays, calendar.lines![0]!.weekdays]).toEqual([1, "12345", "12345"]);
  });

  test("what the server refuses is taken back and said", async () => {
    refuse = "No such day.";
    await calendar.toggle("2026-04-21");
    expect([isOpen(calendar.lines!, "2026-04-21"), calendar.attempt.text, calendar.attempt.at("day")]).toEqual([true, "No such day.", "No such day."]);
    expect(toasts.shown).toEqual([]);
  });
});
