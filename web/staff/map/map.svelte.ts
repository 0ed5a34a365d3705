import { boxOf, type Here, type Kind, type Plan, type Point, type Range, type Thing } from "../../shared/room";
import { ask, Refused } from "../api";
import { Attempt } from "../settings/attempt.svelte";
import type { Word } from "../settings/things.svelte";

export type Drawn = Plan & { updated: string };
export type Place = { name: string; here: Here; route: Point[]; steps: string[] };

/** The size in which each kind of thing comes, in units of 10 cm. */
const sizes: Record<Kind, [number, number]> = { shelf: [40, 9], door: [12, 3], desk: [30, 12], rug: [24, 24], table: [15, 10], wall: [40, 2], stairs: [12, 20] };

/** How many changes can be taken back. */
const MEMORY = 200;

/**
 * The map being drawn. What is seen is changed at once and can be taken back; each change is saved after the one before it. What cannot be saved
 * stays on the screen, with the place of the fault.
 */
export class MapEditor {
  plan = $state.raw<Plan | null>(null);
  /** As the server last kept it; empty while nobody drew a map. */
  updated = $state("");
  chosen = $state("");
  /** What somebody else saved meanwhile. */
  theirs = $state.raw<Drawn | null>(null);
  /** Something on the screen is not kept yet. */
  unsaved = $state(false);
  locations = $state.raw<Word[]>([]);
  readonly loading = new Attempt();
  readonly saving = new Attempt();
  readonly trying = new Attempt();
  /** The book that is looked for, and where it was found. */
  call = $state("");
  location = $state("");
  place = $state.raw<Place | null>(null);
  missing = $state(false);
  #past = $state.raw<Plan[]>([]);
  #future = $state.raw<Plan[]>([]);
  /** A drag or a held key is one change, however many steps it has. */
  #gesture = "";
  #tail: Promise<void> = Promise.resolve();

  readonly thing = $derived(this.plan?.things.find(({ id }) => id === this.chosen) ?? null);
  readonly canUndo = $derived(this.#past.length > 0);
  readonly canRedo = $derived(this.#future.length > 0);

  load = () =>
    this.loading.read(async () => {
      const [drawn, words] = await Promise.all([ask<Drawn>("settings/map"), ask<{ locations: Word[] }>("vocabulary")]);
      this.locations = words.locations;
      this.#take(drawn);
    });

  /** Somebody may have changed the map elsewhere. What is not saved here stays. */
  async look(): Promise<void> {
    if (this.unsaved || this.saving.running || !this.plan) return;
    const drawn = await ask<Drawn>("settings/map").catch(() => null);
    if (drawn && drawn.updated !== this.updated && !this.unsaved) this.#take(drawn);
  }

  #take({ updated, ...plan }: Drawn) {
    this.plan = plan;
    this.updated = updated;
    this.theirs = null;
    this.unsaved = false;
    this.saving.clear();
  }

  /** Changes the plan. Changes of one gesture are taken back together. */
  change(make: (plan: Plan) => Plan, gesture = "") {
    if (!this.plan) return;
    const next = make(this.plan);
    if (JSON.stringify(next) === JSON.stringify(this.plan)) return;
    if (!gesture || gesture !== this.#gesture) this.#past = [...this.#past.slice(-MEMORY), this.plan];
    this.#gesture = gesture;
    this.#future = [];
    this.plan = next;
    this.unsaved = true;
  }

  /** The gesture is over: what it did is saved. */
  settle(): Promise<void> {
    this.#gesture = "";
    return this.save();
  }

  set(id: string, fields: Partial<Thing>, gesture = "") {
    this.change((plan) => ({ ...plan, things: plan.things.map((thing) => (thing.id === id ? inside(plan, whole({ ...thing, ...fields })) : thing)) }), gesture);
  }

  resize(fields: Partial<Pick<Plan, "width" | "height">>) {
    this.change((plan) => {
      const room = { ...plan, ...fields };
      return { ...room, things: room.things.map((thing) => inside(room, thing)) };
    });
  }

  add(kind: Kind) {
    if (!this.plan) return;
    const [w, h] = sizes[kind];
    const { width, height } = this.plan;
    const at = { x: Math.round((width - w) / 2), y: Math.round((height - h) / 2) };
    const thing: Thing = { id: this.#newId(), kind, name: "", name_es: "", ...at, w, h, turn: 0 };
    if (kind === "shelf") Object.assign(thing, { bays: 4, side: "", ranges: [] });
    if (kind === "door") thing.y = height - h;
    this.#put(thing);
  }

  copy(thing: Thing) {
    this.#put({ ...structuredClone($state.snapshot(thing)) as Thing, id: this.#newId(), x: thing.x + 5, y: thing.y + 5 });
  }

  #put(thing: Thing) {
    this.change((plan) => ({ ...plan, things: [...plan.things, inside(plan, thing)] }));
    this.chosen = thing.id;
    void this.save();
  }

  remove(id: string) {
    this.change((plan) => ({ ...plan, things: plan.things.filter((thing) => thing.id !== id) }));
    this.chosen = "";
    void this.save();
  }

  /** An empty room, to begin with nothing. */
  clear() {
    this.change((plan) => ({ ...plan, things: [] }));
    this.chosen = "";
    void this.save();
  }

  /** Turns a thing where it stands; the side of its books turns along. */
  turn(thing: Thing) {
    const sides = { top: "right", bottom: "left", left: "top", right: "bottom", "": "" } as const;
    const before = boxOf(thing);
    const turn = thing.turn === 90 ? 0 : 90;
    this.set(thing.id, { turn, side: sides[thing.side ?? ""], x: Math.round(before.x + (before.w - before.h) / 2), y: Math.round(before.y + (before.h - before.w) / 2) });
    void this.save();
  }

  ranges(thing: Thing, ranges: Range[]) {
    this.set(thing.id, { ranges });
    return this.save();
  }

  undo() {
    const before = this.#past.at(-1);
    if (!before || !this.plan) return;
    this.#future = [...this.#future, this.plan];
    this.#past = this.#past.slice(0, -1);
    this.#show(before);
  }

  redo() {
    const after = this.#future.at(-1);
    if (!after || !this.plan) return;
    this.#past = [...this.#past, this.plan];
    this.#future = this.#future.slice(0, -1);
    this.#show(after);
  }

  #show(plan: Plan) {
    this.plan = plan;
    this.#gesture = "";
    this.unsaved = true;
    void this.save();
  }

  /** Saves what is on the screen, after what was saved before it. */
  save(): Promise<void> {
    this.#tail = this.#tail.then(async () => {
      const plan = this.plan;
      if (!plan || this.theirs) return;
      const done = await this.saving.run(() => this.#send(plan));
      if (done && this.plan === plan) this.unsaved = false;
      if (!done) this.#goTo(plan);
    });
    return this.#tail;
  }

  async #send(plan: Plan) {
    try {
      this.updated = (await ask<Drawn>("settings/map", { method: "PUT", body: { ...plan, updated: this.updated } })).updated;
    } catch (error) {
      if (error instanceof Refused && error.code === "changed") this.theirs = error.data.current as Drawn;
      throw error;
    }
    if (this.place || this.missing) await this.#look();
  }

  /** Opens the thing in which the fault is. */
  #goTo(plan: Plan) {
    const index = /^things\.(\d+)\./.exec(this.saving.field)?.[1];
    const thing = index && plan.things[Number(index)];
    if (thing) this.chosen = thing.id;
  }

  /** What to say at a field of the thing that is open. */
  at(field: string): string {
    const index = this.plan?.things.findIndex(({ id }) => id === this.chosen);
    return this.saving.at(`things.${index}.${field}`);
  }

  takeTheirs() {
    if (!this.theirs) return;
    const mine = this.plan;
    this.#take(this.theirs);
    if (mine) this.#past = [...this.#past, mine];
  }

  keepMine(): Promise<void> {
    if (this.theirs) this.updated = this.theirs.updated;
    this.theirs = null;
    return this.save();
  }

  /** Tries the map: where does this book stand, and how does one walk there? */
  find = () => this.trying.run(() => this.#look());

  forget() {
    this.place = null;
    this.missing = false;
    this.trying.clear();
  }

  async #look() {
    const query = new URLSearchParams({ call_number: this.call, location: this.location });
    const { place } = await ask<{ place: Place | null }>(`settings/map/place?${query}`);
    this.place = place;
    this.missing = !place;
  }

  #newId(): string {
    const taken = new Set(this.plan?.things.map(({ id }) => id));
    for (let n = 1; ; n++) if (!taken.has(`t${n}`)) return `t${n}`;
  }
}

/** A thing with whole numbers, and no more bays than it has room for. */
function whole(thing: Thing): Thing {
  const w = Math.max(1, Math.round(thing.w));
  const most = Math.max(1, Math.floor(w / 4));
  const bays = thing.kind === "shelf" ? Math.min(Math.max(1, Math.round(thing.bays ?? 1)), most) : undefined;
  const ranges = thing.ranges?.map((range) => (bays && range.bay > bays ? { ...range, bay: bays } : range));
  return { ...thing, x: Math.round(thing.x), y: Math.round(thing.y), w, h: Math.max(1, Math.round(thing.h)), ...(bays ? { bays, ranges } : {}) };
}

/** A thing as near as it can be to where it is wanted, within the walls. */
export function inside(plan: Plan, thing: Thing): Thing {
  const box = boxOf(thing);
  const wide = Math.min(box.w, plan.width);
  const high = Math.min(box.h, plan.height);
  const [w, h] = thing.turn === 90 ? [high, wide] : [wide, high];
  return { ...thing, w, h, x: Math.min(Math.max(0, thing.x), plan.width - wide), y: Math.min(Math.max(0, thing.y), plan.height - high) };
}
