import type { Row } from "./types";

/** A statement in its tree: next is the index behind the last one below it, place and of say the how-manieth of its siblings it is. */
export type Node = { id: string; above: number; code: string; text: string; grades: string; type: string; used: number; gone: boolean; depth: number; next: number; place: number; of: number };

/** Up to here a tree opens whole. */
const SMALL = 60;
/** Typing goes on with the same word within this time, in milliseconds. */
const WORD = 700;

/** The rows of the server's answer as nodes. Rows come each behind the one above it, so one walk back finds where each ends. */
export function plant(rows: readonly Row[]): Node[] {
  const nodes: Node[] = rows.map(([id, above, code, text, grades, type, used, gone], i) => ({ id, above, code, text, grades, type, used, gone: gone === 1, depth: 0, next: i + 1, place: 1, of: 1 }));
  const below = new Map<number, number[]>();
  for (const [i, node] of nodes.entries()) {
    if (node.above >= 0) node.depth = nodes[node.above]!.depth + 1;
    const siblings = below.get(node.above);
    if (siblings) siblings.push(i);
    else below.set(node.above, [i]);
  }
  for (let i = nodes.length - 1; i >= 0; i--) {
    const above = nodes[nodes[i]!.above];
    if (above) above.next = Math.max(above.next, nodes[i]!.next);
  }
  for (const siblings of below.values()) for (const [place, i] of siblings.entries()) Object.assign(nodes[i]!, { place: place + 1, of: siblings.length });
  return nodes;
}

/** A tree of any length that is open in places: what is in view, what has the keyboard, and where the keys go. */
export class Outline {
  nodes = $state.raw<Node[]>([]);
  /** Indices of the nodes that are open. */
  open = $state.raw(new Set<number>());
  /** Index of the node that has the keyboard. */
  at = $state(0);
  #typed = "";
  #typedAt = 0;

  /** The indices in view, from the top down. */
  readonly shown = $derived.by(() => {
    const shown: number[] = [];
    for (let i = 0; i < this.nodes.length; i = this.open.has(i) ? i + 1 : this.nodes[i]!.next) shown.push(i);
    return shown;
  });

  /** Takes the statements of a framework. What was open stays open where it is the same statement. */
  fill(rows: readonly Row[]) {
    const opened = new Set([...this.open].map((i) => this.nodes[i]?.id));
    const here = this.nodes[this.at]?.id;
    this.nodes = plant(rows);
    const first = !opened.size;
    this.open = new Set(this.nodes.flatMap(({ id }, i) => (this.parent(i) && (opened.has(id) || (first && rows.length <= SMALL)) ? [i] : [])));
    this.at = Math.max(0, this.nodes.findIndex(({ id }) => id === here));
  }

  /** Whether something stands below it. */
  parent(i: number): boolean {
    return this.nodes[i]!.next > i + 1;
  }

  turn(i: number, open = !this.open.has(i)) {
    if (!this.parent(i)) return;
    const next = new Set(this.open);
    if (open) next.add(i);
    else next.delete(i);
    this.open = next;
  }

  /** Opens all above a statement and goes there; false when it is not here. */
  reveal(id: string): boolean {
    const found = this.nodes.findIndex((node) => node.id === id);
    if (found < 0) return false;
    const next = new Set(this.open);
    for (let i = this.nodes[found]!.above; i >= 0; i = this.nodes[i]!.above) next.add(i);
    this.open = next;
    this.at = found;
    return true;
  }

  /** The texts above a node, from the top down. */
  path(i: number): string[] {
    const path: string[] = [];
    for (let above = this.nodes[i]?.above ?? -1; above >= 0; above = this.nodes[above]!.above) path.unshift(this.nodes[above]!.text);
    return path;
  }

  /** What a key does, after the pattern of trees (WAI-ARIA); page is how many rows a screenful has. False for a key that means nothing here. */
  press(key: string, page: number): boolean {
    const row = this.shown.indexOf(this.at);
    const here = this.nodes[this.at];
    if (!here) return false;
    switch (key) {
      case "ArrowDown": return this.#row(row + 1);
      case "ArrowUp": return this.#row(row - 1);
      case "PageDown": return this.#row(row + page);
      case "PageUp": return this.#row(row - page);
      case "Home": return this.#row(0);
      case "End": return this.#row(this.shown.length - 1);
      case "ArrowRight":
        if (this.parent(this.at) && !this.open.has(this.at)) this.turn(this.at, true);
        else if (this.parent(this.at)) this.at++;
        return true;
      case "ArrowLeft":
        if (this.open.has(this.at)) this.turn(this.at, false);
        else if (here.above >= 0) this.at = here.above;
        return true;
      case "*":
        this.open = new Set([...this.open, ...this.nodes.flatMap((node, i) => (node.above === here.above && this.parent(i) ? [i] : []))]);
        return true;
    }
    return key.length === 1 && key !== " " && this.#type(key);
  }

  #row(row: number): boolean {
    this.at = this.shown[Math.min(Math.max(row, 0), this.shown.length - 1)]!;
    return true;
  }

  /** Typing goes to the next row in view whose code or text begins so. */
  #type(sign: string): boolean {
    const now = Date.now();
    this.#typed = now - this.#typedAt < WORD ? this.#typed + sign : sign;
    this.#typedAt = now;
    const word = plain(this.#typed);
    const from = this.shown.indexOf(this.at) + (this.#typed.length === 1 ? 1 : 0);
    const order = [...this.shown.slice(from), ...this.shown.slice(0, from)];
    const found = order.find((i) => plain(this.nodes[i]!.code).startsWith(word) || plain(this.nodes[i]!.text).startsWith(word));
    if (found !== undefined) this.at = found;
    return true;
  }
}

const plain = (text: string) => text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();
