import { m } from "../../shared/paraglide/messages";
import { ask } from "../api";
import { toasts } from "../toasts.svelte";
import { Attempt } from "./attempt.svelte";
import type { SchoolCalendar } from "./calendar.svelte";
import { lastDay, type Line, type Step } from "./month";

/** What one event of a calendar file is taken for, and what becomes of it. */
export type Proposal = { source: string; label: string; from: string; until: string; kind: string; state: "new" | "changed" | "unchanged" | "gone"; note?: string };
export type Reading = {
  counts: { added: number; updated: number; unchanged: number; removed: number; ignored: number };
  entries: Proposal[];
  past: number;
  problems: { line: number; message: string; skipped: boolean }[];
};

/** A file of many years takes the server a while, in milliseconds. */
const PATIENCE = 60_000;

/** A school calendar as it is published (.ics): read first, brought in when a person has looked. */
export class CalendarFile {
  name = $state("");
  reading = $state.raw<Reading | null>(null);
  attempt = new Attempt();
  #file: File | null = null;
  #calendar: SchoolCalendar;

  constructor(calendar: SchoolCalendar) {
    this.#calendar = calendar;
  }

  /** How many lines of the calendar the file changes. */
  get changes(): number {
    const counts = this.reading?.counts;
    return counts ? counts.added + counts.updated + counts.removed : 0;
  }

  read(file: File): Promise<boolean> {
    this.#file = file;
    this.name = file.name;
    this.reading = null;
    return this.attempt.run(async () => (this.reading = await this.#send("?dry_run=1")));
  }

  async apply(): Promise<boolean> {
    const before = this.#calendar.lines ?? [];
    const done = await this.attempt.run(async () => {
      await this.#send("");
      await this.#calendar.open();
    });
    if (!done) return false;
    const back = difference(this.#calendar.lines ?? [], before);
    toasts.say(m.calendar_file_done({ n: back.length }), () => void this.#calendar.change(back));
    this.close();
    return true;
  }

  close() {
    this.reading = this.#file = null;
    this.name = "";
    this.attempt.clear();
  }

  #send(query: string): Promise<Reading> {
    return ask<Reading>(`calendar/import${query}`, { method: "POST", body: this.#file, patience: PATIENCE });
  }
}

/** The steps from one state of the calendar to another. */
export function difference(from: Line[], to: Line[]): Step[] {
  const same = (a: Line, b: Line) => JSON.stringify({ ...a, source: "" }) === JSON.stringify({ ...b, source: "" });
  const [before, after] = [from, to].map((lines) => new Map(lines.map((line) => [line.id, line])));
  const gone: Step[] = from.filter(({ id }) => !after!.has(id)).map((remove) => ({ remove }));
  const other: Step[] = to.filter((line) => before!.has(line.id) && !same(before!.get(line.id)!, line)).map((save) => ({ save }));
  const back: Step[] = to.filter(({ id }) => !before!.has(id)).map((line) => ({ save: { ...line, id: "" } }));
  return [...gone, ...other, ...back];
}

/** "Apr 3 – 10", "Dec 22, 2026 – Jan 2, 2027". */
export function spell(from: string, until: string, locale: string, today: string): string {
  const ends = [from, until > from ? until : from];
  const years = ends.some((day) => day.slice(0, 4) !== today.slice(0, 4));
  const format = new Intl.DateTimeFormat(locale, { month: "short", day: "numeric", year: years ? "numeric" : undefined, timeZone: "UTC" });
  const [first, last] = ends.map((day) => new Date(`${day}T00:00:00Z`)) as [Date, Date];
  return Number.isNaN(first.getTime()) ? from : format.formatRange(first, last);
}

export const spelled = (line: Line, locale: string, today: string) => spell(line.day, lastDay(line), locale, today);
