import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { ClassDesk, gridName, type Child } from "../staff/desk/classes.svelte";
import { Session } from "../staff/desk/session.svelte";

type Call = { method: string; path: string; body: Record<string, unknown> };
type Reply = { status: number; data: unknown };

let calls: Call[];
let answer: (call: Call) => Reply;
let room: Child[];
let classes: ClassDesk;

const child = (barcode: string, first_name: string, last_name: string, over: Partial<Child> = {}): Child => ({ barcode, first_name, last_name, loans: 1, left: 2, blocked: false, picture: false, late: 0, today: 0, ...over });
const person = (barcode: string) => ({ patron: { id: barcode, barcode, name: barcode, first_name: barcode, last_name: "", grade: "4", homeroom: "4B", type: "", status: "active" }, blocks: [], loans: [], holds: [] });
const lent = (item: string, patron: string) => ({ loan: { id: item, due: "2026-04-21", out_at: "", item: { barcode: item, title: `Book ${item}` }, patron: { barcode: patron, name: patron } }, why_due: "", left: 1 });

/** A school where P… are cards, B… are books, and the class of room r1 is here. */
function school({ path, body }: Call): Reply {
  if (path === "today") return { status: 200, data: { classes: [{ homeroom: "r1", name: "4B", teacher: "Ms. Okafor", from: "10:30", to: "11:10", patrons: 3, now: true }] } };
  if (path === "homerooms") return { status: 200, data: { homerooms: [{ id: "r1", name: "4B", patrons: 3 }] } };
  if (path.endsWith("/class")) return { status: 200, data: { homeroom: { id: "r1", name: "4B" }, patrons: room } };
  if (path.startsWith("patrons/")) return { status: 200, data: person(decodeURIComponent(path.slice(8))) };
  const item = String(body.item);
  if (path === "checkouts" && item.startsWith("P")) return { status: 409, data: { message: "no", data: { code: "not_an_item", is: { kind: "patron", code: item } } } };
  if (path === "checkouts") return { status: 201, data: lent(item, String(body.patron)) };
  if (path === "class-checkouts") return { status: 201, data: { loans: [lent("B1", "P1"), lent("B2", "P3")] } };
  if (path.startsWith("resolve")) return { status: 200, data: path.includes("P") ? { kind: "patron", code: "P9" } : { kind: "item", code: path.slice(13), item: { barcode: path.slice(13), title: "Holes", author: "", call_number: "" } } };
  return { status: 200, data: {} };
}

const acts = (path: string) => calls.filter((call) => call.method === "POST" && call.path === path).map((call) => call.body);

beforeEach(async () => {
  vi.useFakeTimers();
  calls = [];
  answer = school;
  room = [child("P1", "Maya", "Torres"), child("P2", "Liam", "Novak", { today: 1 }), child("P3", "Zoë", "Wu"), child("P4", "Al", "")];
  vi.stubGlobal("fetch", async (path: string, init: RequestInit) => {
    const call = { method: init.method ?? "GET", path: path.replace("/api/carrel/", ""), body: init.body ? JSON.parse(String(init.body)) : {} };
    calls.push(call);
    const { status, data } = answer(call);
    return new Response(JSON.stringify(data), { status });
  });
  classes = new ClassDesk(() => {}, new Session());
  await classes.start();
});

afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

test("the class that is here opens by itself, and no other does", async () => {
  expect([classes.room?.name, classes.visit?.from, classes.children.length, classes.served.length]).toEqual(["4B", "10:30", 4, 1]);
  answer = (call) => (call.path === "today" ? { status: 200, data: { classes: [] } } : school(call));
  const empty = new ClassDesk(() => {}, new Session());
  await empty.start();
  expect([empty.room, empty.rooms.length]).toEqual([null, 1]);
});

test("the next child is the next without a book who is here, once around", () => {
  classes.skip();
  expect(classes.turn).toBe("P1");
  classes.skip();
  expect(classes.turn).toBe("P3"); // P2 has a book
  classes.toggleAbsent();
  expect([classes.present.length, classes.next?.barcode]).toEqual([3, "P4"]);
  classes.select("P4");
  expect(classes.next?.barcode).toBe("P1");
  classes.select("P3");
  classes.toggleAbsent();
  expect(classes.present.length).toBe(4);
});

describe("a book", () => {
  test("goes to the child whose turn it is, also when a classmate has it", async () => {
    classes.select("P1");
    await classes.scan("B1");
    expect(acts("checkouts")).toMatchObject([{ patron: "P1", item: "B1", override: ["item_on_loan"] }]);
    expect([classes.child?.today, classes.served.length, classes.session.events[0]?.kind]).toEqual([1, 2, "out"]);
  });

  test("comes back while it is nobody's turn", async () => {
    answer = (call) => (call.path === "returns" ? { status: 200, data: { loan: null, next: "shelve", message: "" } } : school(call));
    await classes.scan("B1");
    expect(acts("returns")).toMatchObject([{ item: "B1" }]);
  });

  test("counts again for the next child at once", async () => {
    classes.select("P1");
    await classes.scan("B1");
    classes.select("P3");
    await classes.scan("B1");
    expect(acts("checkouts").map(({ patron }) => patron)).toEqual(["P1", "P3"]);
  });

  test("that is refused asks, and what was allowed ends with the child's turn", async () => {
    answer = (call) =>
      call.path === "checkouts" && !(call.body.override as string[]).includes("loan_limit")
        ? { status: 409, data: { message: "no", data: { refusals: [{ code: "loan_limit", message: "limit", overridable: true }] } } }
        : school(call);
    classes.select("P1");
    await classes.scan("B1");
    await classes.allow("School project", true);
    expect(acts("checkouts")[1]).toMatchObject({ override: ["item_on_loan", "loan_limit"], reason: "School project" });
    await classes.scan("B2");
    expect(classes.stopped).toBe(null);
    classes.select("P3");
    await classes.scan("B3");
    expect(classes.stopped?.item).toBe("B3");
  });
});

test("a card is a turn: of the class without a question to the server, of another class with one", async () => {
  calls = [];
  await classes.scan("P3");
  expect(classes.turn).toBe("P3");
  expect(acts("checkouts")).toEqual([]);
  await classes.scan("P9");
  expect([classes.turn, classes.child, classes.person?.patron.barcode]).toEqual(["P9", null, "P9"]);
  await classes.scan("B1");
  expect(acts("checkouts").at(-1)).toMatchObject({ patron: "P9", item: "B1" });
});

test.each([
  ["zoe", "P3"],
  ["torres", "P1"],
  ["l", "P2"],
])("typing %s is the turn of %s", (text, want) => {
  classes.type(text);
  expect(classes.turn).toBe(want);
});

describe("a due date", () => {
  test("for the class is asked for with every book from then on", async () => {
    await classes.chooseDue("2026-05-05", "class");
    classes.select("P1");
    await classes.scan("B1");
    expect(acts("checkouts")).toMatchObject([{ due: "2026-05-05" }]);
    await classes.chooseDue("", "class");
    await classes.scan("B2");
    expect(acts("checkouts")[1]).not.toHaveProperty("due");
  });

  test("for a child moves what they just got, and ends with their turn", async () => {
    classes.select("P1");
    await vi.advanceTimersByTimeAsync(0);
    await classes.scan("B1");
    await classes.chooseDue("2026-05-05", "child");
    expect(acts("dues")).toMatchObject([{ items: ["B1"], due: "2026-05-05" }]);
    await classes.scan("B2");
    classes.select("P3");
    await classes.scan("B3");
    expect(acts("checkouts").map(({ due }) => due)).toEqual([undefined, "2026-05-05", undefined]);
  });

  test("for one book moves that book alone", async () => {
    classes.select("P1");
    await classes.scan("B1");
    await classes.scan("B2");
    await classes.chooseDue("2026-05-05", "item");
    expect(acts("dues")).toMatchObject([{ items: ["B2"] }]);
  });

  test("that will not do is said and not kept", async () => {
    answer = (call) => (call.path === "dues" ? { status: 400, data: { message: "Closed on that day.", data: { code: "closed", field: "due" } } } : school(call));
    classes.select("P1");
    await vi.advanceTimersByTimeAsync(0);
    await classes.scan("B1");
    expect(await classes.chooseDue("2026-05-03", "child")).toBe("Closed on that day.");
    expect([classes.due.child, classes.flash?.tone]).toEqual(["", "ok"]);
  });
});

describe("a class set", () => {
  beforeEach(() => classes.openSet());

  test("is dealt out to those who are here, in their order", async () => {
    await classes.scan("B1");
    await classes.scan("B2");
    await classes.scan("B1");
    expect(classes.set?.rows.map(({ barcode }) => barcode)).toEqual(["B1", "B2"]);
    expect([0, 1].map((i) => classes.set?.whose(i))).toEqual(["Maya Torres", "Liam Novak"]);
    await classes.lendSet();
    expect(acts("class-checkouts")).toMatchObject([{ pairs: [{ patron: "P1", item: "B1" }, { patron: "P2", item: "B2" }] }]);
    expect([classes.set, classes.session.events[0]?.kind]).toEqual([null, "many"]);
  });

  test("goes to a teacher whose card was scanned", async () => {
    classes.set!.deal("teacher");
    expect(classes.set!.missing).not.toBe("");
    await classes.scan("B1");
    await classes.scan("P9");
    await classes.lendSet();
    expect(acts("class-checkouts")).toMatchObject([{ patron: "P9", items: ["B1"] }]);
  });

  test("of more books than children waits", async () => {
    for (const item of ["B1", "B2", "B3", "B4", "B5"]) await classes.scan(item);
    await classes.lendSet();
    expect([classes.set!.missing === "", acts("class-checkouts").length]).toEqual([false, 0]);
    classes.set!.drop("B5");
    expect(classes.set!.missing).toBe("");
  });

  test("that the rules refuse says why beside the book, keeps the list, and can be lent all the same", async () => {
    answer = (call) =>
      call.path === "class-checkouts" && !call.body.override
        ? { status: 409, data: { message: "no", data: { refusals: [{ code: "loan_limit", message: "limit", overridable: true, item: "B1", patron: "P1" }] } } }
        : school(call);
    await classes.scan("B1");
    await classes.lendSet();
    expect([classes.set?.refusalsOf("B1").length, classes.set?.mayAllow, classes.set?.rows.length]).toEqual([1, true, 1]);
    await classes.lendSet(["loan_limit"]);
    const [first, second] = acts("class-checkouts");
    expect(second).toMatchObject({ override: ["loan_limit"], key: first!.key });
    expect(classes.set).toBe(null);
  });
});

test("leaving forgets who was absent and every choice", async () => {
  classes.select("P1");
  classes.toggleAbsent();
  await classes.chooseDue("2026-05-05", "class");
  classes.leave();
  expect([classes.room, classes.absent.size, classes.due.class, classes.turn]).toEqual([null, 0, "", ""]);
});

test.each([
  [{ first_name: "Maya", last_name: "Torres" }, "Maya T."],
  [{ first_name: "Al", last_name: "" }, "Al"],
])("%j stands as %s", (names, want) => expect(gridName(child("P", names.first_name, names.last_name))).toBe(want));
