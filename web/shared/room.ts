/** The plan of the library as the server keeps it, in units of 10 cm from the upper left corner, and how it is drawn. */

export type Kind = "shelf" | "door" | "desk" | "rug" | "table" | "wall" | "stairs";
export type Side = "" | "top" | "bottom" | "left" | "right";

/** Books of a location (empty: any) from one call number to another stand in a bay (0: anywhere on the shelf). */
export interface Range {
  location: string;
  from: string;
  to: string;
  bay: number;
  shelf?: number;
}

/** w and h are the size before the thing was turned by 90 degrees. */
export interface Thing {
  id: string;
  kind: Kind;
  name: string;
  name_es: string;
  x: number;
  y: number;
  w: number;
  h: number;
  turn: 0 | 90;
  bays?: number;
  side?: Side;
  ranges?: Range[];
}

export interface Plan {
  width: number;
  height: number;
  things: Thing[];
}

export interface Point {
  x: number;
  y: number;
}

/** Where a book stands; bay 0 is anywhere on the shelf. */
export interface Here {
  thing: string;
  bay: number;
}

export interface Box {
  x: number;
  y: number;
  w: number;
  h: number;
}

/** The ground that a thing covers. */
export function boxOf(thing: Thing): Box {
  const { x, y, w, h } = thing;
  return thing.turn === 90 ? { x, y, w: h, h: w } : { x, y, w, h };
}

/** The ground of one bay, counted from the left, or from the top when turned. */
export function bayOf(thing: Thing, bay: number): Box {
  const box = boxOf(thing);
  const bays = Math.max(1, thing.bays ?? 1);
  if (bay < 1 || bay > bays) return box;
  const from = Math.trunc((thing.w * (bay - 1)) / bays);
  const long = Math.trunc((thing.w * bay) / bays) - from;
  return thing.turn === 90 ? { ...box, y: box.y + from, h: long } : { ...box, x: box.x + from, w: long };
}

export const middle = (box: Box): Point => ({ x: box.x + box.w / 2, y: box.y + box.h / 2 });

/** The wall in which a door is: the nearest one. */
export function wallOf(plan: Plan, door: Thing): Exclude<Side, ""> {
  const at = middle(boxOf(door));
  const away = { bottom: plan.height - at.y, left: at.x, top: at.y, right: plan.width - at.x };
  return (["bottom", "left", "top", "right"] as const).reduce((best, wall) => (away[wall] < away[best] ? wall : best));
}

/** A line through the corners of a way with its corners rounded, as an SVG path. */
export function rounded(points: Point[], radius: number): string {
  const toward = (from: Point, to: Point, far: number): Point => {
    const long = Math.hypot(to.x - from.x, to.y - from.y) || 1;
    const part = Math.min(far, long / 2) / long;
    return { x: from.x + (to.x - from.x) * part, y: from.y + (to.y - from.y) * part };
  };
  const at = (p: Point) => `${Math.round(p.x * 10) / 10} ${Math.round(p.y * 10) / 10}`;
  return points
    .map((point, i) => {
      const before = points[i - 1];
      const after = points[i + 1];
      if (!before) return `M${at(point)}`;
      if (!after) return `L${at(point)}`;
      return `L${at(toward(point, before, radius))}Q${at(point)} ${at(toward(point, after, radius))}`;
    })
    .join("");
}

/** A name cut to what fits into a length; letters are a little more than half as wide as high. */
export function fitted(name: string, long: number, size: number): string {
  const letters = Math.floor(long / (size * 0.54));
  if (name.length <= letters) return name;
  return letters < 3 ? "" : `${name.slice(0, letters - 1).trimEnd()}…`;
}
