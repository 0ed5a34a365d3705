import "fake-indexeddb/auto";
import { IDBFactory } from "fake-indexeddb";
import { beforeEach, describe, expect, test, vi } from "vitest";
import type { KeptAct } from "../kiosk/door";
import { offsetOf } from "../kiosk/memory";
import { Outbox } from "../kiosk/outbox.svelte";
import { Queue } from "../kiosk/queue";
import { replay } from "../kiosk/replay";
import { Away } from "../shared/http";

const act = (key: string): KeptAct => ({ key, item: `B-${key}`, at: "2026-04-14T15:00:00.000Z", kind: "check_out", offset_ms: 0, card: "carrel:p:X" });
const keys = (n: number, from = 0) => Array.from({ length: n }, (_, i) => `key-${String(from + i).padStart(5, "0")}`);
const done = (acts: KeptAct[]) => ({ status: 200, data: { results: acts.map(({ key }) => ({ key, outcome: "done" })) } });

let queue: Queue;

beforeEach(() => {
  globalThis.indexedDB = new IDBFactory();
  queue = new Queue();
});

async function fill(all: string[]) {
  for (const key of all) await queue.add(act(key));
}

const left = async () => (await queue.next(0, 10_000)).map(({ key }) => key);

describe("the queue", () => {
  test("keeps its order, and survives the page", async () => {
    await fill(keys(20));
    queue = new Queue();
    expect(await left()).toEqual(keys(20));
    expect(await queue.count()).toBe(20);
  });

  test("writes to the disk before it says kept", async () => {
    const asked = vi.spyOn(IDBDatabase.prototype, "transaction");
    await queue.add(act("key-1"));
    expect(asked.mock.calls.at(-1)).toEqual(["acts", "readwrite", { durability: "strict" }]);
    asked.mockRestore();
  });

  test("holds an act once", async () => {
    await queue.add(act("key-1"));
    await expect(queue.add(act("key-1"))).rejects.toThrow();
    expect(await left()).toEqual(["key-1"]);
  });
});

describe("sending the queue", () => {
  test("goes in order and in pieces, and leaves nothing", async () => {
    await fill(keys(501));
    const sent: string[][] = [];
    await replay(queue, async (acts) => (sent.push(acts.map(({ key }) => key)), done(acts)));
    expect(sent.map((piece) => piece.length)).toEqual([200, 200, 101]);
    expect(sent.flat()).toEqual(keys(501));
    expect(await left()).toEqual([]);
  });

  test("does not send its own numbering", async () => {
    await fill(["key-1"]);
    await replay(queue, async (acts) => (expect(acts).toEqual([act("key-1")]), done(acts)));
  });

  test("keeps what got no answer of its own", async () => {
    await fill(keys(3));
    await replay(queue, async (acts) => done(acts.filter(({ key }) => key !== "key-00001")));
    expect(await left()).toEqual(["key-00001"]);
  });

  test("an act the server cannot read stays and stops none behind it", async () => {
    await fill(keys(300));
    const bad = new Set(["key-00000", "key-00123", "key-00299"]);
    const accepted: string[] = [];
    await replay(queue, async (acts) => {
      if (acts.some(({ key }) => bad.has(key))) return { status: 400, data: { results: [] } };
      accepted.push(...acts.map(({ key }) => key));
      return done(acts);
    });
    expect(await left()).toEqual([...bad]);
    expect(accepted).toEqual(keys(300).filter((key) => !bad.has(key)));
  });

  test.each([401, 423, 429])("answer %i ends it, and all stay", async (status) => {
    await fill(keys(3));
    let asked = 0;
    await replay(queue, async () => (asked++, { status, data: { results: [] } }));
    expect([asked, (await left()).length]).toEqual([1, 3]);
  });

  test("a line that breaks leaves the acts that were not answered", async () => {
    await fill(keys(401));
    let pieces = 0;
    const send = async (acts: KeptAct[]) => {
      if (++pieces === 2) throw new Away("down");
      return done(acts);
    };
    await expect(replay(queue, send)).rejects.toThrow(Away);
    expect(await left()).toEqual(keys(201, 200));
  });

  test("acts that come meanwhile are sent too", async () => {
    await fill(keys(1));
    let more = true;
    await replay(queue, async (acts) => {
      if (more) await queue.add(act("late"));
      more = false;
      return done(acts);
    });
    expect(await left()).toEqual([]);
  });
});

describe("the outbox", () => {
  test("counts what lies in it, also from before", async () => {
    await fill(keys(2));
    const outbox = new Outbox();
    await outbox.look();
    expect(outbox.count).toBe(2);
    expect(await outbox.keep(act("new"))).toBe(true);
    expect(outbox.count).toBe(3);
  });

  test("says when the disk is full, and that it keeps again", async () => {
    const outbox = new Outbox();
    const full = vi.spyOn(Queue.prototype, "add").mockRejectedValueOnce(new DOMException("full", "QuotaExceededError"));
    expect([await outbox.keep(act("a")), outbox.keeps, outbox.count]).toEqual([false, false, 0]);
    expect([await outbox.keep(act("a")), outbox.keeps, outbox.count]).toEqual([true, true, 1]);
    full.mockRestore();
  });

  test("says when the browser keeps nothing", async () => {
    globalThis.indexedDB = undefined as never;
    const outbox = new Outbox();
    await outbox.look();
    expect(outbox.keeps).toBe(false);
  });
});

test.each([
  ["a clock that is right", "2026-04-14T15:00:00Z", 0, 0],
  ["a clock an hour fast", "2026-04-14T14:00:00Z", 0, -3_600_000],
  ["an answer that took two seconds", "2026-04-14T15:00:01Z", 2000, 0],
])("the way from this clock to the server's: %s", (_name, now, took, want) => {
  const sent = Date.parse("2026-04-14T15:00:00Z");
  expect(offsetOf(now as string, sent, sent + (took as number))).toBe(want);
});

test("a server that tells no time says nothing about the clock", () => {
  expect(offsetOf("", 0, 0)).toBeNull();
});
