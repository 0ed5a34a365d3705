import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { History } from "../staff/notices/history.svelte";
import { Late } from "../staff/notices/late.svelte";
import { OptOuts } from "../staff/notices/optouts.svelte";
import { atMost, numbers, Schedules } from "../staff/notices/schedules.svelte";
import { pairsOf, Templates } from "../staff/notices/templates.svelte";
import type { KindSettings, NoticeSettings, Preview, Wording } from "../staff/notices/types";
import { leftOut } from "../staff/notices/words";
import { toasts } from "../staff/toasts.svelte";

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
  for (const toast of toasts.shown) toasts.close(toast);
});

const ok = (data: unknown) => ({ status: 200, data });
const no = (message: string, field = "", status = 400) => ({ status, data: { message, data: { code: "invalid", field } } });
const sent = (path: string) => calls.filter((call) => call.method !== "GET" && call.path === path).map((call) => call.body);

const kind = (over: Partial<KindSettings> = {}): KindSettings => ({ on: true, hour: 7, channel: "mail", to: ["guardians"], ...over });
const settings = (over: Partial<NoticeSettings> = {}): NoticeSettings => ({
  profile: "count",
  disclosure: { guardians: "count", patron: "count", teacher: "count", paper: "count" },
  kinds: {
    overdue: kind({ steps: [1, 14, 28] }), due_soon: kind({ on: false, steps: [2] }), hold_ready: kind(), hold_expired: kind(), claim: kind({ on: false }), recall: kind({ on: false }),
    fee: kind({ on: false, owed: "5.00", every_days: 30 }),
  },
  ...over,
});

describe("late books", () => {
  const rooms = [
    { id: "r1", name: "4B", patrons: 6, loans: 8, pages: 2, reachable: 5 },
    { id: "r2", name: "5A", patrons: 1, loans: 1, pages: 1, reachable: 0 },
    { id: "none", name: "", patrons: 1, loans: 2, pages: 1, reachable: 1 },
  ];
  const look = (over: Partial<Preview> = {}): Preview => ({
    on: "2026-11-23", homerooms: rooms, patrons: 8, loans: 11, pages: 4, families: { addresses: 6, new: 4, waiting: 0 }, teachers: { addresses: 2, new: 2, waiting: 0 },
    left_out: { claimed: 0, left: 0, back: 0, opted_out: 0 }, mail: true, paper: 0, profile: "type", shows: "count", tells: "count", schedule: kind({ steps: [1, 14, 28] }), ...over,
  });
  let now: Preview;
  let late: Late;

  beforeEach(async () => {
    now = look();
    answer = (call) => {
      if (call.path.startsWith("notices/preview")) return ok(now);
      if (call.path.startsWith("notices/slips/")) return ok({ on: now.on, school: "Cedar Hollow", slips: [] });
      if (call.path === "notices/run") return ok({ message: "Sent." });
      return ok(settings());
    };
    late = new Late();
    await late.open();
  });

  test("begin with all homerooms and what the school decided", () => {
    expect([late.all, late.families, late.teachers, late.paper, late.sum.loans]).toEqual([true, true, false, true, 11]);
    expect([late.mailing, late.printing]).toEqual([{ label: "Queue 4 emails", why: "" }, { label: "Print 4 pages", why: "" }]);
    expect(late.room?.id).toBe("r1");
  });

  test("send to the chosen homerooms and nobody else", async () => {
    late.choose(rooms[0]!, false);
    late.teachers = true;
    await vi.advanceTimersByTimeAsync(0);
    expect(calls.at(-2)?.path).toContain("homerooms=r2%2Cnone");
    await late.mail();
    expect(sent("notices/run")).toEqual([{ on: late.on, homerooms: ["r2", "none"], to: ["families", "teachers"] }]);
    expect(toasts.shown.at(-1)?.text).toBe("Sent.");
  });

  test.each<[string, () => void | Promise<void>, string]>([
    ["no homeroom", () => late.chooseAll(false), "Choose at least one homeroom."],
    ["nobody to write to", () => void (late.families = false), "Tick whom to write to first."],
    ["turned off", () => { now = look({ schedule: kind({ on: false }) }); return late.count(); }, "Late notices are off in the settings."],
    ["all told", () => { now = look({ families: { addresses: 6, new: 0, waiting: 0 } }); return late.count(); }, "They were all told already."],
    ["no address", () => { now = look({ families: { addresses: 0, new: 0, waiting: 0 } }); return late.count(); }, "None of them has a mail address."],
    ["no server", () => { now = look({ mail: false, families: { addresses: 6, new: 0, waiting: 3 } }); return late.count(); }, "3 emails wait for a mail server."],
    ["nobody late", () => { now = look({ homerooms: [] }); return late.count(); }, "No late books"],
  ])("the mail button says why: %s", async (_, happens, why) => {
    await happens();
    expect(late.mailing.why).toBe(why);
  });

  test("what waits is sent by the button that names it", async () => {
    now = look({ families: { addresses: 6, new: 0, waiting: 1 } });
    await late.count();
    expect(late.mailing).toEqual({ label: "Send 1 waiting email", why: "" });
  });

  test("the pages of a homeroom are counted among the chosen ones", () => {
    late.step(1);
    expect([late.room?.id, late.pages, late.reaches(1), late.reaches(2)]).toEqual(["r2", { from: 3, to: 3, of: 4 }, true, false]);
    late.choose(rooms[0]!, false);
    expect(late.pages).toEqual({ from: 1, to: 1, of: 2 });
    late.choose(rooms[1]!, false);
    expect(late.pages).toBe(null);
  });

  test("only the newest answer counts", async () => {
    const answers: ((value: { status: number; data: unknown }) => void)[] = [];
    const before = answer;
    answer = (call) => (call.path.startsWith("notices/preview") ? new Promise((go) => answers.push(go)) : before(call));
    late.choose(rooms[0]!, false);
    late.choose(rooms[0]!, true);
    expect(late.counting).toBe(true);
    answers[1]!(ok(look({ paper: 2 })));
    answers[0]!(ok(look({ paper: 1 })));
    await vi.advanceTimersByTimeAsync(0);
    expect([late.look?.paper, late.counting]).toEqual([2, false]);
  });

  test("how much a slip tells is changed for the school, and back", async () => {
    await late.tell("type");
    await toasts.shown.at(-1)!.undo!();
    expect(sent("settings/notices")).toEqual([{ disclosure: { paper: "type" } }, { disclosure: { paper: "count" } }]);
  });

  test("who is left out is said with the reason", () => {
    expect(leftOut(look({ left_out: { claimed: 1, left: 2, back: 4, opted_out: 0 } }), 3)).toBe(
      "Left out by Carrel: 2 students who left, 1 claim “I returned it”, and 4 late books that came back today. No mail: 3 families without an address.",
    );
    expect(leftOut(look(), 0)).toBe("");
  });
});

describe("the history", () => {
  test("keeps its filters in the address and sends again what failed", async () => {
    answer = (call) => ok(call.method === "GET" ? { items: [], totalItems: 0, counts: { failed: 1, sent: 2 }, paper: 3 } : {});
    const history = new History(new URLSearchParams("state=failed&channel=mail&state2=x"));
    await history.pages.again();
    expect(calls[0]?.path).toBe("notices?state=failed&kind=&channel=mail&page=1&perPage=100");
    history.filter({ state: "", kind: "overdue" });
    expect([history.query.toString(), history.total]).toEqual(["kind=overdue&channel=mail", 3]);
    await history.again({ id: "n1", patron: { name: "Ana" } } as never);
    expect([sent("notices/n1/again").length, toasts.shown.at(-1)?.text]).toEqual([1, "The notice for Ana waits to be sent again."]);
    expect(new History(new URLSearchParams("state=eaten")).state).toBe("");
  });
});

describe("the schedules", () => {
  let schedules: Schedules;
  let kept: NoticeSettings;

  beforeEach(async () => {
    kept = settings();
    answer = (call) => (call.method === "GET" ? ok(kept) : ok({ ...kept, ...call.body, kinds: { ...kept.kinds, ...(call.body.kinds as object) } }));
    schedules = new Schedules();
    await schedules.open();
  });

  test.each<[string, number[] | null]>([["1, 14, 28", [1, 14, 28]], [" 3;5 8 ", [3, 5, 8]], ["", []], ["1, two", null], ["1.5", null], ["-1", null]])("%j are the days %j", (text, days) => {
    expect(numbers(text)).toEqual(days);
  });

  test("keep what is typed until it is saved or discarded", async () => {
    schedules.change("overdue", { steps: "3, 10" });
    schedules.show("fee");
    expect([schedules.unsaved("overdue"), schedules.unsaved("fee"), schedules.draft("overdue").steps]).toEqual([true, false, "3, 10"]);
    schedules.show("overdue");
    await schedules.save();
    expect(sent("settings/notices")).toMatchObject([{ kinds: { overdue: { steps: [3, 10], hour: 7 } } }]);
    expect([schedules.unsaved("overdue"), schedules.settings?.kinds.overdue.steps]).toEqual([false, [3, 10]]);
    schedules.change("overdue", { on: false });
    schedules.discard();
    expect(schedules.draft("overdue").on).toBe(true);
  });

  test("put the server's no beside its field, and keep the form", async () => {
    answer = () => no("Each larger than the one before.", "overdue.steps");
    schedules.change("overdue", { steps: "14, 1" });
    await schedules.save();
    expect([schedules.errors.steps, schedules.draft("overdue").steps, schedules.trouble]).toEqual(["Each larger than the one before.", "14, 1", ""]);
    schedules.change("overdue", { steps: "1" });
    expect(schedules.errors.steps).toBeUndefined();
  });

  test("say above the form what is about another kind", async () => {
    answer = () => no("Choose somebody.", "claim.to");
    schedules.change("overdue", { hour: 8 });
    await schedules.save();
    expect([schedules.errors, schedules.trouble]).toEqual([{}, "Choose somebody."]);
  });

  test("send no steps that are no numbers", async () => {
    schedules.change("overdue", { steps: "soon" });
    await schedules.save();
    expect([sent("settings/notices").length, schedules.errors.steps]).toEqual([0, "Write whole numbers with commas between them, such as 1, 14, 28."]);
  });

  test("cap what is told by the profile", () => {
    expect([atMost("title", "type"), atMost("count", "title")]).toEqual(["type", "count"]);
    schedules.changeTelling({ profile: "title" });
    schedules.changeTelling({ disclosure: { guardians: "title", paper: "type" } });
    schedules.changeTelling({ profile: "type" });
    expect(schedules.telling).toEqual({ profile: "type", disclosure: { guardians: "type", patron: "count", teacher: "count", paper: "type" } });
    schedules.changeTelling({ profile: "count" });
    expect(schedules.unsaved("tell")).toBe(false);
  });

  test("are put back by an undo", async () => {
    schedules.change("overdue", { hour: 9 });
    await schedules.save();
    await toasts.shown.at(-1)!.undo!();
    expect(sent("settings/notices").at(-1)).toEqual(kept);
  });
});

describe("the words", () => {
  const wording = (over: Partial<Wording> = {}): Wording => ({ kind: "overdue", step: 1, language: "en", subject: "S", body: "B", own: false, placeholders: ["{{.List}}"], ...over });
  let list: Wording[];
  let templates: Templates;
  const english = () => templates.pair!.words[0]!;

  beforeEach(async () => {
    list = [wording(), wording({ language: "es" }), wording({ step: 2 }), wording({ step: 2, language: "es" })];
    answer = (call) => {
      if (call.path.startsWith("notices/templates/preview")) {
        const { subject, body } = call.body as { subject: string; body: string };
        return body.includes("{{.Nobody}}") ? no("There is no {{.Nobody}}.", "body") : ok({ subject, text: body, sample: true });
      }
      if (call.path === "settings/notices") return ok(settings());
      if (call.method === "PUT") list = list.map((one) => (one.step === call.body.step && one.language === call.body.language ? { ...one, ...call.body, own: true } as Wording : one));
      if (call.method === "DELETE") list = list.map((one) => (call.path.includes(`step=${one.step}&language=${one.language}`) ? { ...one, subject: "S", body: "B", own: false } : one));
      return ok({ templates: list });
    };
    templates = new Templates();
    await templates.open();
    await vi.advanceTimersByTimeAsync(0);
  });

  test("stand side by side, a pair for each step of the schedule", () => {
    expect(templates.pairs.map(({ step, of, words }) => [step, of, words.map(({ language, own }) => `${language} ${own}`)])).toEqual([1, 2, 3].map((step) => [step, 3, ["en false", "es false"]]));
    expect(pairsOf([wording({ kind: "fee" })], {}).map(({ step }) => step)).toEqual([1]);
  });

  test("are tried once the hands rest, and never lost", async () => {
    templates.type(english(), { body: "Hi" });
    templates.type(english(), { body: "Hi there" });
    templates.choose(templates.pairs[1]!);
    templates.choose(templates.pairs[0]!);
    await vi.advanceTimersByTimeAsync(1000);
    expect([templates.text(english()).body, templates.unsaved(english()), templates.look(english())?.shown?.text]).toEqual(["Hi there", true, "Hi there"]);
    expect(sent("notices/templates/preview").some(({ body }) => body === "Hi")).toBe(false);
    await templates.open();
    expect(templates.text(english()).body).toBe("Hi there");
  });

  test("an unknown placeholder is named at its field before anything is saved", async () => {
    templates.type(english(), { body: "{{.Nobody}}" });
    await vi.advanceTimersByTimeAsync(1000);
    expect(templates.look(english())).toMatchObject({ field: "body", trouble: "There is no {{.Nobody}}.", shown: { text: "B" } });
  });

  test("are saved, undone to what was shipped, and taken back to it", async () => {
    templates.type(english(), { subject: "Ours" });
    await templates.save(english());
    expect([english().own, english().subject, templates.unsaved(english())]).toEqual([true, "Ours", false]);
    await toasts.shown.at(-1)!.undo!();
    expect([english().own, english().subject]).toEqual([false, "S"]);
    templates.type(english(), { subject: "Ours" });
    await templates.save(english());
    await templates.ship(english());
    expect(english().own).toBe(false);
    await toasts.shown.at(-1)!.undo!();
    expect([english().own, english().subject]).toEqual([true, "Ours"]);
  });

  test("a card that is not known is said at its field", async () => {
    const before = answer;
    answer = (call) => (call.body.patron === "X" ? no("Nobody has this card.", "patron", 404) : before(call));
    templates.patron = "X";
    templates.tryAll();
    await vi.advanceTimersByTimeAsync(0);
    expect([templates.patronTrouble, templates.trouble]).toEqual(["Nobody has this card.", ""]);
  });
});

describe("who wants no courtesy notices", () => {
  test("is added and removed, each with a way back", async () => {
    const out = { id: "o1", address: "ana@x.example", since: "" };
    answer = (call) => ok(call.method === "GET" ? { unsubscribed: [out] } : out);
    const list = new OptOuts();
    list.asked = "unsubscribe abc";
    await list.add();
    expect([list.asked, list.list]).toEqual(["", [out]]);
    await toasts.shown.at(-1)!.undo!();
    await list.remove(out);
    await toasts.shown.at(-1)!.undo!();
    expect(calls.filter(({ method }) => method !== "GET").map(({ method, path, body }) => [method, path, body.asked])).toEqual([
      ["POST", "notices/unsubscribed", "unsubscribe abc"], ["DELETE", "notices/unsubscribed/o1", undefined],
      ["DELETE", "notices/unsubscribed/o1", undefined], ["POST", "notices/unsubscribed", "ana@x.example"],
    ]);
  });

  test("keeps what was typed when it cannot be", async () => {
    answer = () => no("Enter a mail address.", "asked");
    const list = new OptOuts();
    list.asked = "nobody";
    await list.add();
    expect([list.asked, list.wrong, list.trouble]).toEqual(["nobody", "Enter a mail address.", ""]);
  });
});
