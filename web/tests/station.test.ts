import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import type { Act, Door } from "../kiosk/door";
import { Station } from "../kiosk/station.svelte";
import { Away } from "../shared/http";
import type { Cue } from "../shared/sound";

const MAYA = "carrel:p:MAYA";
const LEO = "carrel:p:LEO";
const STATE = { school: "Cedar Hollow", kiosk: "Kiosk 1", returns: true, language: "en", idle_seconds: 20 };

/** A student door that lends everything, remembers what it was sent, and can be made to refuse or to be away. */
class FakeDoor implements Door {
  sent: unknown[][] = [];
  down = false;
  left: number | null = null;
  known: Record<string, string> = { B1: "Hatchet", B2: "Holes" };
  next: { status: number; data: unknown } | null = null;
  paired = true;
  extra = {};

  #answer(call: unknown[], status: number, data: unknown): Promise<never> {
    this.sent.push(call);
    if (this.down) return Promise.reject(new Away("down"));
    const answer = (call[0] !== "close" && this.next) || { status, data };
    if (answer === this.next) this.next = null;
    return Promise.resolve(answer as never);
  }

  state = () => this.#answer(["state"], this.paired ? 200 : 401, { ...STATE, ...this.extra });
  pair = (code: string, name: string) => {
    this.paired = true;
    return this.#answer(["pair", code, name], 201, null);
  };
  open = (card: string) => this.#answer(["open", card], card.startsWith("carrel") ? 201 : 409, card.startsWith("carrel") ? { session: `s-${card}`, first_name: card.slice(9), homeroom: "4B", left: this.left } : { outcome: "try_again" });
  lend = (session: string, act: Act) => {
    const title = this.known[act.item];
    return this.#answer(["lend", session, act.item, act.key, act.at], title ? 201 : 409, title ? { title, due: "2026-04-21", left: this.left } : { outcome: "try_again" });
  };
  giveBack = (act: Act) => this.#answer(["back", act.item, act.key], 200, { title: this.known[act.item] ?? "?" });
  close = (session: string) => this.#answer(["close", session], 204, null);

  calls = (name: string) => this.sent.filter((call) => call[0] === name);
}

let door: FakeDoor;
let station: Station;
let cues: Cue[];

beforeEach(async () => {
  vi.useFakeTimers();
  vi.stubGlobal("document", { documentElement: {} });
  door = new FakeDoor();
  cues = [];
  station = new Station(door, (cue) => cues.push(cue));
  await station.refresh();
});

afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

/** Nothing of a child is left in the machine. */
function expectNobody() {
  expect([station.child, station.taken, station.result, station.held]).toEqual([null, [], null, []]);
}

describe("starting", () => {
  test("a paired kiosk says hello", () => {
    expect(station.screen).toBe("welcome");
  });

  test("one that is not paired asks for the code, and goes on once it was right", async () => {
    door.paired = false;
    const fresh = new Station(door, () => {});
    await fresh.refresh();
    expect(fresh.screen).toBe("pair");
    expect(await fresh.pair(" K74MP ", "Door")).toBe(201);
    expect(door.calls("pair")).toEqual([["pair", "K74MP", "Door"]]);
    expect(fresh.screen).toBe("welcome");
  });

  test("a kiosk whose key was taken away goes back to pairing, also in the middle", async () => {
    await station.scan(MAYA);
    door.next = { status: 401, data: null };
    await station.scan("B1");
    expect(station.screen).toBe("pair");
    expectNobody();
  });
});

describe("lending", () => {
  test("card, yes, book", async () => {
    await station.scan(MAYA);
    expect([station.screen, station.child?.first_name]).toEqual(["you", "MAYA"]);
    await station.sayYes();
    await station.scan("B1");
    expect(station.result).toMatchObject({ kind: "done", title: "Hatchet", due: "2026-04-21" });
    expect(cues).toEqual(["done"]);
  });

  test("scanning a book means yes", async () => {
    await station.scan(MAYA);
    await station.scan("B1");
    expect([station.screen, station.taken.length]).toEqual(["books", 1]);
  });

  test("a book first waits for its card and is lent then", async () => {
    await station.scan("B1");
    await station.scan("B2");
    expect([station.screen, station.held, door.calls("lend").length]).toEqual(["welcome", ["B1", "B2"], 0]);
    await station.scan(MAYA);
    expect(station.taken.map((book) => book.title)).toEqual(["Holes", "Hatchet"]);
    expect(station.held).toEqual([]);
  });

  test("a bad card does not lose the book that waits", async () => {
    await station.scan("B1");
    door.next = { status: 409, data: { outcome: "try_again" } };
    await station.scan(MAYA);
    expect(station.result).toEqual({ kind: "again", about: "card" });
    await station.scan(MAYA);
    expect(station.taken.map((book) => book.title)).toEqual(["Hatchet"]);
  });

  test("two scans of one book within two seconds are one act", async () => {
    await station.scan(MAYA);
    await Promise.all([station.scan("B1"), station.scan("B1")]);
    expect(door.calls("lend").length).toBe(1);
  });

  test("a book scanned again later is shown again and not sent again", async () => {
    await station.scan(MAYA);
    await station.scan("B1");
    vi.setSystemTime(Date.now() + 5000);
    await station.scan("B1");
    expect([door.calls("lend").length, station.result?.title, station.taken.length]).toEqual([1, "Hatchet", 1]);
  });

  test.each([
    ["try_again", 409, { outcome: "try_again" }, "again", "again"],
    ["see_librarian", 409, { outcome: "see_librarian" }, "help", "help"],
    ["too many", 429, null, "wait", "again"],
    ["anything else", 400, null, "help", "help"],
    ["a server that fails on this book", 500, null, "help", "help"],
  ])("%s is answered with its own picture and sound, and nothing counts as lent", async (_name, status, data, kind, cue) => {
    await station.scan(MAYA);
    door.next = { status: status as number, data };
    await station.scan("B1");
    expect(station.result).toEqual({ kind, about: "book" });
    expect([station.taken, cues.at(-1)]).toEqual([[], cue]);
  });

  test("a session the server ended keeps the book and asks for the card", async () => {
    await station.scan(MAYA);
    door.next = { status: 410, data: null };
    await station.scan("B1");
    expect([station.screen, station.held, station.child]).toEqual(["welcome", ["B1"], null]);
  });

  test("after the last allowed book the session closes by itself", async () => {
    door.left = 0;
    await station.scan(MAYA);
    await station.scan("B1");
    await vi.advanceTimersByTimeAsync(6000);
    expect(station.screen).toBe("finish");
    expect(door.calls("close").length).toBe(1);
  });
});

describe("a server that is away", () => {
  test("gets the same act again with the same key and time, and only then is it shown as done", async () => {
    await station.scan(MAYA);
    door.down = true;
    const scan = station.scan("B1");
    await vi.advanceTimersByTimeAsync(4000);
    expect([station.line.away, station.result, station.taken, station.busy]).toEqual([true, null, [], "book"]);
    door.down = false;
    station.line.tryNow();
    await scan;
    const tries = door.calls("lend");
    expect(tries.length).toBeGreaterThan(2);
    expect(new Set(tries.map((call) => JSON.stringify(call))).size).toBe(1);
    expect([station.line.away, station.result?.kind]).toEqual([false, "done"]);
  });

  test("ends no session by idling while an act waits", async () => {
    await station.scan(MAYA);
    door.down = true;
    void station.scan("B1");
    await vi.advanceTimersByTimeAsync(120_000);
    expect(station.child?.first_name).toBe("MAYA");
  });

  test("is told by a knock that scans do not count now", async () => {
    await station.scan(MAYA);
    door.down = true;
    void station.scan("B1");
    await vi.advanceTimersByTimeAsync(10);
    void station.scan("B2");
    expect(cues.at(-1)).toBe("again");
    door.down = false;
    await vi.advanceTimersByTimeAsync(60_000);
    expect(door.calls("lend").every((call) => call[2] === "B1")).toBe(true);
  });
});

describe("ending", () => {
  test("a second card ends the first session at once, also when it is refused", async () => {
    await station.scan(MAYA);
    await station.scan("B1");
    door.next = { status: 409, data: { outcome: "try_again" } };
    const scan = station.scan(LEO);
    await Promise.resolve();
    await Promise.resolve();
    expect([station.child, station.taken]).toEqual([null, []]);
    await scan;
    expect([station.child, station.taken, station.result?.kind]).toEqual([null, [], "again"]);
  });

  test("the next child's card opens the next session", async () => {
    await station.scan(MAYA);
    await station.scan("B1");
    await station.scan(LEO);
    expect([station.child?.first_name, station.screen, station.taken]).toEqual(["LEO", "you", []]);
  });

  test("the next card waits until the session before it is closed", async () => {
    await station.scan(MAYA);
    let closed = () => {};
    door.close = () => new Promise<never>((resolve) => (closed = () => resolve(undefined as never)));
    await station.finish();
    const scan = station.scan(LEO);
    await vi.advanceTimersByTimeAsync(100);
    expect(door.calls("open").length).toBe(1);
    closed();
    await scan;
    expect(door.calls("open").length).toBe(2);
  });

  test("No ends it", async () => {
    await station.scan(MAYA);
    await station.sayNo();
    expect([station.screen, door.calls("close").length]).toEqual(["welcome", 1]);
    expectNobody();
  });

  test("idling ends it, and more time adds a minute", async () => {
    await station.scan(MAYA);
    await station.sayYes();
    expect(station.idle.left).toBe(20);
    station.moreTime();
    expect(station.idle.left).toBe(80);
    await vi.advanceTimersByTimeAsync(79_000);
    expect(station.child).not.toBeNull();
    await vi.advanceTimersByTimeAsync(2000);
    expect(station.screen).toBe("welcome");
    expectNobody();
  });

  test("I'm finished ends it at once and shows the books until the time is over", async () => {
    await station.scan(MAYA);
    await station.scan("B1");
    await station.finish();
    expect([station.screen, door.calls("close").length, cues.at(-1)]).toEqual(["finish", 1, "finished"]);
    await vi.advanceTimersByTimeAsync(21_000);
    expect([station.screen, door.calls("close").length]).toEqual(["welcome", 1]);
    expectNobody();
  });

  test("a book scanned after the end is not lent to the child before", async () => {
    await station.scan(MAYA);
    await station.finish();
    await station.scan("B1");
    expect([station.held, station.child, door.calls("lend").length]).toEqual([["B1"], null, 0]);
  });
});

test("bringing back needs no card", async () => {
  await station.returnBook();
  await station.scan("B1");
  expect(station.result).toMatchObject({ kind: "back", title: "Hatchet" });
  expect(door.calls("open").length).toBe(0);
});

describe("old student numbers", () => {
  test("are not tried as cards unless the school allows it", async () => {
    await station.scan("204417");
    expect([door.calls("open").length, station.held]).toEqual([0, ["204417"]]);
  });

  test("open a session where they are allowed, and a book is still a book", async () => {
    door.extra = { old_barcodes: true };
    await station.refresh();
    door.next = { status: 201, data: { session: "s", first_name: "Ana", homeroom: "2A", left: null } };
    await station.scan("204417");
    expect(station.child?.first_name).toBe("Ana");
    await station.scan("B1");
    expect(station.taken.length).toBe(1);
  });
});
