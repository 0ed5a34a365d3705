import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import "fake-indexeddb/auto";
import { IDBFactory } from "fake-indexeddb";
import type { Act, Door, Face, KeptAct, State, Who } from "../kiosk/door";
import { Station } from "../kiosk/station.svelte";
import { Away } from "../shared/http";
import type { Cue } from "../shared/sound";

const MAYA = "carrel:p:7K2M9QX4R8TW3HYCT";
const LEO = "carrel:p:0000000000000000Y"; // wrong check character, which only matters without the server
const IVY: Face = { child: "face:ivy", first_name: "Ivy" };
const NOW = "2026-04-14T15:00:00Z";
const STATE: State = {
  school: "Cedar Hollow", kiosk: "Kiosk 1", returns: true, old_barcodes: false, language: "en", idle_seconds: 20, now: NOW,
  sounds: true, kinder: false, class_only: false, away: "lend", camera: false, window: null,
};

const NAMES: Record<string, string> = { [MAYA]: "Maya", [LEO]: "Leo", [IVY.child]: IVY.first_name };

/** A student door that lends everything, remembers what it was sent, and can be made to refuse or to be away. */
class FakeDoor implements Door {
  sent: unknown[][] = [];
  down = false;
  left: number | null = null;
  known: Record<string, string> = { B1: "Hatchet", B2: "Holes" };
  next: { status: number; data: unknown } | null = null;
  paired = true;
  extra: Partial<State> = {};
  kept: KeptAct[] = [];
  lost = false;

  #answer(call: unknown[], status: number, data: unknown): Promise<never> {
    this.sent.push(call);
    if (this.down || this.lost) return Promise.reject(new Away("down"));
    const answer = (call[0] !== "close" && this.next) || { status, data };
    if (answer === this.next) this.next = null;
    return Promise.resolve(answer as never);
  }

  state = () => this.#answer(["state"], this.paired ? 200 : 401, { ...STATE, ...this.extra });
  pair = (code: string, name: string) => {
    this.paired = true;
    return this.#answer(["pair", code, name], 201, null);
  };
  open = (who: Who) => {
    const name = "child" in who ? who.child : who.card.startsWith("carrel") ? who.card : "";
    const child = { session: `s-${name}`, first_name: NAMES[name], homeroom: "4B", left: this.left };
    return this.#answer(["open", name || (who as { card: string }).card], name ? 201 : 409, name ? child : { outcome: "try_again" });
  };
  replay = (acts: KeptAct[]) => {
    if (!this.down) this.kept.push(...acts);
    return this.#answer(["replay", acts.length], 200, { results: acts.map(({ key }) => ({ key, outcome: "done" })) });
  };
  lend = (session: string, act: Act) => {
    const title = this.known[act.item];
    return this.#answer(["lend", session, act.item, act.key, act.at], title ? 201 : 409, title ? { title, due: "2026-04-21", left: this.left } : { outcome: "try_again" });
  };
  giveBack = (act: Act) => this.#answer(["back", act.item, act.key], 200, { title: this.known[act.item] ?? "?" });
  close = (session: string) => this.#answer(["close", session], 204, null);

  calls = (name: string) => this.sent.filter((call) => call[0] === name);
}

/** What a browser keeps between two starts. */
class Storage {
  kept = new Map<string, string>();
  getItem = (key: string) => this.kept.get(key) ?? null;
  setItem = (key: string, value: string) => void this.kept.set(key, value);
  removeItem = (key: string) => void this.kept.delete(key);
}

let door: FakeDoor;
let station: Station;
let cues: Cue[];

beforeEach(async () => {
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout", "setInterval", "clearInterval", "Date", "performance"], now: Date.parse(NOW) });
  vi.stubGlobal("document", { documentElement: {} });
  vi.stubGlobal("localStorage", new Storage());
  globalThis.indexedDB = new IDBFactory();
  door = new FakeDoor();
  cues = [];
  station = new Station(door, (cue) => cues.push(cue));
  await station.meet();
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
    await fresh.meet();
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
    expect([station.screen, station.child?.first_name]).toEqual(["you", "Maya"]);
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
    vi.setSystemTime(Date.now() + 1500);
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

  test("a session the server has lost is opened again by the same card, and the book is lent", async () => {
    await station.scan(MAYA);
    door.next = { status: 410, data: null };
    await station.scan("B1");
    expect(door.calls("open").map((call) => call[1])).toEqual([MAYA, MAYA]);
    expect([station.screen, station.taken.length, station.child?.first_name]).toEqual(["books", 1, "Maya"]);
    expect(new Set(door.calls("lend").map((call) => call[3])).size).toBe(1);
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

describe("a card that stays under the light", () => {
  test("opens one session", async () => {
    for (let i = 0; i < 20; i++) {
      await station.scan(MAYA);
      await vi.advanceTimersByTimeAsync(500);
    }
    expect([door.calls("open").length, door.calls("close").length, station.screen]).toEqual([1, 0, "you"]);
  });

  test("is asked about once when it is not known, and again when it comes back", async () => {
    const refuse = () => (door.next = { status: 409, data: { outcome: "try_again" } });
    for (let i = 0; i < 20; i++) {
      refuse();
      await station.scan(MAYA);
      await vi.advanceTimersByTimeAsync(500);
    }
    expect([door.calls("open").length, station.result?.kind]).toEqual([1, "again"]);
    await vi.advanceTimersByTimeAsync(1500);
    await station.scan(MAYA);
    expect(door.calls("open").length).toBe(2);
  });

  test("does not end the session when its child scans it between two books", async () => {
    await station.scan(MAYA);
    await station.scan("B1");
    await station.scan(MAYA);
    await station.scan("B2");
    expect([door.calls("open").length, station.taken.length]).toEqual([1, 2]);
  });
});

describe("what no label says is answered here and not sent", () => {
  test.each([["an address", "https://example.org/menu"], ["a burst", "x".repeat(2000)], ["signs only", "*****"]])("%s", async (_name, code) => {
    await station.scan(MAYA);
    await station.scan("B1");
    const before = door.sent.length;
    await station.scan(code);
    expect([station.result?.kind, station.taken.length, station.child?.first_name, door.sent.length]).toEqual(["again", 1, "Maya", before]);
  });
});

describe("a locked kiosk", () => {
  test("says so, hears nothing, and opens again", async () => {
    await station.scan(MAYA);
    door.next = { status: 423, data: null };
    await station.scan(LEO);
    expect(station.screen).toBe("locked");
    expectNobody();
    const before = door.sent.length;
    await station.scan(MAYA);
    expect(door.sent.length).toBe(before);
    station.beat();
    await station.meet();
    expect(station.screen).toBe("welcome");
  });
});

describe("kindergarten", () => {
  const window = { homeroom: "Kindergarten", until: "2026-04-14T15:30:00Z", children: [IVY] };

  beforeEach(async () => {
    door.extra = { kinder: true, window };
    await station.meet();
  });

  test("a tapped face is the card and the yes, and one book is all", async () => {
    await station.tap(IVY);
    expect([station.screen, station.child?.first_name]).toEqual(["books", "Ivy"]);
    await station.scan("B1");
    expect([station.screen, station.taken[0]?.title, station.result, door.calls("close").length]).toEqual(["finish", "Hatchet", null, 1]);
    expect(cues).toEqual(["done"]);
  });

  test("a book before the face is lent by the tap", async () => {
    await station.scan("B1");
    await station.tap(IVY);
    expect([station.screen, station.taken.length]).toEqual(["finish", 1]);
  });

  test("a refusal keeps the child where it stands", async () => {
    await station.tap(IVY);
    door.next = { status: 409, data: { outcome: "see_librarian" } };
    await station.scan("B1");
    expect([station.screen, station.result?.kind]).toEqual(["books", "help"]);
  });

  test("the faces are gone with the window, also without the server", async () => {
    door.down = true;
    void station.meet();
    await vi.advanceTimersByTimeAsync(29 * 60_000);
    station.beat();
    expect(station.state?.window?.children).toHaveLength(1);
    await vi.advanceTimersByTimeAsync(2 * 60_000);
    station.beat();
    expect(station.state?.window).toBeNull();
  });

  test("without the server the tapped face is kept as its token, never as a name", async () => {
    door.down = true;
    void station.meet();
    await vi.advanceTimersByTimeAsync(10);
    await station.tap(IVY);
    await station.scan("B1");
    expect([station.screen, station.taken[0]?.title, station.outbox.count]).toEqual(["finish", "", 1]);
    door.down = false;
    station.line.tryNow();
    await station.meet();
    expect(door.kept).toMatchObject([{ kind: "check_out", child: IVY.child, item: "B1" }]);
    expect(JSON.stringify(door.kept)).not.toContain("Ivy");
  });
});

describe("a server that is away", () => {
  /** The server dies; the next thing sent shows it. */
  async function away(work: () => Promise<void>) {
    door.down = true;
    const done = work();
    await vi.advanceTimersByTimeAsync(1100);
    await done;
  }

  async function back() {
    door.down = false;
    station.line.tryNow();
    await station.meet();
  }

  test("leaves the act in the queue with the key it was sent with, and the child is told that it is saved", async () => {
    await station.scan(MAYA);
    await away(() => station.scan("B1"));
    expect([station.line.away, station.result, station.outbox.count, station.busy]).toEqual([true, { kind: "saved", about: "book" }, 1, ""]);
    const [first, again] = door.calls("lend");
    expect(again).toEqual(first);
    await back();
    expect(door.kept).toMatchObject([{ key: first![3], at: first![4], kind: "check_out", card: MAYA, item: "B1" }]);
    expect([station.outbox.count, station.line.away]).toEqual([0, false]);
  });

  test("is not waited for any more once it is known to be away", async () => {
    await station.scan(MAYA);
    await away(() => station.scan("B1"));
    const before = door.calls("lend").length;
    await station.scan("B2");
    expect([door.calls("lend").length, station.outbox.count, station.taken.length]).toEqual([before, 2, 2]);
  });

  test("says no date, no title and no limit that it cannot know", async () => {
    door.left = 2;
    await station.scan(MAYA);
    await away(() => station.scan("B1"));
    expect([station.taken[0], station.child?.left]).toEqual([{ item: "B1", title: "", due: "" }, null]);
  });

  test("a card is believed when its check character fits, and nobody's name is known", async () => {
    await away(() => station.scan(LEO));
    expect([station.child, station.result]).toEqual([null, { kind: "again", about: "card" }]);
    await station.scan(MAYA);
    expect([station.screen, station.child?.first_name]).toEqual(["books", ""]);
  });

  test("the next card ends the session before it", async () => {
    await station.scan(MAYA);
    await away(() => station.scan("B1"));
    await station.scan("carrel:p:00000000000000000");
    expect([station.taken, station.result, station.child?.first_name]).toEqual([[], null, ""]);
  });

  test("one that is back opens a session for the child who still stands there", async () => {
    await away(() => station.scan(MAYA));
    await station.scan("B1");
    await back();
    await station.scan("B2");
    expect(station.taken.map((book) => book.title)).toEqual(["Holes", ""]);
    expect(station.child?.first_name).toBe("Maya");
  });

  test("a card that was believed and is not known leaves its book waiting for another", async () => {
    await away(() => station.scan(MAYA));
    await back();
    door.next = { status: 409, data: { outcome: "try_again" } };
    await station.scan("B2");
    expect([station.child, station.held, station.result]).toEqual([null, ["B2"], { kind: "again", about: "card" }]);
  });

  test("a returned book is kept without a card", async () => {
    await station.returnBook();
    await away(() => station.scan("B1"));
    expect(station.result).toEqual({ kind: "saved", about: "return" });
    await back();
    expect(door.kept).toHaveLength(1);
    expect(door.kept[0]).not.toHaveProperty("card");
  });

  test("a kiosk that is to close without it takes nothing new", async () => {
    door.extra = { away: "close" };
    await station.meet();
    await away(() => station.scan(MAYA));
    expect([station.shut, station.child]).toEqual(["closed", null]);
    await station.scan("B1");
    expect([station.outbox.count, cues.at(-1)]).toEqual([0, "again"]);
  });

  test("one that dies in the middle leaves even a closing kiosk the act that may have reached it", async () => {
    door.extra = { away: "close" };
    await station.meet();
    await station.scan(MAYA);
    await away(() => station.scan("B1"));
    expect([station.shut, station.outbox.count]).toEqual(["closed", 1]);
  });

  test("a browser that keeps nothing says so, and does not say saved", async () => {
    await station.scan(MAYA);
    globalThis.indexedDB = undefined as never;
    station.outbox = new (station.outbox.constructor as typeof import("../kiosk/outbox.svelte").Outbox)();
    await away(() => station.scan("B1"));
    expect([station.shut, station.result, station.taken]).toEqual(["full", { kind: "unsaved", about: "book" }, []]);
  });

  test("a kiosk that starts without it knows its settings and nothing of anybody", async () => {
    door.extra = { old_barcodes: true, window: { homeroom: "4B with Ms. Okafor", until: "2026-04-14T16:00:00Z", children: [IVY] } };
    await station.meet();
    const stored = JSON.stringify([...(localStorage as unknown as Storage).kept]);
    expect(stored).not.toMatch(/Okafor|Ivy|face:/);
    door.down = true;
    const fresh = new Station(door, () => {});
    void fresh.start();
    await vi.advanceTimersByTimeAsync(10);
    expect([fresh.screen, fresh.state?.old_barcodes, fresh.state?.window]).toEqual(["welcome", true, null]);
  });

  test("a kiosk that was switched off forgets its settings and keeps its queue", async () => {
    await station.scan(MAYA);
    await away(() => station.scan("B1"));
    door.paired = false;
    await back();
    expect([station.screen, station.shut, station.outbox.count]).toEqual(["pair", "", 1]);
    expect((localStorage as unknown as Storage).kept.size).toBe(0);
    door.paired = true;
    await station.pair("K74MP", "Door");
    expect([station.outbox.count, door.kept.length]).toEqual([0, 1]);
  });

  test("the acts carry how far this clock is off, as it was known when they happened", async () => {
    vi.setSystemTime(Date.parse(NOW) + 3_600_000);
    await station.meet();
    await station.scan(MAYA);
    await away(() => station.scan("B1"));
    await back();
    expect(door.kept[0]?.offset_ms).toBe(-3_600_000);
    expect(door.kept[0]?.at.startsWith("2026-04-14T16:")).toBe(true);
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
    expect([station.child?.first_name, station.screen, station.taken]).toEqual(["Leo", "you", []]);
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

  test("idling ends it also on a device whose clock is set back meanwhile", async () => {
    await station.scan(MAYA);
    vi.setSystemTime(Date.now() - 3_600_000);
    await vi.advanceTimersByTimeAsync(21_000);
    expect(station.screen).toBe("welcome");
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
    await station.meet();
    door.next = { status: 201, data: { session: "s", first_name: "Ana", homeroom: "2A", left: null } };
    await station.scan("204417");
    expect(station.child?.first_name).toBe("Ana");
    await station.scan("B1");
    expect(station.taken.length).toBe(1);
  });
});
