import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import type { CalendarEntry, Decision, Kiosk, Question, Reason } from "../staff/api";
import { ago, isOpen, isSilent } from "../staff/kiosks/heard";
import { Kiosks } from "../staff/kiosks/kiosks.svelte";
import { qrPath } from "../staff/kiosks/qr";
import { missing, Questions } from "../staff/questions/questions.svelte";
import { asked, choice, kept, short, why } from "../staff/questions/words";

type Call = { method: string; path: string; body: Record<string, unknown> };
type Reply = { status: number; data: unknown };

let calls: Call[];
let answer: (call: Call) => Reply;

beforeEach(() => {
  vi.useFakeTimers();
  calls = [];
  vi.stubGlobal("fetch", async (path: string, init: RequestInit) => {
    const call = { method: init.method ?? "GET", path: path.replace("/api/carrel/", ""), body: init.body ? JSON.parse(String(init.body)) : {} };
    calls.push(call);
    const { status, data } = answer(call);
    return new Response(JSON.stringify(data), { status });
  });
});

afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

const sent = (path: string) => calls.filter((call) => call.method !== "GET" && call.path === path).map((call) => call.body);

describe("a QR code drawn as one path", () => {
  /** The modules a path darkens, told from its own commands. */
  function modules(path: string, size: number): string[] {
    const grid = Array.from({ length: size }, () => Array<string>(size).fill("0"));
    for (const [, x, y, length] of path.matchAll(/M(\d+) (\d+)h(\d+)v1h-\3z/g)) grid[Number(y)]!.fill("1", Number(x), Number(x) + Number(length));
    return grid.map((row) => row.join(""));
  }

  test.each([[["010", "110", "001"]], [["111", "111", "111"]], [["000", "000", "000"]], [["1010101", "0111110", "1000001", "0000000", "1100011", "0011100", "1111111"]]])("%j has its dark modules and no other", (rows) => {
    expect(modules(qrPath(rows), rows.length)).toEqual(rows);
  });
});

const kiosk = (id: string, over: Partial<Kiosk> = {}): Kiosk => ({
  id,
  name: id,
  state: "paired",
  last_seen: "2026-04-21T10:00:00Z",
  paired_at: "2026-04-01T10:00:00Z",
  locked_at: "",
  window: null,
  settings: { returns: false, old_barcodes: false, language: "", idle_seconds: 20, sounds: true, kinder: false, class_only: false, camera: true, away: "lend" },
  ...over,
});

describe("a kiosk that is silent", () => {
  const week: CalendarEntry = { kind: "week", day: "", until: "", weekdays: "12345" };
  const entry = (kind: string, day: string, until = "") => ({ kind, day, until, weekdays: "" });
  const at = (text: string) => new Date(text); // without a zone: this device's clock

  test.each([
    ["a Tuesday", [week], "2026-04-21T09:00", true],
    ["before the day begins", [week], "2026-04-21T06:59", false],
    ["after it has ended", [week], "2026-04-21T17:00", false],
    ["a Sunday", [week], "2026-04-19T09:00", false],
    ["a Sunday of a school that opens on Sundays", [{ ...week, weekdays: "7" }], "2026-04-19T09:00", true],
    ["a closed day", [week, entry("closed", "2026-04-21")], "2026-04-21T09:00", false],
    ["inside a holiday", [week, entry("closed", "2026-04-20", "2026-04-24")], "2026-04-24T09:00", false],
    ["after a holiday", [week, entry("closed", "2026-04-20", "2026-04-24")], "2026-04-27T09:00", true],
    ["a day opened in a holiday", [week, entry("closed", "2026-04-20", "2026-04-24"), entry("open", "2026-04-22")], "2026-04-22T09:00", true],
    ["a term end closes nothing", [week, entry("term_ceiling", "2026-04-21")], "2026-04-21T09:00", true],
    ["no calendar yet", [], "2026-04-21T09:00", false],
  ])("%s", (_, calendar, time, want) => {
    expect(isOpen(calendar, at(time))).toBe(want);
  });

  test.each([
    ["just heard", {}, 9, false],
    ["not heard for long", {}, 11, true],
    ["switched off", { state: "revoked" as const }, 11, false],
    ["waiting for its code", { state: "waiting" as const }, 11, false],
  ])("%s", (_, over, minutes, want) => {
    const now = at("2026-04-21T10:00");
    const quiet = kiosk("k", { ...over, last_seen: new Date(now.getTime() - minutes * 60_000).toISOString() });
    expect(isSilent(quiet, [week], now)).toBe(want);
    expect(isSilent(quiet, [], now), "while the library is closed").toBe(false);
  });

  test.each([
    [0, "en", "1 minute ago"],
    [-90, "en", "1 minute ago"],
    [59 * 60, "en", "59 minutes ago"],
    [3 * 3600, "es", "hace 3 horas"],
    [50 * 3600, "en", "2 days ago"],
  ])("%d seconds in %s is %s", (seconds, locale, want) => {
    expect(ago("2026-04-21T10:00:00Z", new Date(Date.parse("2026-04-21T10:00:00Z") + seconds * 1000), locale)).toBe(want);
  });
});

describe("the kiosks", () => {
  let list: Kiosk[];
  let kiosks: Kiosks;

  beforeEach(async () => {
    list = [kiosk("one"), kiosk("two")];
    answer = ({ method, path, body }) => {
      if (path === "kiosks" && method === "POST") {
        list = [...list, kiosk("new", { name: "", state: "waiting" })];
        return { status: 201, data: { code: "ABCDEFGH", expires: "2026-04-21T10:10:00Z" } };
      }
      if (path === "kiosks") return { status: 200, data: { kiosks: list } };
      if (path === "homerooms") return { status: 200, data: { homerooms: [{ id: "r", name: "Room 12", patrons: 3 }] } };
      if (path === "calendar") return { status: 200, data: { entries: [] } };
      if (method !== "PATCH") return { status: 200, data: {} };
      const { idle_seconds = 20 } = (body.settings ?? {}) as { idle_seconds?: number };
      if (idle_seconds < 5) return { status: 400, data: { message: "Five seconds or more.", data: { field: "idle_seconds" } } };
      const changed = list.find(({ id }) => path.endsWith(id))!;
      return { status: 200, data: { ...changed, name: body.name ?? changed.name, settings: { ...changed.settings, ...(body.settings as object) } } };
    };
    kiosks = new Kiosks();
    await kiosks.open();
  });

  test("the first is looked at, or the one that was chosen", () => {
    expect(kiosks.chosen?.id).toBe("one");
    kiosks.choose(list[1]!);
    expect(kiosks.chosen?.id).toBe("two");
  });

  test("a setting is sent alone and shown as the server keeps it", async () => {
    await kiosks.set(kiosks.chosen!, { returns: true });
    expect(sent("kiosks/one")).toEqual([{ settings: { returns: true } }]);
    expect([kiosks.chosen?.settings.returns, kiosks.chosen?.settings.sounds, kiosks.saved]).toEqual([true, true, true]);
  });

  test("settings changed quickly are sent one after the other", async () => {
    let waiting = 0;
    let most = 0;
    const send = fetch;
    vi.stubGlobal("fetch", async (path: string, init: RequestInit) => {
      most = Math.max(most, ++waiting);
      const reply = await send(path, init);
      waiting--;
      return reply;
    });
    const one = kiosks.chosen!;
    await Promise.all([kiosks.set(one, { returns: true }), kiosks.set(one, { sounds: false }), kiosks.rename(one, "Door")]);
    expect([most, sent("kiosks/one").length]).toEqual([1, 3]);
  });

  test("a refused setting is said beside its field and changes nothing", async () => {
    await kiosks.set(kiosks.chosen!, { idle_seconds: 1 });
    expect([kiosks.trouble, kiosks.field, kiosks.saved]).toEqual(["Five seconds or more.", "idle_seconds", false]);
    expect(kiosks.chosen?.settings.idle_seconds).toBe(20);
    await kiosks.rename(kiosks.chosen!, "By the door");
    expect([kiosks.trouble, kiosks.chosen?.name]).toEqual(["", "By the door"]);
  });

  test("a kiosk that takes the code is shown at once, and the code goes", async () => {
    await kiosks.begin();
    expect([kiosks.code?.code, kiosks.chosen]).toEqual(["ABCDEFGH", null]);
    await kiosks.look();
    expect(kiosks.code).not.toBeNull();
    list = list.map((device) => (device.id === "new" ? kiosk("new", { name: "Door" }) : device));
    await kiosks.look();
    expect([kiosks.code, kiosks.chosen?.name, kiosks.arrived?.id]).toEqual([null, "Door", "new"]);
  });

  test("another kiosk's news does not take the code away", async () => {
    await kiosks.begin();
    list = list.map((device) => (device.id === "one" ? { ...device, locked_at: "2026-04-21T10:00:00Z" } : device));
    await kiosks.look();
    expect(kiosks.code?.code).toBe("ABCDEFGH");
  });

  test("one that is switched off is not looked at any more", async () => {
    list = [kiosk("one", { state: "revoked" }), kiosk("two")];
    await kiosks.revoke(kiosks.chosen!);
    expect(sent("kiosks/one/revoke").length).toBe(1);
    expect([kiosks.chosen?.id, kiosks.revoked.map(({ id }) => id)]).toEqual(["two", ["one"]]);
  });

  test("a list that cannot be had leaves what is on the screen", async () => {
    answer = () => ({ status: 503, data: null });
    await kiosks.look();
    expect([kiosks.list?.length, kiosks.trouble]).toEqual([2, ""]);
  });
});

const question = (over: Partial<Question> = {}): Question => ({
  id: "q1",
  reason: "on_loan",
  kiosk: "Kiosk 2",
  kind: "check_out",
  at: "2026-04-21T09:21:00Z",
  code: "30417000000001",
  item: { barcode: "30417000000001", title: "Smile" },
  patron: { barcode: "P1", name: "Zoe Whitfield" },
  decisions: ["keep", "undo"],
  ...over,
});

describe("the questions", () => {
  let open: Question[];
  let questions: Questions;
  let heard: string[];

  beforeEach(async () => {
    open = [question(), question({ id: "q2", reason: "unknown_item", item: null, code: "X9", decisions: ["lend", "dismiss"] }), question({ id: "q3", reason: "unknown_patron", patron: null, decisions: ["lend", "dismiss"] })];
    answer = ({ path }) => {
      const [, decided] = /^questions\/(\w+)\/decide$/.exec(path) ?? [];
      if (decided) open = open.filter(({ id }) => id !== decided);
      if (path.startsWith("resolve")) return { status: 200, data: path.endsWith("CARD") ? { kind: "patron", barcode: "P7" } : path.endsWith("BOOK") ? { kind: "item", barcode: "B7" } : { kind: "none" } };
      if (path.startsWith("patrons")) return { status: 200, data: { patron: { name: "Ana Díaz" } } };
      return { status: 200, data: { questions: open } };
    };
    heard = [];
    questions = new Questions((cue) => heard.push(cue));
    await questions.load();
  });

  test("are answered one after the other, each with a key of its own", async () => {
    await questions.decide("keep");
    expect(sent("questions/q1/decide")).toMatchObject([{ decision: "keep" }]);
    expect([questions.current?.id, questions.open?.length, questions.decided.length]).toEqual(["q2", 2, 1]);
    await questions.decide("dismiss");
    expect(new Set(questions.decided.map(({ key }) => key)).size).toBe(2);
  });

  test("a second press meanwhile does not answer the next one", async () => {
    await Promise.all([questions.decide("keep"), questions.decide("keep")]);
    expect(calls.filter(({ path }) => path.endsWith("/decide")).length).toBe(1);
  });

  test("an unknown book is lent only when it was scanned", async () => {
    questions.choose(open[1]!);
    expect(questions.listening).toBe(true);
    await questions.decide("lend");
    expect(sent("questions/q2/decide")).toEqual([]);
    await questions.scan("CARD");
    expect([questions.given, questions.trouble !== ""]).toEqual([{}, true]);
    await questions.scan("BOOK");
    expect([questions.listening, questions.trouble]).toEqual([false, ""]);
    await questions.decide("lend");
    expect(sent("questions/q2/decide")).toMatchObject([{ decision: "lend", item: "BOOK" }]);
    expect(questions.given).toEqual({});
  });

  test("an unknown card is asked for by the card of a person, who is named", async () => {
    questions.choose(open[2]!);
    await questions.scan("BOOK");
    expect(questions.given).toEqual({});
    await questions.scan("CARD");
    expect(questions.given.patron).toEqual({ code: "CARD", name: "Ana Díaz" });
    await questions.decide("lend");
    expect(sent("questions/q3/decide")).toMatchObject([{ patron: "CARD" }]);
  });

  test("what was scanned for one question is not told to another", async () => {
    questions.choose(open[1]!);
    await questions.scan("BOOK");
    questions.choose(open[2]!);
    expect(questions.given).toEqual({});
    questions.choose(open[1]!);
    await questions.scan("BOOK");
    await questions.decide("dismiss");
    expect(sent("questions/q2/decide")[0]).not.toHaveProperty("item");
  });

  test("a scan that nobody asked for is answered with a knock and sends nothing", async () => {
    const before = calls.length;
    await questions.scan("BOOK");
    expect([calls.length - before, heard]).toEqual([0, ["again"]]);
  });

  test("a decision that changed no loan is undone by its key, and asked again", async () => {
    const was = open;
    await questions.decide("keep");
    const key = questions.decided[0]?.key;
    open = was;
    questions.undoLast();
    await vi.advanceTimersByTimeAsync(0);
    expect(sent("undo")).toEqual([{ key }]);
    expect([questions.current?.id, questions.decided[0]?.undone]).toEqual(["q1", true]);
    questions.undoLast();
    await vi.advanceTimersByTimeAsync(0);
    expect(sent("undo").length).toBe(1);
  });

  test("one that changed a loan is left to the desk", async () => {
    await questions.decide("undo");
    questions.undoLast();
    await vi.advanceTimersByTimeAsync(0);
    expect(sent("undo")).toEqual([]);
  });

  test("a refused decision is said and stays open", async () => {
    const usual = answer;
    answer = (call) => (call.path.endsWith("/decide") ? { status: 409, data: { message: "Answered already.", data: { code: "question_answered" } } } : usual(call));
    await questions.decide("keep");
    expect([questions.trouble, questions.current?.id, questions.decided]).toEqual(["Answered already.", "q1", []]);
  });

  test("what somebody else has answered meanwhile goes", async () => {
    const usual = answer;
    answer = (call) => (call.path.endsWith("/decide") ? { status: 409, data: { message: "Answered already." } } : usual(call));
    open = open.slice(1);
    await questions.decide("keep");
    expect([questions.trouble, questions.current?.id]).toEqual(["Answered already.", "q2"]);
  });

  test("the key is the same until the server answers", async () => {
    const usual = answer;
    let down = true;
    answer = (call) => (down && call.path.endsWith("/decide") ? { status: 503, data: null } : usual(call));
    const deciding = questions.decide("keep");
    await vi.advanceTimersByTimeAsync(1500);
    expect(questions.line.away).toBe(true);
    down = false;
    await vi.advanceTimersByTimeAsync(20_000);
    await deciding;
    const keys = sent("questions/q1/decide").map(({ key }) => key);
    expect([keys.length > 1, new Set(keys).size]).toEqual([true, 1]);
  });

  test("later goes round", () => {
    const seen = [];
    for (let i = 0; i < 4; i++) {
      seen.push(questions.current?.id);
      questions.later();
    }
    expect(seen).toEqual(["q1", "q2", "q3", "q1"]);
  });
});

describe("every question is said in words", () => {
  const decisions: Record<Reason, Decision[]> = { rule: ["keep", "undo"], on_loan: ["keep", "undo"], late: ["keep", "undo"], overlap: ["keep", "undo"], unknown_item: ["lend", "dismiss"], unknown_patron: ["lend", "dismiss"], unreadable: ["dismiss"] };
  const cases = Object.entries(decisions).flatMap(([reason, decisions]) => (["check_out", "return"] as const).map((kind) => question({ reason: reason as Reason, kind, decisions })));

  test.each(cases.map((it) => [`${it.reason} of a ${it.kind}`, it] as const))("%s", (_, it) => {
    const said = [short(it), asked(it), why(it), kept(it), ...it.decisions.flatMap((decision) => Object.values(choice(it, decision)))];
    expect(said.filter((text) => !text || /undefined|null|[{}]/.test(text))).toEqual([]);
    expect(new Set(it.decisions.map((decision) => choice(it, decision).says)).size, "two choices read the same").toBe(it.decisions.length);
  });

  test.each([
    ["nobody and nothing known", { patron: null, item: null, code: "" }, { item: true, patron: true }],
    ["a return needs no card", { patron: null, item: null, kind: "return" as const }, { item: true, patron: false }],
    ["both known", {}, { item: false, patron: false }],
  ])("%s", (_, over, want) => {
    const it = question({ reason: "unknown_item", decisions: ["lend", "dismiss"], ...over });
    expect(missing(it)).toEqual(want);
    expect(choice(it, "lend").says).not.toMatch(/undefined|null/);
  });
});
