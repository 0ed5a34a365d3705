import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { alertsOf } from "../staff/desk/alerts";
import type { PersonAnswer } from "../staff/desk/answers";
import { both } from "../staff/desk/both";
import { Desk } from "../staff/desk/desk.svelte";
import { isName, Names } from "../staff/desk/names.svelte";
import { inOrder } from "../staff/desk/person";
import { Session, shortName } from "../staff/desk/session.svelte";

type Call = { method: string; path: string; body: Record<string, unknown> };
type Reply = { status: number; data: unknown };

let calls: Call[];
let answer: (call: Call) => Reply | Promise<Reply>;

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

const person = (over: Partial<PersonAnswer> = {}, barcode = "P 1", first_name = "Ana"): PersonAnswer => ({
  patron: { id: barcode, barcode, name: `${first_name} Díaz`, first_name, last_name: "Díaz", grade: "4", homeroom: "4B", type: "Student", status: "active", left: 2, limit: 3 },
  blocks: [],
  loans: [],
  holds: [],
  ...over,
});
const loan = (barcode = "B1", patron = { barcode: "P 1", name: "Ana Díaz" }) => ({ id: `l-${barcode}`, due: "2026-04-21", out_at: "", item: { barcode, title: `Book ${barcode}` }, patron });
const open = (barcode: string, over = {}) => ({ id: `l-${barcode}`, due: "2026-04-21", out_at: "", overdue: false, renewals: 0, item: { barcode, title: `Book ${barcode}`, author: "", call_number: "" }, ...over });
const refusal = (...codes: string[]): Reply => ({
  status: 409,
  data: { message: "no", data: { code: "refused", refusals: codes.map((code) => ({ code, message: code, overridable: code !== "item_withdrawn" })), item: { barcode: "B1", title: "Book B1", author: "", call_number: "" } } },
});
const notAnItem = (code: string, is: object): Reply => ({ status: 409, data: { message: "no", data: { code: "not_an_item", is: { code, ...is } } } });

/** A staff door where P 1 and P 2 are cards, 1042 is a person and a book, and everything else a book. */
function school({ path, body }: Call): Reply {
  if (path.startsWith("patrons/P%202")) return { status: 200, data: person({}, "P 2", "Bo") };
  if (path.startsWith("patrons/")) return { status: 200, data: person() };
  const code = String(body.item);
  if (body.guess && code === "1042") return notAnItem(code, { kind: "patron", also: "item", barcode: "1042" });
  if (body.guess && code.startsWith("P ")) return notAnItem(code, { kind: "patron", barcode: code });
  if (body.guess && code.startsWith("X")) return notAnItem(code, { kind: "none" });
  if (path === "checkouts") return { status: 201, data: { loan: loan(code), why_due: "21 days.", left: 1 } };
  if (path === "renewals") return { status: 200, data: { loan: loan(code), why_due: "21 days." } };
  if (path === "returns") return { status: 200, data: { loan: loan(code), next: "shelve", message: "Shelve it.", item: { barcode: code, title: `Book ${code}` } } };
  if (path === "marks") return { status: 200, data: { item: { barcode: code, title: `Book ${code}` }, message: "Noted." } };
  return { status: 200, data: {} };
}

const acts = (path: string) => calls.filter((call) => call.method === "POST" && call.path === path).map((call) => call.body);
const looks = () => calls.filter((call) => call.method === "GET").length;

let desk: Desk;
beforeEach(() => {
  answer = school;
  desk = new Desk(() => {}, new Session());
});

describe("a scan", () => {
  test("of a book is one request before it is answered on the screen", async () => {
    await desk.scan("carrel:p:0000");
    calls = [];
    await desk.scan("B1");
    expect(calls.map(({ path }) => path)).toEqual(["checkouts"]);
    expect([desk.flash?.title, desk.flash?.due, desk.person?.loans[0]?.item.barcode, desk.person?.patron.left]).toEqual(["Book B1", "2026-04-21", "B1", 1]);
    await vi.runAllTimersAsync();
    expect(looks()).toBe(1);
  });

  test("lends to the person of the card before", async () => {
    await desk.scan("P 1");
    await desk.scan("B1");
    expect(acts("checkouts")).toMatchObject([{ patron: "P 1", item: "B1" }]);
    expect(desk.session.events.map(({ kind, who }) => [kind, who])).toEqual([["out", "Ana D."]]);
  });

  test("returns a book when nobody is at the desk", async () => {
    await desk.scan("B1");
    expect(acts("returns")).toMatchObject([{ item: "B1", mode: "return" }]);
    expect(desk.session.events[0]?.kind).toBe("in");
  });

  test("of nothing known goes on with the next", async () => {
    await desk.scan("X999");
    expect(desk.flash).toMatchObject({ tone: "warn", search: "X999" });
    await desk.scan("B1");
    expect(desk.flash?.tone).toBe("ok");
  });

  test("of a card in return mode returns nothing", async () => {
    desk.choose("return");
    await desk.scan("carrel:p:0000");
    expect([calls.length, desk.flash?.tone]).toEqual([0, "warn"]);
  });

  test("keeps the key of an act the server did not answer, and what was scanned after it", async () => {
    await desk.scan("P 1");
    let down = true;
    answer = (call) => (down && call.path === "checkouts" ? { status: 503, data: null } : school(call));
    const scans = [desk.scan("B1"), desk.scan("B2")];
    await vi.advanceTimersByTimeAsync(1500);
    expect([desk.line.away, desk.pending, desk.session.events.length]).toEqual([true, 2, 0]);
    down = false;
    await vi.advanceTimersByTimeAsync(20_000);
    await Promise.all(scans);
    const keys = acts("checkouts").filter(({ item }) => item === "B1").map(({ key }) => key);
    expect(keys.length).toBeGreaterThan(1);
    expect(new Set(keys).size).toBe(1);
    expect([desk.pending, desk.session.events.map(({ title }) => title)]).toEqual([0, ["Book B2", "Book B1"]]);
  });

  test("is not overwritten by an older look at the person", async () => {
    await desk.scan("P 1");
    let release = () => {};
    answer = (call) => (call.method === "GET" ? new Promise((resolve) => (release = () => resolve({ status: 200, data: person() }))) : school(call));
    await desk.scan("B1");
    await vi.advanceTimersByTimeAsync(0); // the look is on its way
    await desk.scan("B2");
    release();
    await vi.advanceTimersByTimeAsync(0);
    expect(desk.person?.loans.map(({ item }) => item.barcode)).toEqual(["B2", "B1"]);
  });
});

describe("a rule that says no", () => {
  const stops = (...codes: string[]) => {
    answer = (call) => {
      const usual = school(call);
      const left = codes.filter((code) => !(call.body.override as string[] | undefined)?.includes(code));
      return call.path === "checkouts" && left.length && usual.status !== 409 ? refusal(...left) : usual;
    };
  };

  test("stops the scanning, names every reason and the book, and is passed with why", async () => {
    await desk.scan("P 1");
    stops("loan_limit", "patron_overdue");
    await desk.scan("B1");
    expect(desk.stopped?.refusals.map((r) => r.code)).toEqual(["loan_limit", "patron_overdue"]);
    expect(desk.stopped?.thing?.title).toBe("Book B1");
    await desk.scan("B2");
    expect(acts("checkouts").length).toBe(1);
    await desk.allow("School project", false);
    expect(acts("checkouts")[1]).toMatchObject({ item: "B1", override: ["loan_limit", "patron_overdue"], reason: "School project" });
    expect([desk.stopped, desk.session.events[0]?.kind]).toEqual([null, "allowed"]);
  });

  test("is passed until another card, for what is about the person", async () => {
    await desk.scan("P 1");
    stops("loan_limit");
    await desk.scan("B1");
    await desk.allow("School project", true);
    await desk.scan("B2");
    expect([desk.stopped, desk.session.events.length]).toEqual([null, 2]);
    expect(acts("checkouts").at(-1)).toMatchObject({ item: "B2", override: ["loan_limit"], reason: "School project" });
    await desk.scan("P 2");
    await desk.scan("B3");
    expect(desk.stopped?.item).toBe("B3");
  });

  test("is asked again for what is about the book", async () => {
    await desk.scan("P 1");
    stops("loan_limit", "item_on_hold");
    await desk.scan("B1");
    await desk.allow("", true);
    await desk.scan("B2");
    expect(desk.stopped?.item).toBe("B2");
  });

  test("and is kept: nothing was sent, and the book may be scanned again at once", async () => {
    await desk.scan("P 1");
    stops("item_withdrawn");
    await desk.scan("B1");
    desk.keep();
    expect([desk.stopped, desk.session.events.length]).toEqual([null, 0]);
    await desk.scan("B1");
    expect(acts("checkouts").length).toBe(2);
  });

  test("about a book that is out to another: one act, two lines, one undo", async () => {
    await desk.scan("P 1");
    answer = (call) => {
      if (call.path !== "checkouts") return school(call);
      if (!call.body.override) return refusal("item_on_loan");
      return { status: 201, data: { loan: loan("B1"), why_due: "", returned: { barcode: "P 9", name: "Liam Novak" } } };
    };
    await desk.scan("B1");
    await desk.allow("", false);
    expect(desk.session.events.map(({ kind, who }) => [kind, who])).toEqual([["out", "Ana D."], ["in", "Liam N."]]);
    desk.undoLast();
    await desk.scan("");
    expect(acts("undo").length).toBe(1);
    expect(desk.session.events.every(({ undone }) => undone)).toBe(true);
  });

  test("the person has it already: it is renewed or returned", async () => {
    await desk.scan("P 1");
    stops("item_on_loan_to_patron");
    await desk.scan("B1");
    desk.instead(desk.renew);
    await desk.scan("");
    expect([desk.stopped, acts("renewals").map(({ item }) => item)]).toEqual([null, ["B1"]]);
  });
});

describe("what is done is undone", () => {
  test("by the key of the act, once", async () => {
    await desk.scan("P 1");
    await desk.scan("B1");
    const { key } = desk.session.events[0]!;
    desk.undoLast();
    await desk.scan("");
    expect(acts("undo")).toEqual([{ key }]);
    desk.undoLast();
    await desk.scan("");
    expect(acts("undo").length).toBe(1);
  });

  test("the list keeps fifty lines", async () => {
    for (let i = 0; i < 55; i++) desk.session.note("out", `k${i}`, "Ana Díaz", `t${i}`);
    expect([desk.session.events.length, desk.session.events[0]?.title, desk.session.out]).toEqual([50, "t54", 50]);
  });

  test("claims, losses and due dates stand in the list, too", async () => {
    await desk.scan("P 1");
    await desk.claim("B1", "returned", "Ana Díaz", "Book B1");
    await desk.mark("B1", "lost", "Ana Díaz", "12.50");
    await desk.setDue(["B1"], "2026-05-01", "Book B1");
    expect(acts("claims")).toMatchObject([{ item: "B1", claim: "returned" }]);
    expect(acts("marks")).toMatchObject([{ item: "B1", as: "lost", charge: "12.50" }]);
    expect(acts("dues")).toMatchObject([{ items: ["B1"], due: "2026-05-01" }]);
    expect(desk.session.events.map(({ kind }) => kind)).toEqual(["due", "lost", "claimed"]);
  });
});

describe("a person and a book with one number", () => {
  const storage = () => {
    const kept = new Map<string, string>();
    vi.stubGlobal("localStorage", { getItem: (key: string) => kept.get(key) ?? null, setItem: (key: string, value: string) => kept.set(key, value), removeItem: (key: string) => kept.delete(key) });
  };

  test("are asked about, and the answer is remembered for the situation", async () => {
    storage();
    await desk.scan("1042");
    expect([desk.unclear?.code, desk.asking, acts("returns").length]).toEqual(["1042", true, 1]);
    await desk.decide("patron");
    expect(desk.person?.patron.barcode).toBe("P 1");
    desk.clearPerson();
    await vi.advanceTimersByTimeAsync(3000);
    await desk.scan("1042");
    expect([desk.unclear, desk.person === null]).toEqual([null, false]);
    expect(both.of(true)).toBe(null);
    await vi.advanceTimersByTimeAsync(3000);
    await desk.scan("1042");
    await desk.decide("item");
    expect(acts("checkouts").at(-1)).toMatchObject({ item: "1042" });
    expect(acts("checkouts").at(-1)).not.toHaveProperty("guess");
  });

  test("are asked about again on demand", async () => {
    storage();
    both.keep(false, "patron");
    await desk.scan("1042");
    desk.flash?.instead?.act();
    expect([desk.unclear?.code, both.of(false)]).toEqual(["1042", null]);
  });
});

describe("the book drop", () => {
  test("returns on the day they came back", async () => {
    vi.setSystemTime(new Date(2026, 3, 20, 9));
    const monday = new Desk(() => {}, new Session());
    monday.choose("book_drop");
    monday.drop.day = "2026-04-18";
    await monday.scan("B1");
    expect(acts("returns")).toMatchObject([{ mode: "book_drop", at: new Date(2026, 3, 18, 12).toISOString() }]);
    monday.drop.day = "2026-04-20";
    await monday.scan("B2");
    expect(acts("returns")[1]).not.toHaveProperty("at");
  });

  test("stops for nothing and lists at the end what needs a hand", async () => {
    desk.choose("book_drop");
    const replies: Record<string, Reply> = {
      B2: { status: 200, data: { loan: loan("B2"), next: "hold", message: "For Ana.", item: { barcode: "B2", title: "Two" }, hold: {} } },
      B3: { status: 200, data: { loan: null, next: "transfer", message: "Elsewhere.", item: { barcode: "B3", title: "Three" } } },
      B4: { status: 200, data: { loan: loan("B4"), next: "shelve", message: "", claimed: true, item: { barcode: "B4", title: "Four" } } },
      B5: { status: 404, data: { message: "No book has it.", data: { code: "unknown_item" } } },
    };
    answer = (call) => replies[String(call.body.item)] ?? school(call);
    for (const code of ["B1", "B2", "B3", "B4", "B5"]) await desk.scan(code);
    expect(desk.drop.rows.map(({ barcode, to, claimed }) => [barcode, to, claimed])).toEqual([
      ["B5", "trouble", false],
      ["B4", "shelf", true],
      ["B3", "aside", false],
      ["B2", "hold", false],
      ["B1", "shelf", false],
    ]);
    desk.endDrop();
    expect(desk.drop.over).toBe(true);
    desk.leaveDrop();
    expect([desk.mode, desk.drop.rows.length]).toEqual(["checkout", 0]);
  });
});

describe("what to know about a person", () => {
  test("comes in the order family, lost, late, hold, note, blocks", () => {
    const answer = person({
      blocks: [{ code: "patron_overdue", message: "late" }, { code: "loan_limit", message: "limit" }, { code: "patron_blocked", message: "Office" }],
      loans: [open("B1", { overdue: true, days_late: 6 }), open("B2", { overdue: true, claim: "returned" })],
      holds: [{ id: "h", state: "ready", title: "Roller Girl", item: "B9", pickup_by: "2026-04-24" }, { id: "i", state: "waiting", title: "Sharks", item: "" }],
      lost: [{ barcode: "B7", title: "Holes" }],
    });
    Object.assign(answer.patron, { restricted: true, note: "Glasses" });
    const alerts = alertsOf(answer);
    expect(alerts.map(({ kind }) => kind)).toEqual(["family", "lost", "late", "hold", "note", "block"]);
    expect(alerts[2]).toMatchObject({ loans: [{ item: { barcode: "B1" } }] });
    expect(alerts[5]).toEqual({ kind: "block", text: "Office" });
  });

  test("is nothing for a person without trouble", () => {
    expect(alertsOf(person({ loans: [open("B1")] }))).toEqual([]);
  });
});

test("what was just lent stands first, and then what is due first", () => {
  const loans = [open("B1", { due: "2026-04-01" }), open("B2", { due: "2026-03-01" }), open("B3", { due: "2026-05-01" })];
  expect(inOrder(loans, ["B3"]).map(({ item }) => item.barcode)).toEqual(["B3", "B2", "B1"]);
});

test.each([
  ["Diego Ramírez", "Diego R."],
  ["Ana", "Ana"],
  ["María José de la Cruz", "María C."],
  ["", ""],
])("%s is listed as %s", (name, short) => expect(shortName(name)).toBe(short));

test.each([
  ["maya", true],
  ["the wild robot", true],
  ["é", false],
  ["20417", false],
  ["T 32889", false],
  ["", false],
])("%j is words to look for: %s", (text, want) => expect(isName(text)).toBe(want));

test("a name asks once for what stands there in the end, and a burst not at all", async () => {
  answer = () => ({ status: 200, data: { items: [{ barcode: "P 1", name: "Maya Torres", grade: "4", homeroom: null }] } });
  const names = new Names();
  for (const text of ["m", "ma", "may", "maya"]) names.type(text);
  await vi.advanceTimersByTimeAsync(200);
  expect([calls.length, names.people.length, names.answered]).toEqual([1, 1, true]);
  names.type("mayb");
  names.clear();
  await vi.advanceTimersByTimeAsync(200);
  expect([calls.length, names.people.length]).toEqual([1, 0]);
});
