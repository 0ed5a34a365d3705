import { expect, test } from "vitest";
import { bayOf, boxOf, fitted, rounded, wallOf, type Plan, type Thing } from "../shared/room";

const shelf: Thing = { id: "s", kind: "shelf", name: "", name_es: "", x: 10, y: 20, w: 80, h: 9, turn: 0, bays: 4 };

test("bays lie along the shelf, turned or not", () => {
  expect(bayOf(shelf, 2)).toEqual({ x: 30, y: 20, w: 20, h: 9 });
  expect(bayOf({ ...shelf, turn: 90 }, 2)).toEqual({ x: 10, y: 40, w: 9, h: 20 });
  expect(bayOf(shelf, 0)).toEqual(boxOf(shelf));
  expect(bayOf(shelf, 5)).toEqual(boxOf(shelf));
});

test("bays leave no gap, whatever the length", () => {
  const odd = { ...shelf, w: 83, bays: 7 };
  let at = odd.x;
  for (let bay = 1; bay <= 7; bay++) {
    expect(bayOf(odd, bay).x).toBe(at);
    at += bayOf(odd, bay).w;
  }
  expect(at).toBe(odd.x + odd.w);
});

test("a door belongs to the nearest wall", () => {
  const plan: Plan = { width: 100, height: 60, things: [] };
  const door = (x: number, y: number, turn: 0 | 90): Thing => ({ ...shelf, kind: "door", x, y, w: 12, h: 3, turn });
  expect(wallOf(plan, door(40, 57, 0))).toBe("bottom");
  expect(wallOf(plan, door(40, 0, 0))).toBe("top");
  expect(wallOf(plan, door(0, 20, 90))).toBe("left");
  expect(wallOf(plan, door(97, 20, 90))).toBe("right");
});

test("a way has round corners and ends where it should", () => {
  expect(rounded([{ x: 0, y: 0 }, { x: 0, y: 20 }, { x: 30, y: 20 }], 6)).toBe("M0 0L0 14Q0 20 6 20L30 20");
  expect(rounded([], 6)).toBe("");
});

test("a name is cut where it does not fit", () => {
  expect(fitted("Science wall", 100, 6)).toBe("Science wall");
  expect(fitted("Science wall", 26, 6)).toBe("Science…");
  expect(fitted("Science wall", 6, 6)).toBe("");
});
