import { beforeEach, expect, test, vi } from "vitest";
import type { Thing } from "../shared/room";

type Body = { updated: string; width: number; things: Thing[] };
let stored: Body;
let refuse: ((body: Body) => void) | undefined;
const puts: Body[] = [];
vi.mock("../staff/api", async (original) => ({
  ...(await original<object>()),
  ask: async (path: string, { method = "GET", body }: { method?: string; body?: Body } = {}) => {
    if (path === "vocabulary") return { locations: [] };
    if (method === "GET") return structuredClone(stored);
    await Promise.resolve();
    refuse?.(body!);
    puts.push(body!);
    stored = { ...structuredClone(body!), updated: String(Number(stored.updated || 0) + 1) };
    return structuredClone(stored);
  },
}));

const { MapEditor, inside } = await import("../staff/map/map.svelte");
const { Refused } = await import("../staff/api");

const shelf: Thing = { id: "s", kind: "shelf", name: "", name_es: "", x: 10, y: 20, w: 40, h: 9, turn: 0, bays: 4, side: "bottom", ranges: [] };

beforeEach(() => {
  puts.length = 0;
  refuse = undefined;
  stored = { updated: "1", width: 100, things: [shelf], ...{ height: 80 } } as Body;
});

async function opened() {
  const map = new MapEditor();
  await map.load();
  return map;
}

test("nothing leaves the room", () => {
  const plan = { width: 100, height: 80, things: [] };
  expect(inside(plan, { ...shelf, x: 90, y: -5 })).toMatchObject({ x: 60, y: 0 });
  expect(inside(plan, { ...shelf, turn: 90, x: 99, y: 70 })).toMatchObject({ x: 91, y: 40 });
  expect(inside(plan, { ...shelf, w: 900 })).toMatchObject({ x: 0, w: 100 });
});

test("a drag is one change, however many steps it has", async () => {
  const map = await opened();
  for (let x = 11; x < 30; x++) map.set("s", { x }, "drag s");
  await map.settle();
  expect(puts.length).toBe(1);
  expect(stored.things[0]!.x).toBe(29);
  map.undo();
  await map.save();
  expect(stored.things[0]!.x).toBe(10);
  map.redo();
  await map.save();
  expect(stored.things[0]!.x).toBe(29);
  expect(map.unsaved).toBe(false);
});

test("turning twice puts a thing back, and the side of its books with it", async () => {
  const map = await opened();
  map.turn(map.plan!.things[0]!);
  expect(map.plan!.things[0]).toMatchObject({ turn: 90, side: "left" });
  for (let i = 0; i < 3; i++) map.turn(map.plan!.things[0]!);
  await map.save();
  expect(map.plan!.things[0]).toMatchObject({ turn: 0, side: "bottom", w: 40, h: 9 });
});

test("a shorter shelf has no more bays than it has room for, and loses no range", async () => {
  const map = await opened();
  await map.ranges(shelf, [{ location: "", from: "500", to: "599", bay: 4 }]);
  map.set("s", { w: 9 });
  expect(map.plan!.things[0]).toMatchObject({ bays: 2, ranges: [{ from: "500", bay: 2 }] });
});

test("what cannot be kept stays on the screen, and the thing at fault is opened", async () => {
  const map = await opened();
  refuse = () => {
    throw new Refused(400, "upside down", "invalid", "things.0.ranges.0.to", []);
  };
  await map.ranges(shelf, [{ location: "", from: "9", to: "1", bay: 0 }]);
  expect(map.chosen).toBe("s");
  expect(map.at("ranges.0.to")).toBe("upside down");
  expect(map.plan!.things[0]!.ranges![0]!.to).toBe("1");
  expect(map.unsaved).toBe(true);
});

test("who is second is asked: theirs, or mine", async () => {
  const map = await opened();
  const theirs = { ...structuredClone(stored), things: [], updated: "7" };
  refuse = (body) => {
    if (body.updated !== "7") throw new Refused(409, "changed", "changed", "", [], { current: theirs });
  };
  map.set("s", { x: 0 });
  await map.save();
  expect(map.theirs?.updated).toBe("7");
  await map.keepMine();
  expect(stored.things[0]!.x).toBe(0);

  map.set("s", { x: 5 });
  await map.save();
  map.takeTheirs();
  expect(map.plan!.things).toEqual([]);
});
