import { newKey } from "../../shared/key";
import { m } from "../../shared/paraglide/messages";
import { ask } from "../api";
import { school } from "../people/school.svelte";
import { readVisits, weekdays } from "../people/visits";
import type { Calendar } from "./calendar.svelte";
import { weekdayOf } from "../settings/month";
import type { Acted, CalendarDay, Kind, LessonRow, Session, Together } from "./types";
import { entryName, whenOf } from "./words";

/** A time at which a class comes by its timetable, in the days that are in view. */
export type Slot = { day: string; from: string; until: string };

/** What is typed of an entry of the calendar before it is kept. */
export type Typed = {
  kind: Kind;
  name: string;
  lesson: { id: string; title: string } | null;
  homeroom: string;
  teacher: string;
  day: string;
  from: string;
  until: string;
  place: string;
  needs: string;
  role: Together[];
  /** Empty for as many as the class has. */
  students: string;
  every: "" | "week" | "cycle";
  until_day: string;
};

/** An entry being planned, or changed when there is one already. */
export class Plan {
  typed = $state<Typed>() as Typed;
  /** Words that look for a lesson, or the title of a new one. */
  words = $state("");
  found = $state.raw<LessonRow[]>([]);
  /** The lesson is new, and has the words as its title. */
  fresh = $state(false);
  #key = newKey();
  #search = new AbortController();

  constructor(
    readonly calendar: Calendar,
    /** The entry that is changed; null for a new one. */
    readonly entry: Session | null,
    from: Partial<Typed> = {},
  ) {
    const { kind = "lesson", name = "", lesson = null, homeroom, teacher = "", day = "", until = "", place = "", needs = "", role = [], students } = entry ?? {};
    const blank: Typed = { kind, name, lesson, homeroom: homeroom?.id ?? "", teacher, day, from: entry?.from ?? "", until, place, needs, role: [...role], students: students ? String(students) : "", every: "", until_day: "" };
    this.typed = { ...blank, ...from };
    if (entry?.state === "asked" && !lesson) [this.words, this.fresh] = [name, name !== ""];
    if (!school.rooms.length) void school.load();
  }

  readonly room = $derived(school.rooms.find(({ id }) => id === this.typed.homeroom));

  /** The visits of the chosen class in the days that are in view. */
  readonly slots = $derived.by<Slot[]>(() => {
    const visits = readVisits(this.room?.visits ?? "", "");
    return (this.calendar.week?.days ?? []).filter(({ open }) => open).flatMap((day) => visits.filter((visit) => isOn(visit.day, day)).map(({ from, until }) => ({ day: day.day, from, until })));
  });

  /** Chooses the class; its teacher is the one it is taught with until somebody says otherwise. */
  choose(homeroom: string): void {
    const before = this.room;
    this.typed.homeroom = homeroom;
    if (!this.typed.teacher || this.typed.teacher === before?.teacher) this.typed.teacher = this.room?.teacher ?? "";
  }

  take(slot: Slot): void {
    Object.assign(this.typed, slot);
  }

  /** Moves the end along with the beginning, so that the entry stays as long as it was. */
  begin(from: string, shift: (from: string) => string): void {
    if (this.typed.from && this.typed.until && from) this.typed.until = shift(from);
    this.typed.from = from;
  }

  /** Looks for lessons by words. */
  async look(): Promise<void> {
    this.#search.abort();
    this.#search = new AbortController();
    const { signal } = this.#search;
    try {
      const { lessons } = await ask<{ lessons: LessonRow[] }>(`lessons?${new URLSearchParams({ q: this.words.trim(), perPage: "8" })}`, { signal });
      if (!signal.aborted) this.found = lessons;
    } catch (error) {
      if (!signal.aborted) this.calendar.attempt.fail(error);
    }
  }

  use(lesson: { id: string; title: string } | null): void {
    this.typed.lesson = lesson && { id: lesson.id, title: lesson.title };
    this.fresh = false;
    this.found = [];
    this.words = "";
  }

  /** Keeps it; false when the server said no, and what is typed stays. */
  async save(following = false): Promise<boolean> {
    const { every, until_day, students, lesson, ...typed } = $state.snapshot(this.typed) as Typed;
    const { attempt } = this.calendar;
    if (this.fresh && !(await this.#make())) return false;
    const body = { ...typed, lesson: typed.kind === "lesson" ? (this.typed.lesson ?? lesson)?.id ?? "" : "", students: Number(students) };
    if (!Number.isInteger(Number(students)) || Number(students) < 0) {
      [attempt.text, attempt.field] = [m.teach_students_number(), "students"];
      return false;
    }
    const saved = { ...(this.entry ?? empty), ...typed, lesson: this.typed.lesson, homeroom: this.room ? { id: this.room.id, name: this.room.name } : null } as Session;
    const name = entryName(saved);
    const { entry } = this;
    if (entry) return this.calendar.change(entry, entry.state === "asked" ? { ...body, state: "planned" } : body, following, m.teach_saved({ name }));
    const repeat = every ? { repeat: { every, until: until_day } } : {};
    return this.calendar.act((more) => ask<Acted>("teaching/sessions", { method: "POST", body: { key: this.#key, ...body, ...repeat, ...more } }), m.teach_planned({ name, when: whenOf(saved) }));
  }

  /** A lesson of a title alone: its plan is written on its own page. */
  async #make(): Promise<boolean> {
    return this.calendar.attempt.run(async () => {
      const { lesson } = await ask<{ lesson: { id: string; title: string } }>("lessons", { method: "POST", body: { key: newKey(), title: this.words.trim() } });
      this.use(lesson);
    });
  }
}

const empty = { state: "planned", n: 1, of: 1, conflicts: [] };

/** Whether a visit's day, a weekday or a day of the cycle, is on a day of the calendar. */
function isOn(visit: string, { day, cycle }: CalendarDay): boolean {
  return visit === cycle || visit === weekdays[weekdayOf(day) - 1];
}
