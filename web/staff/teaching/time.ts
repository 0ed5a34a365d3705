import { daysBetween } from "../../shared/dates";
import { later, monthLater, weekdayOf } from "../settings/month";
import type { CalendarDay, Session } from "./types";

/** Times of day move by this many minutes, and an hour of the day has so many. */
export const STEP = 5;
const LAST = 24 * 60;

/** Minutes since midnight of "10:30". */
export function minutes(time: string): number {
  const [hours = 0, rest = 0] = time.split(":").map(Number);
  return hours * 60 + rest;
}

/** "10:30" from minutes since midnight. */
export function time(at: number): string {
  return `${String(Math.floor(at / 60)).padStart(2, "0")}:${String(at % 60).padStart(2, "0")}`;
}

/** A time of day as people of the place write it, without what is not needed: "10:30", "1:15". */
export function hour(time: string, locale: string): string {
  const at = new Date(`2026-01-01T${time}:00Z`);
  if (Number.isNaN(at.getTime())) return time;
  const parts = new Intl.DateTimeFormat(locale === "en" ? "en-US" : locale, { hour: "numeric", minute: "2-digit", timeZone: "UTC" }).formatToParts(at);
  return parts.filter(({ type }) => type !== "dayPeriod").map(({ value }) => value).join("").trim();
}

/** The Monday of a day's week. */
export const monday = (day: string) => later(day, 1 - weekdayOf(day));

/** How much of the calendar is shown at once. */
export type View = "week" | "month" | "list";

/** The first and the last day that a view of a day shows: its week, or the whole weeks of its month. */
export function span(view: View, day: string): [string, string] {
  if (view === "week") return [monday(day), later(monday(day), 6)];
  const first = `${day.slice(0, 7)}-01`;
  const last = later(`${monthLater(day.slice(0, 7), 1)}-01`, -1);
  return view === "list" ? [first, last] : [monday(first), later(monday(last), 6)];
}

/** The day one view earlier or later. */
export function turned(view: View, day: string, by: 1 | -1): string {
  return view === "week" ? later(day, 7 * by) : `${monthLater(day.slice(0, 7), by)}-01`;
}

/** The days worth a column: Monday to Friday, and those of the weekend on which something is. */
export function columns(days: readonly CalendarDay[], entries: readonly Session[]): CalendarDay[] {
  return days.filter(({ day, open }) => weekdayOf(day) < 6 || open || entries.some((entry) => entry.day === day));
}

/** The hours a week is drawn from and to: the school's usual day, and what lies outside it. */
export function hours(entries: readonly Session[]): [number, number] {
  const from = Math.min(8 * 60, ...entries.map((entry) => minutes(entry.from)));
  const until = Math.max(15 * 60 + 15, ...entries.map((entry) => minutes(entry.until)));
  return [Math.floor(from / 60) * 60, until];
}

/** What takes a time of the calendar. */
export type Held = Pick<Session, "id" | "kind" | "day" | "from" | "until">;

const overlap = (a: Held, b: Held) => a.day === b.day && a.from < b.until && b.from < a.until;
/** What no longer takes place, or does not yet, is in nobody's way. */
const stands = ({ state }: Session) => state === "planned" || state === "taught";

/** The entries that would be at the same time as one. */
export function inTheWay(entry: Held, all: readonly Session[]): Session[] {
  return all.filter((other) => other.id !== entry.id && stands(other) && overlap(entry, other));
}

/** Entries of one day side by side where they overlap: for each its place from 0, and how many places there are beside each other. */
export function lanes(entries: readonly Session[]): Map<string, { lane: number; lanes: number }> {
  const placed = new Map<string, { lane: number; lanes: number }>();
  let group: Session[] = [];
  let ends: string[] = [];
  const close = () => {
    for (const { id } of group) placed.get(id)!.lanes = ends.length;
    [group, ends] = [[], []];
  };
  for (const entry of entries.toSorted((a, b) => a.from.localeCompare(b.from) || b.until.localeCompare(a.until))) {
    if (group.length && ends.every((end) => end <= entry.from)) close();
    const free = ends.findIndex((end) => end <= entry.from);
    const lane = free < 0 ? ends.length : free;
    ends[lane] = entry.until;
    group.push(entry);
    placed.set(entry.id, { lane, lanes: 1 });
  }
  close();
  return placed;
}

/** A time and a day moved: as long as before, and within the day. */
export function moved<T extends { day: string; from: string; until: string }>(entry: T, day: string, from: number): T {
  const long = minutes(entry.until) - minutes(entry.from);
  const start = Math.max(0, Math.min(from, LAST - 1 - long));
  return { ...entry, day, from: time(start), until: time(start + long) };
}

/** The days of a view with their entries in order of time. */
export function byDay(days: readonly CalendarDay[], entries: readonly Session[]): { day: CalendarDay; entries: Session[] }[] {
  return days.map((day) => ({ day, entries: entries.filter((entry) => entry.day === day.day).toSorted((a, b) => a.from.localeCompare(b.from) || a.until.localeCompare(b.until)) }));
}

/** Every week of a stretch that begins on a Monday, as its days. */
export function weeks(from: string, until: string): string[][] {
  const days = daysBetween(from, until);
  return Array.from({ length: Math.ceil(days.length / 7) }, (_, i) => days.slice(i * 7, i * 7 + 7));
}
