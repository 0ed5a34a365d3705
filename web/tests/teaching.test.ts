import { beforeEach, describe, expect, test, vi } from "vitest";
import type { Session, Week } from "../staff/teaching/types";

const asked: { path: string; method: string; body: Record<string, unknown> }[] = [];
let answer: (path: string, method: string) => unknown;
vi.mock("../staff/api", async (original) => ({
  ...(await original<object>()),
  ask: (path: string, { method = "GET", body = {} }: { method?: string; body?: Record<string, unknown> } = {}) => {
    asked.push({ path, method, body });
    return Promise.resolve().then(() => answer(path, method));
  },
}));
vi.stubGlobal("matchMedia", () => ({ matches: false, addEventListener: () => {}, removeEventListener: () => {} }));
const said: { text: string; undo?: () => void }[] = [];
vi.mock("../staff/toasts.svelte", () => ({ toasts: { say: (text: string, undo?: () => void) => said.push({ text, undo }) } }));

const { Calendar } = await import("../staff/teaching/calendar.svelte");
const { Plan } = await import("../staff/teaching/plan.svelte");
const { columns, hour, hours, inTheWay, lanes, minutes, moved, span, time, turned } = await import("../staff/teaching/time");
const { className, entryFacts, entryName, rangeName, togetherWords } = await import("../staff/teaching/words");
const { school } = await import("../staff/people/school.svelte");
const { Refused } = await import("../staff/api");

const entry = (id: string, from: string, until: string, over: Partial<Session> = {}): Session => ({
  id, updated: "1", kind: "checkout", name: "", lesson: null, homeroom: { id: "h", name: "1B" }, teacher: "Ms. Ortiz", day: "2026-04-14", from, until,
  place: "", needs: "", role: [], students: 20, state: "planned", n: 1, of: 1, series: "", visit: false, conflicts: [], ...over,
});
const days = ["13", "14", "15", "16", "17", "18", "19"].map((day, i) => ({ day: `2026-04-${day}`, cycle: "AB"[i % 2]!, open: i < 5 && i !== 3, label: "" }));
const week = (entries: Session[]): Week => ({ days, entries, asked: 0, counts: { lessons: 0, cotaught: 0, visits: 1 }, today: "2026-04-14", now: "10:42" });
const settled = () => new Promise((resolve) => setTimeout(resolve));

beforeEach(() => {
  asked.length = said.length = 0;
});

describe("times of day and stretches of days", () => {
  test("there and back", () => {
    for (const at of [0, 5, 630, 1439]) expect(minutes(time(at))).toBe(at);
    expect([hour("13:15", "en"), hour("09:00", "en"), hour("13:15", "es")]).toEqual(["1:15", "9:00", "13:15"]);
  });
  test("views", () => {
    expect(span("week", "2026-04-19")).toEqual(["2026-04-13", "2026-04-19"]);
    expect(span("month", "2026-04-19")).toEqual(["2026-03-30", "2026-05-03"]);
    expect(span("list", "2026-02-19")).toEqual(["2026-02-01", "2026-02-28"]);
    expect([turned("week", "2026-12-30", 1), turned("month", "2026-12-30", 1), turned("list", "2026-01-31", -1)]).toEqual(["2027-01-06", "2027-01-01", "2025-12-01"]);
    expect(rangeName("week", "2026-04-14", "en")).toBe("April 13–17");
    expect(rangeName("week", "2026-04-29", "es")).toMatch(/27 de abril.*1 de mayo/);
  });
  test("a weekend has a column only when something is on it", () => {
    expect(columns(days, []).map(({ day }) => day.slice(8))).toEqual(["13", "14", "15", "16", "17"]);
    expect(columns(days, [entry("a", "09:00", "10:00", { day: "2026-04-19" })]).at(-1)?.day).toBe("2026-04-19");
  });
  test("the drawn hours hold everything", () => {
    expect(hours([])).toEqual([480, 915]);
    expect(hours([entry("a", "07:20", "16:10")])).toEqual([420, 970]);
  });
  test("an entry stays as long as it was, within the day", () => {
    const from = entry("a", "10:30", "11:10");
    expect(moved(from, "2026-04-15", 600)).toMatchObject({ day: "2026-04-15", from: "10:00", until: "10:40" });
    expect(moved(from, from.day, -50)).toMatchObject({ from: "00:00", until: "00:40" });
    expect(moved(from, from.day, 9999)).toMatchObject({ from: "23:19", until: "23:59" });
  });
});

describe("entries at the same time", () => {
  const a = entry("a", "09:00", "10:00");
  const b = entry("b", "09:30", "10:30");
  const c = entry("c", "10:00", "11:00");
  test("touching is not overlapping, and it goes both ways", () => {
    expect([inTheWay(a, [a, b, c]), inTheWay(c, [a, b, c]), inTheWay(b, [a, b, c])].map((all) => all.map(({ id }) => id).join(""))).toEqual(["b", "b", "ac"]);
    expect(inTheWay(a, [{ ...b, state: "cancelled" }, { ...b, id: "d", state: "asked" }])).toEqual([]);
  });
  test("they stand side by side, and alone has the whole width", () => {
    expect(Object.fromEntries(lanes([b, c, a, entry("d", "12:00", "12:30")]))).toEqual({ a: { lane: 0, lanes: 2 }, b: { lane: 1, lanes: 2 }, c: { lane: 0, lanes: 2 }, d: { lane: 0, lanes: 1 } });
  });
});

describe("what an entry is called", () => {
  const lesson = entry("a", "10:30", "11:10", { kind: "lesson", lesson: { id: "l", title: "Is this site true?" }, homeroom: { id: "h", name: "4B" }, teacher: "Ms. Okafor", n: 2, of: 4, role: ["planned", "taught"], needs: "26 Chromebooks" });
  test.each([
    [lesson, "4B Okafor: Is this site true?", "2 of 4 · co-taught · needs 26 Chromebooks"],
    [entry("b", "9:00", "9:30"), "1B Ortiz", ""],
    [entry("c", "9:00", "9:30", { kind: "making", name: "Podcast booth", homeroom: { id: "x", name: "8-3" }, teacher: "" }), "Podcast booth: 8-3", ""],
    [entry("d", "9:00", "9:30", { kind: "closed", name: "State testing", homeroom: null }), "State testing", "library in use"],
    [entry("e", "9:00", "9:30", { kind: "lesson", homeroom: null, teacher: "Ms. Ortiz" }), "Lesson", ""],
  ])("%#", (one, name, facts) => {
    expect([entryName(one), entryFacts(one).join(" · ")]).toEqual([name, facts]);
  });
  test("supporting alone is not teaching together", () => {
    expect(entryFacts({ ...lesson, role: ["taught", "supported"] }).join()).not.toContain("co-taught");
    expect(togetherWords(["planned", "taught"])).toBe("Co-taught: planned and taught together");
    expect(className({ homeroom: null, teacher: "Ms. Okafor" })).toBe("");
    expect(className({ homeroom: { id: "h", name: "1-Ahmed" }, teacher: "Samira Ahmed" })).toBe("1-Ahmed");
  });
});

describe("an entry is moved", () => {
  let calendar: InstanceType<typeof Calendar>;
  const first = entry("a", "09:00", "09:40");
  const other = entry("b", "10:00", "10:40", { homeroom: { id: "i", name: "2A" }, teacher: "Mr. Bell" });

  beforeEach(async () => {
    answer = (_, method) => (method === "GET" ? week([first, other]) : { sessions: [{ ...first, id: "new" }], undo: "key-1" });
    calendar = new Calendar();
    calendar.day = "2026-04-14";
    await calendar.load();
  });
  const sent = (method: string) => asked.filter((one) => one.method === method);

  test("by steps, shown where it would be, kept by one request and taken back by its key", async () => {
    calendar.step(first, { minutes: 15 });
    calendar.step(first, { minutes: 15 });
    calendar.step(first, { days: 1 });
    expect(calendar.at(first)).toMatchObject({ day: "2026-04-15", from: "09:30", until: "10:10" });
    expect(sent("PATCH")).toEqual([]);
    await calendar.keep();
    expect(sent("PATCH")).toMatchObject([{ path: "teaching/sessions/a", body: { updated: "1", day: "2026-04-15", from: "09:30", until: "10:10" } }]);
    expect(calendar.focus).toBe("new");
    said.at(-1)!.undo!();
    await settled();
    expect(sent("POST")).toMatchObject([{ path: "teaching/undo", body: { key: "key-1" } }]);
  });
  test("what is in the way is said while it moves", () => {
    calendar.step(first, { minutes: 30 });
    expect(calendar.trouble).toContain("2A Bell");
    calendar.step(first, { days: 1 });
    expect(calendar.trouble).toBe("");
    calendar.step(first, { days: 1 });
    expect(calendar.trouble).toContain("closed");
  });
  test("leaving it, putting it back and the edge of what is in view send nothing", async () => {
    calendar.step(first, { minutes: 15 });
    calendar.leave();
    await calendar.keep();
    calendar.step(first, { minutes: 15 });
    calendar.step(first, { minutes: -15 });
    await calendar.keep();
    calendar.step(first, { days: -2 });
    expect([calendar.moving, sent("PATCH")]).toEqual([null, []]);
  });
  test("one of a row asks whether the others go along", async () => {
    const row = { ...first, series: "s" };
    answer = (_, method) => (method === "GET" ? week([row]) : { sessions: [row], undo: "k" });
    await calendar.load();
    calendar.step(row, { minutes: 15 });
    await calendar.keep();
    expect([calendar.asking?.now.from, sent("PATCH").length]).toEqual(["09:15", 0]);
    await calendar.settle(true);
    expect(sent("PATCH")[0]?.body.following).toBe(true);
  });
  test("refused, it is where it was, and why is said", async () => {
    answer = (_, method) => {
      if (method === "GET") return week([first]);
      throw new Refused(409, "Somebody moved it.", "changed", "", []);
    };
    calendar.step(first, { minutes: 15 });
    await calendar.keep();
    expect([calendar.at(first).from, calendar.attempt.text, calendar.asking]).toEqual(["09:00", "Somebody moved it.", null]);
  });
  test("a visit of the timetable is cancelled, not deleted, and its id goes through an address", async () => {
    await calendar.remove({ ...first, id: "visit:h:2026-04-14:09:00", visit: true });
    expect(asked.find(({ method }) => method === "PATCH")).toMatchObject({ path: "teaching/sessions/visit%3Ah%3A2026-04-14%3A09%3A00", body: { state: "cancelled" } });
  });
  test("the hours go on with the clock of the school", () => {
    expect(calendar.now).toBe(642);
  });
});

describe("planning", () => {
  let calendar: InstanceType<typeof Calendar>;
  beforeEach(async () => {
    school.rooms = [{ id: "h", name: "4B", teacher: "Ms. Okafor", grade: "4", patrons: 24, late: 0, library_days: "", visits: "tue 10:30-11:10; B 13:00-13:40", pictures: 0 }];
    answer = (path, method) => (method === "GET" ? week([]) : path === "lessons" ? { lesson: { id: "l9", title: "New one" } } : { sessions: [], undo: "k" });
    calendar = new Calendar();
    calendar.day = "2026-04-14";
    await calendar.load();
    asked.length = 0;
  });

  test("the class brings its teacher and its times, by weekday and by day of the cycle, on open days", () => {
    const plan = new Plan(calendar, null, { day: "2026-04-14" });
    plan.choose("h");
    expect(plan.typed.teacher).toBe("Ms. Okafor");
    expect(plan.slots.map(({ day, from }) => `${day.slice(8)} ${from}`)).toEqual(["14 10:30", "14 13:00"]);
    plan.take(plan.slots[0]!);
    expect(plan.typed).toMatchObject({ day: "2026-04-14", from: "10:30", until: "11:10" });
  });
  test("a new lesson is made once, then planned; a failed save makes no second", async () => {
    const plan = new Plan(calendar, null, { day: "2026-04-14", from: "10:30", until: "11:10", every: "week", until_day: "2026-05-01" });
    [plan.words, plan.fresh] = ["New one", true];
    const usual = answer;
    answer = (path, method) => {
      if (path === "teaching/sessions") throw new Refused(400, "No such day.", "invalid", "day", []);
      return usual(path, method);
    };
    expect(await plan.save()).toBe(false);
    expect([calendar.attempt.at("day"), plan.typed.lesson?.id]).toEqual(["No such day.", "l9"]);
    answer = usual;
    expect(await plan.save()).toBe(true);
    expect(asked.filter(({ path }) => path === "lessons").length).toBe(1);
    const posts = asked.filter(({ path }) => path === "teaching/sessions");
    expect(posts.at(-1)?.body).toMatchObject({ lesson: "l9", repeat: { every: "week", until: "2026-05-01" } });
    expect(posts[0]?.body.key).toBe(posts[1]?.body.key);
  });
  test("students are a whole number, said before the server is asked", async () => {
    const plan = new Plan(calendar, entry("a", "09:00", "09:40"));
    plan.typed.students = "a few";
    expect(await plan.save()).toBe(false);
    expect([calendar.attempt.field, asked]).toEqual(["students", []]);
  });
  test("what a teacher asked for becomes planned, with its words as the new lesson", async () => {
    const plan = new Plan(calendar, entry("q", "", "", { state: "asked", name: "Volcanoes", kind: "lesson" }));
    expect([plan.words, plan.fresh]).toEqual(["Volcanoes", true]);
    await plan.save();
    expect(asked.find(({ method }) => method === "PATCH")?.body).toMatchObject({ state: "planned", lesson: "l9" });
  });
});
