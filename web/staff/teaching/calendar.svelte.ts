import { MediaQuery } from "svelte/reactivity";
import { dayOf } from "../../shared/dates";
import { newKey } from "../../shared/key";
import { m } from "../../shared/paraglide/messages";
import { ask, Refused } from "../api";
import { later } from "../settings/month";
import { Attempt } from "../settings/attempt.svelte";
import { toasts } from "../toasts.svelte";
import { inTheWay, minutes, moved, span, turned, type Held, type View } from "./time";
import type { Acted, Session, Week } from "./types";
import { conflictWords, entryName, whenOf } from "./words";

/** An entry on its way to another time: where it came from, and where it is now. */
type Moving = { from: Session; now: Session };

const small = new MediaQuery("(max-width:700px)");

/** How often the time of day on the page moves on, in milliseconds. */
const TICK = 20_000;

/** The calendar that is open, and what is done to its entries. */
export class Calendar {
  view = $state<View>("week");
  day = $state(dayOf(new Date()));
  week = $state.raw<Week | null>(null);
  moving = $state.raw<Moving | null>(null);
  /** A moved entry of a repeated row that waits for the answer: this one alone, or those after it too. */
  asking = $state.raw<Moving | null>(null);
  /** What the server asks back: whether an entry shall be on a day on which the library is closed. */
  closed = $state.raw<{ text: string; anyway: () => Promise<boolean> } | null>(null);
  /** What is read aloud while an entry moves. */
  told = $state("");
  /** The entry that was changed last, which may have another id than before: the focus goes back to it. */
  focus = $state("");
  readonly loading = new Attempt();
  readonly attempt = new Attempt();
  #read = 0;
  #clock = $state(0);

  /** The view that the days at hand were asked for. */
  #of = $state<View>("week");
  /** What is drawn until the next days are here. A phone has no room for columns: there a week is a list. */
  readonly shown = $derived<View>(this.#of === "week" && small.current ? "list" : this.#of);
  readonly range = $derived(span(this.view, this.day));
  /** Entries as they are kept, in order of time. */
  readonly entries = $derived((this.week?.entries ?? []).filter(({ state }) => state !== "declined").toSorted((a, b) => (a.day + a.from).localeCompare(b.day + b.from)));
  /** What is in the way of the entry that moves. */
  readonly trouble = $derived.by(() => {
    const way = this.moving ?? this.asking;
    return way ? this.inTheWayOf(way.now) : "";
  });
  /** The time of day where the school is, in minutes since midnight. */
  readonly now = $derived(this.week ? minutes(clockOf(this.week.now)) + Math.floor(this.#clock / 60_000) : 0);

  load = () =>
    this.loading.read(async () => {
      const [from, until] = this.range;
      const week = await ask<Week>(`teaching/calendar?${new URLSearchParams({ from, until })}`);
      if (from !== this.range[0] || until !== this.range[1]) return;
      [this.week, this.#of] = [week, this.view];
      this.#read = Date.now();
      this.#clock = 0;
    });

  /** Lets the time go on; returns the function that stops it. */
  tick(): () => void {
    const timer = setInterval(() => (this.#clock = Date.now() - this.#read), TICK);
    return () => clearInterval(timer);
  }

  /** Shows a day, in this view or another. */
  open(day: string, view: View = this.view): Promise<boolean> {
    this.leave();
    [this.day, this.view] = [day, view];
    return this.load();
  }

  turn = (by: 1 | -1) => this.open(turned(this.view, this.day, by));
  today = () => this.open(this.week?.today || dayOf(new Date()));

  inTheWayOf(entry: Held): string {
    const closed = entry.kind !== "closed" && this.week?.days.some(({ day, open }) => day === entry.day && !open);
    return conflictWords(closed ?? false, inTheWay(entry, this.week?.entries ?? []));
  }

  /** Where an entry is on the screen, which for the one that moves is not where it is kept. */
  at(entry: Session): Session {
    const way = this.moving ?? this.asking;
    return way?.now.id === entry.id ? way.now : entry;
  }

  /** Puts an entry to a day and a time, for now only on the screen. */
  put(entry: Session, day: string, from: number): void {
    const base = this.moving?.from.id === entry.id ? this.moving.from : entry;
    const now = moved(base, day, from);
    if (this.moving?.now.day === now.day && this.moving.now.from === now.from) return;
    this.moving = { from: base, now };
    this.told = [`${entryName(now)}, ${whenOf(now)}.`, this.trouble].filter(Boolean).join(" ");
  }

  /** Moves an entry by minutes or days that are in view. */
  step(entry: Session, by: { minutes?: number; days?: number }): void {
    const now = this.moving?.from.id === entry.id ? this.moving.now : entry;
    const day = by.days ? later(now.day, by.days) : now.day;
    const columns = this.week?.days.map(({ day }) => day) ?? [];
    if (!columns.includes(day)) return;
    this.put(entry, day, minutes(now.from) + (by.minutes ?? 0));
  }

  /** Leaves the entry where it was. */
  leave(): void {
    if (this.moving || this.asking) this.told = m.teach_left_there();
    this.moving = this.asking = null;
  }

  /** Keeps the entry where it is now. One of a repeated row asks first whether those after it go along. */
  async keep(): Promise<void> {
    const way = this.moving;
    if (!way) return;
    this.moving = null;
    if (way.now.day === way.from.day && way.now.from === way.from.from) return;
    this.asking = way;
    if (!way.from.series) await this.settle(false);
  }

  async settle(following: boolean): Promise<void> {
    const way = this.asking;
    if (!way) return;
    const { day, from, until } = way.now;
    const done = await this.change(way.from, { day, from, until }, following, m.teach_moved({ name: entryName(way.now), when: whenOf(way.now) }));
    this.asking = null;
    if (!done) this.told = m.teach_left_there();
  }

  /** Changes an entry; the toast takes it back. */
  change(entry: Session, fields: object, following: boolean, said: string): Promise<boolean> {
    const body = { key: newKey(), updated: entry.updated, ...fields, ...(following ? { following } : {}) };
    return this.act((more) => ask<Acted>(`teaching/sessions/${encodeURIComponent(entry.id)}`, { method: "PATCH", body: { ...body, ...more } }), said);
  }

  /** Takes an entry out. One of the timetable stays in it, and is cancelled on its day alone. */
  remove(entry: Session, following = false): Promise<boolean> {
    if (entry.visit) return this.change(entry, { state: "cancelled" }, false, m.teach_removed({ name: entryName(entry) }));
    const path = `teaching/sessions/${encodeURIComponent(entry.id)}${following ? "?following=true" : ""}`;
    return this.act(() => ask<Acted>(path, { method: "DELETE" }), m.teach_removed({ name: entryName(entry) }));
  }

  /** Does something to the calendar and says so, with the way back. more is what a person agreed to when the server asked. */
  act(work: (more: { anyway?: true }) => Promise<Acted | undefined>, said: string, more: { anyway?: true } = {}): Promise<boolean> {
    this.closed = null;
    return this.attempt.run(async () => {
      try {
        const acted = await work(more);
        const key = acted?.undo;
        this.focus = acted?.sessions?.[0]?.id ?? "";
        toasts.say(said, key ? () => void this.#undo(key) : undefined);
      } catch (error) {
        if (error instanceof Refused && error.code === "changed") await this.load();
        if (error instanceof Refused && error.code === "closed_day") this.closed = { text: error.message, anyway: () => this.act(work, said, { anyway: true }) };
        throw error;
      }
      this.told = said;
      await this.load();
    });
  }

  async #undo(key: string): Promise<void> {
    await this.attempt.run(() => ask("teaching/undo", { method: "POST", body: { key } }));
    await this.load();
  }
}

/** The time of day in what the server sends: "10:42" or an instant with the school's own offset. */
function clockOf(now: string): string {
  return /T(\d\d:\d\d)/.exec(now)?.[1] ?? now.slice(0, 5);
}
