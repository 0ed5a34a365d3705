import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { queues, type Hold } from "../staff/holds/holds.svelte";
import { KeptScans } from "../staff/inventory/kept";
import { Walk } from "../staff/inventory/walk.svelte";
import { BulkEdit, relabels } from "../staff/items/bulk.svelte";
import { Copies } from "../staff/items/copies.svelte";
import { fieldsOf, ItemForm } from "../staff/items/itemform.svelte";
import type { Item } from "../staff/items/types";
import { grouped, lookOf, marksOf } from "../staff/items/words";

type Call = { method: string; path: string; body: Record<string, unknown> };

let calls: Call[];
/** What the server says; undefined is no answer. */
let answer: (call: Call) => { status: number; data: unknown } | undefined;

beforeEach(() => {
  vi.useFakeTimers();
  calls = [];
  answer = () => ({ status: 200, data: {} });
  vi.stubGlobal("fetch", async (path: string, init: RequestInit) => {
    const call = { method: init.method ?? "GET", path: path.replace("/api/carrel/", ""), body: init.body ? JSON.parse(String(init.body)) : {} };
    calls.push(call);
    const said = answer(call);
    if (!said) throw new TypeError("no line");
    return new Response(JSON.stringify(said.data), { status: said.status });
  });
});
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

const settle = () => vi.advanceTimersByTimeAsync(0);
const item = (over: Partial<Item> = {}): Item => ({
  id: "i1", updated: "u1", barcode: "T1", status: "available", location: "Fiction", location_id: "l1", type: "", type_id: "", call_number: "", copy: "", not_for_loan: false,
  public_note: "", staff_note: "", acquired: "", last_seen: "", loans: 0, ...over,
});

describe("a copy", () => {
  test("looks like its state, with the class that has it", () => {
    expect(lookOf({ status: "on_loan", homeroom: "4B" }).text).toBe("Out, 4B");
    expect(lookOf({ status: "repair" }).tone).toBe("help");
    expect(grouped("3041200871")).toBe("30412 00871");
    expect(grouped("T1")).toBe("T1");
  });

  test("that is out is marked at the desk only", () => {
    expect(marksOf("on_loan")).toEqual([]);
    expect(marksOf("missing")).toContain("found");
  });

  test("is marked at once, and the mark is taken back by its key", async () => {
    const copies = new Copies("t1");
    answer = ({ path }) => ({ status: 200, data: path.startsWith("titles") ? { items: [item()] } : { message: "It is lost." } });
    await copies.mark(item(), "lost");
    expect(calls[0]).toMatchObject({ method: "POST", path: "marks", body: { item: "T1", as: "lost" } });
    expect(copies.list).toHaveLength(1);
  });
});

describe("the form of a copy", () => {
  test("sends what was changed and no more", async () => {
    const form = new ItemForm("t1", item());
    form.draft.copy = " 2 ";
    answer = () => ({ status: 200, data: { item: item({ copy: "2" }) } });
    expect(await form.save()).toHaveLength(1);
    expect(calls[0]).toEqual({ method: "PATCH", path: "items/i1", body: { copy: "2", updated: "u1" } });
  });

  test("joins the work of two who changed different things, and asks where both changed one", async () => {
    const form = new ItemForm("t1", item());
    form.draft.copy = "2";
    let sent = 0;
    answer = () => (sent++ ? { status: 200, data: { item: item() } } : { status: 409, data: { data: { code: "changed", current: item({ updated: "u2", staff_note: "torn" }) } } });
    expect(await form.save()).not.toBeNull();
    expect(calls[1]!.body).toEqual({ copy: "2", updated: "u2" });
    const other = new ItemForm("t1", item());
    other.draft.copy = "2";
    answer = () => ({ status: 409, data: { message: "Somebody", data: { code: "changed", current: item({ updated: "u2", copy: "3" }) } } });
    expect(await other.save()).toBeNull();
    expect(other.conflicts).toEqual([{ name: "copy", theirs: "3", mine: "2" }]);
    other.yield("copy");
    expect(other.draft.copy).toBe("3");
    expect(other.conflicts).toEqual([]);
  });

  test("keeps its key until new copies are there, and what was typed when they are refused", async () => {
    const form = new ItemForm("t1", undefined, item({ price: "9.50", barcode: "T9" }));
    form.n = 3;
    expect(form.draft).toMatchObject({ ...fieldsOf(item({ price: "9.50" })), barcode: "" });
    answer = () => ({ status: 409, data: { message: "taken", data: { code: "barcode_taken", field: "barcode" } } });
    expect(await form.save()).toBeNull();
    expect([form.field, form.trouble]).toEqual(["barcode", "taken"]);
    answer = () => ({ status: 201, data: { items: [item(), item(), item()] } });
    expect(await form.save()).toHaveLength(3);
    expect(calls[1]!.body.key).toBe(calls[0]!.body.key);
    expect(calls[1]!.body).toMatchObject({ title: "t1", n: 3, location: "l1", price: "9.50" });
  });
});

describe("a change of many copies", () => {
  test("reads lines of two barcodes however they are parted", () => {
    expect(relabels("T1, N1\n\nT 2\tN 2\nT3;N3\n T4 N4 \nT5")).toEqual([
      { item: "T1", barcode: "N1" }, { item: "T 2", barcode: "N 2" }, { item: "T3", barcode: "N3" }, { item: "T4", barcode: "N4" }, { item: "T5", barcode: "" },
    ]);
  });

  test("sends what is ticked, waits for the preview, and keeps what was typed when it goes back", async () => {
    const edit = new BulkEdit({ items: ["i1"] });
    edit.ticked.not_for_loan = edit.ticked.vendor = true;
    edit.typed.not_for_loan = "true";
    edit.typed.fund = "not ticked";
    const states = ["reading", "ready"];
    answer = ({ method }) => ({ status: 200, data: { import: { id: "x", kind: "items", state: method === "POST" ? "reading" : states.shift() } } });
    const looked = edit.look();
    await vi.advanceTimersByTimeAsync(1000);
    await looked;
    expect(calls[0]!.body).toEqual({ selection: { items: ["i1"] }, set: { not_for_loan: true, vendor: "" }, barcodes: [] });
    expect(edit.current?.state).toBe("ready");
    answer = () => ({ status: 200, data: {} });
    await edit.back();
    expect(calls.at(-1)).toMatchObject({ method: "DELETE", path: "imports/x" });
    expect(edit.current).toBeNull();
    expect(edit.ticked.vendor).toBe(true);
  });
});

describe("a walk along the shelves", () => {
  const fine = { code: "", item: { barcode: "", title: "Hatchet" }, out: false, found: "", call_number: "FIC", location: "", wrong: [] };
  const walk = (sounds: string[] = []) => new Walk("inv", "dana", (cue) => sounds.push(cue));

  /** What the device keeps. */
  function device(): Storage {
    const kept = new Map<string, string>();
    return {
      get length() {
        return kept.size;
      },
      key: (i) => [...kept.keys()][i] ?? null,
      getItem: (name) => kept.get(name) ?? null,
      setItem: (name, value) => void kept.set(name, value),
      removeItem: (name) => void kept.delete(name),
      clear: () => kept.clear(),
    };
  }

  beforeEach(() => void vi.stubGlobal("localStorage", device()));

  test("says what is wrong with a book", async () => {
    const sounds: string[] = [];
    const one = walk(sounds);
    answer = ({ body }) => ({ status: 200, data: { ...fine, wrong: body.code === "T2" ? [{ code: "order", message: "Out of order." }] : [] } });
    one.scan("T1");
    one.scan("T2");
    await one.settled();
    expect(one.rows.map(({ code, state }) => [code, state])).toEqual([["T2", "wrong"], ["T1", "fine"]]);
    expect(sounds).toEqual(["done", "help"]);
    expect(new KeptScans("dana", "inv").all()).toEqual([]);
  });

  test("keeps scans while the line is down, through a reload, and sends them in their order with their keys", async () => {
    answer = () => undefined;
    const one = walk();
    one.scan("T1", new Date("2026-11-23T10:00:00Z"));
    one.scan("T2", new Date("2026-11-23T10:00:05Z"));
    await settle();
    expect(one.line.away).toBe(true);
    expect(one.waiting).toBe(2);
    const kept = new KeptScans("dana", "inv").all();
    expect(kept.map(({ code }) => code)).toEqual(["T1", "T2"]);
    expect(new KeptScans("somebody else", "inv").all()).toEqual([]);
    calls = [];
    answer = () => ({ status: 200, data: fine });
    const again = walk();
    await again.settled();
    expect(calls.map(({ body }) => [body.key, body.code, body.at])).toEqual(kept.map(({ key, code, at }) => [key, code, at]));
    expect(again.waiting).toBe(0);
    expect(localStorage.length).toBe(0);
  });

  test("goes on behind a scan that is refused, and sends one again whose time cannot be", async () => {
    const one = walk();
    answer = ({ body }) =>
      body.code === "T1" && body.at ? { status: 400, data: { message: "future", data: { field: "at" } } } : body.code === "T2" ? { status: 409, data: { message: "closed", data: { code: "inventory_closed" } } } : { status: 200, data: fine };
    for (const code of ["T1", "T2", "T3"]) one.scan(code);
    await one.settled();
    expect(one.rows.map(({ state }) => state)).toEqual(["fine", "refused", "fine"]);
    expect(one.rows[1]!.why).toBe("closed");
  });

  test("says when the device keeps nothing", () => {
    const full = { length: 0, key: () => null, getItem: () => null, removeItem: () => {}, clear: () => {}, setItem: () => { throw new DOMException("full", "QuotaExceededError"); } };
    answer = () => undefined;
    const one = new Walk("inv", "dana", () => {}, new KeptScans("dana", "inv", full));
    one.scan("T1");
    expect(one.noRoom).toBe(true);
    expect(one.waiting).toBe(1);
  });

  test("counts a book that stays under the light once", () => {
    const one = walk();
    one.scan("T1", new Date(0));
    one.scan("T1", new Date(500));
    expect(one.rows).toHaveLength(1);
  });
});

test("holds that came title by title are queues", () => {
  const hold = (id: string, title_id: string) => ({ id, title_id, title: title_id, author: "" }) as Hold;
  expect(queues([hold("1", "a"), hold("2", "a"), hold("3", "b")]).map(({ id, holds }) => [id, holds.length])).toEqual([["a", 2], ["b", 1]]);
});
