import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { guide } from "../staff/help/guide";
import { detailWords } from "../staff/settings/audit.svelte";
import { difference, spell } from "../staff/settings/calendarfile.svelte";
import { did, inOrder, type Run } from "../staff/settings/jobs";
import { blank } from "../staff/settings/month";
import { adjusted, decimal } from "../staff/settings/printing.svelte";
import { asTerms } from "../staff/settings/rules.svelte";
import { Setting } from "../staff/settings/setting.svelte";
import { phrases, source, type Rule, type Terms } from "../staff/settings/terms";
import { roles } from "../staff/settings/words";
import { toasts } from "../staff/toasts.svelte";

type Call = { method: string; path: string; body: Record<string, unknown> };
let calls: Call[];
let answer: (call: Call) => { status: number; data: unknown };

beforeEach(() => {
  calls = [];
  vi.stubGlobal("fetch", async (path: string, init: RequestInit) => {
    const call = { method: init.method ?? "GET", path: path.replace("/api/carrel/", ""), body: init.body ? JSON.parse(String(init.body)) : {} };
    calls.push(call);
    const { status, data } = answer(call);
    return new Response(JSON.stringify(data), { status });
  });
});

afterEach(() => {
  for (const toast of toasts.shown) toasts.close(toast);
  vi.unstubAllGlobals();
});

describe("a setting", () => {
  type Kept = { name: string; days: number; secret: string };
  let kept: { name: string; days: number };
  let setting: Setting<Kept>;
  const puts = () => calls.filter(({ method }) => method === "PUT").map(({ body }) => body);

  beforeEach(async () => {
    kept = { name: "Cedar", days: 14 };
    answer = ({ method, body }) => {
      if (method === "PUT" && body.days === 0) return { status: 400, data: { message: "More days.", data: { field: "days" } } };
      if (method === "PUT") kept = { ...kept, ...(body as Partial<typeof kept>) };
      return { status: 200, data: kept };
    };
    setting = new Setting<Kept>("settings/x", { secret: "" });
    await setting.open();
  });

  test("sends what was changed, and the toast takes it back", async () => {
    setting.typed!.name = "Hollow";
    expect(await setting.save()).toBe(true);
    expect([puts(), setting.changed]).toEqual([[{ name: "Hollow" }], []]);
    toasts.undo(toasts.shown.at(-1)!);
    await vi.waitFor(() => expect(kept.name).toBe("Cedar"));
  });

  test("keeps what is typed when the server says no, at its field", async () => {
    setting.typed!.days = 0;
    expect(await setting.save()).toBe(false);
    expect([setting.attempt.at("days"), setting.attempt.at("name"), setting.typed!.days, setting.kept!.days]).toEqual(["More days.", "", 0, 14]);
    expect(toasts.shown).toEqual([]);
  });

  test("what is typed stays when somebody else saves something else", async () => {
    setting.typed!.name = "Half";
    kept = { name: "Cedar", days: 3 };
    await setting.open();
    expect([setting.typed!.name, setting.typed!.days]).toEqual(["Half", 3]);
    setting.discard();
    expect(setting.typed!.name).toBe("Cedar");
  });

  test("a secret goes in once and cannot be taken back", async () => {
    setting.typed!.secret = "hush";
    await setting.save();
    expect([puts(), setting.typed!.secret, setting.kept!.secret, toasts.shown[0]?.undo]).toEqual([[{ secret: "hush" }], "", "", undefined]);
  });
});

describe("rules in words", () => {
  const rule = (patron: string, item: string, terms: Terms): Rule => ({ id: `${patron}/${item}`, patron_type: patron, item_type: item, patron_name: patron, item_name: item, terms });
  const site = rule("", "", { loan_days: 21, loan_limit: 5, renewal_limit: 2 });
  const student = rule("student", "", { loan_limit: 2 });
  const dvd = rule("", "dvd", { loan_days: 3 });
  const both = rule("student", "dvd", { for_loan: false });
  const rules = [both, dvd, student, site];

  test("a value comes from the nearest row, a kind of item before a kind of person", () => {
    expect(source(rules, both, "loan_days")).toBe(dvd);
    expect(source(rules, student, "loan_days")).toBe(site);
    expect(source(rules, both, "loan_limit"), "of the person as a whole").toBe(student);
    expect(source(rules, site, "loan_days")).toBeUndefined();
  });

  test("the own first, then the others with the row they come from", () => {
    expect(phrases(rules, student, ["loan_limit", "loan_days", "renewal_limit"], "USD")).toEqual({ own: ["2 items in all"], from: [{ rule: site, words: ["3 weeks", "renew twice"] }] });
  });

  test("what is not lent has no period", () => {
    expect(phrases(rules, both, ["for_loan", "loan_days"], "USD")).toEqual({ own: ["not lent"], from: [] });
  });

  test("every value says something, in numbers that are there", () => {
    const all: Terms = {
      for_loan: true, loan_days: 10, due_mode: "library_day", loan_limit: 1, type_limit: 2, title_limit: 3, renewal_limit: 0, overdue_limit: 0, claim_limit: 4, hold_allowed: true, hold_limit: 5, pickup_days: 6,
      fee_per_day_cents: 25, fee_grace_days: 1, fee_cap_cents: 500, fee_limit_cents: 1000, lost_fee_cents: 2000, processing_fee_cents: 300,
    };
    for (const name of Object.keys(all) as (keyof Terms)[]) {
      const { own } = phrases([], rule("", "", { [name]: all[name] }), [name], "USD");
      expect(own.join(), name).toMatch(/^[^{}]+$/);
      expect(own.join(), name).not.toMatch(/undefined|NaN/);
    }
  });

  test.each([
    [{ loan_days: "14" }, { loan_days: 14 }],
    [{ loan_days: "many" }, { loan_days: "many" }],
    [{ loan_days: " " }, {}],
    [{ fee_per_day_cents: "0,25", fee_grace_days: "2" }, { fee_per_day_cents: 25, fee_grace_days: 2 }],
    [{ fee_cap_cents: "4.35" }, { fee_cap_cents: 435 }],
    [{ for_loan: "false", due_mode: "next_open" }, { for_loan: false, due_mode: "next_open" }],
  ])("%j is sent as %j", (typed, want) => {
    expect(asTerms(typed as Parameters<typeof asTerms>[0])).toEqual(want);
  });
});

describe("the way back from a calendar file", () => {
  const kept = blank("closed", { id: "a", day: "2026-12-21", until: "2026-12-31" });
  const gone = blank("closed", { id: "b", day: "2026-11-11", source: "uid 2026-11-11" });

  test("takes away what is new, restores what was changed or removed, and leaves the rest", () => {
    const now = [{ ...kept, until: "2027-01-08" }, blank("closed", { id: "c", day: "2027-03-03" }), blank("week", { id: "w" })];
    expect(difference(now, [kept, gone, blank("week", { id: "w", source: "x" })])).toEqual([{ remove: now[1] }, { save: kept }, { save: { ...gone, id: "" } }]);
  });

  test.each([
    ["2026-04-03", "2026-04-10", "Apr 3 – 10"],
    ["2026-04-03", "", "Apr 3"],
    ["2026-12-21", "2027-01-01", "Dec 21, 2026 – Jan 1, 2027"],
    ["someday", "", "someday"],
  ])("%s to %s is %s", (from, until, want) => {
    expect(spell(from, until, "en", "2026-04-01").replaceAll(/\s/g, " ")).toBe(want);
  });
});

test.each([["60,5", 60.5], [" 7 ", 7], ["", ""], ["wide", "wide"]])("the measure %j is %j", (typed, want) => expect(decimal(typed)).toBe(want));

test("a printer that prints straight is left alone", () => {
  expect(adjusted({ right: 0, down: 0, across: 0, along: 0 })).toBe("It prints straight.");
  expect(adjusted({ right: -1, down: 0.5, across: 0.25, along: 0 })).toBe("1.0 mm to the left, 0.5 mm down, 0.25 % in width");
});

describe("what ran by itself", () => {
  const run = (job: string, state: Run["state"], more: Partial<Run> = {}): Run => ({ job, state, slot: "2026-11-23", started: "", ...more });

  test("the failed first, the newest first among equals", () => {
    expect(inOrder([run("a", "done"), run("b", "failed"), run("c", "running"), run("d", "failed")]).map(({ job }) => job)).toEqual(["b", "d", "c", "a"]);
  });

  test.each([
    [run("holds", "done", { summary: { tries: 1, result: { expired: 2 } } }), "2 holds ended."],
    [run("unlink", "done", { summary: { tries: 1, result: { loans: 1 } } }), "1 loan forgot its reader."],
    [run("new", "done"), "Done."],
    [run("holds", "failed", { error: "No room." }), "No room."],
    [run("holds", "failed"), "It failed and did not say why."],
  ])("%j", (run, want) => expect(did(run)).toBe(want));
});

test.each([[{ name: "Tess", account: "a1" }, "Tess"], [{ left: 7 }, "7 codes left"], [{ fields: ["grade"] }, "1 field"], [{ homeroom: "id" }, ""], [null, ""]])("the audit says %j as %j", (detail, want) => {
  expect(detailWords(detail)).toBe(want);
});

test.each(roles)("the help answers a %s, and its links lead where the role may go", (role) => {
  const answers = guide(role);
  expect(answers.length).toBeGreaterThan(0);
  for (const { steps, screens } of answers) expect([steps.every((step) => step().length > 0), screens.every(({ name }) => name !== "")]).toEqual([true, true]);
  expect(answers.some(({ id }) => id === "question")).toBe(role === "librarian");
});
