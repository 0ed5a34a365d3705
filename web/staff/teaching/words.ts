import { stampDay } from "../../shared/dates";
import type { IconName } from "../../shared/icons";
import { locale } from "../../shared/locale.svelte";
import { m } from "../../shared/paraglide/messages";
import { later } from "../settings/month";
import { hour, monday, type View } from "./time";
import type { Kind, LessonKind, Session, Together } from "./types";

const icons: Record<Kind, IconName> = { lesson: "teach", checkout: "books", making: "cube", closed: "minus", other: "note" };
export const kindIcon = (kind: Kind) => icons[kind];

export function kindWord(kind: Kind): string {
  return { lesson: m.teach_kind_lesson, checkout: m.teach_kind_checkout, making: m.teach_kind_making, closed: m.teach_kind_closed, other: m.teach_kind_other }[kind]();
}

export function lessonKindWord(kind: LessonKind): string {
  return { information: m.teach_about_information, citizenship: m.teach_about_citizenship, research: m.teach_about_research, reading: m.teach_about_reading, making: m.teach_about_making }[kind]();
}

export function roleWord(role: Together): string {
  return { planned: m.teach_role_planned, taught: m.teach_role_taught, assessed: m.teach_role_assessed, supported: m.teach_role_supported }[role]();
}

/** Whether librarian and teacher planned and taught it together: less is not called co-taught. */
export const coTaught = (role: readonly Together[]) => role.includes("planned") && role.includes("taught");

/** "Co-taught: planned and taught together". */
export function togetherWords(role: readonly Together[]): string {
  if (!coTaught(role)) return role.map(roleWord).join(", ");
  const parts = [m.teach_part_planned(), m.teach_part_taught(), role.includes("assessed") ? m.teach_part_assessed() : ""].filter(Boolean);
  return m.teach_cotaught_how({ parts: new Intl.ListFormat(locale.current).format(parts) });
}

/** The class with its teacher's family name, "4B Okafor"; empty without a class. Some classes are called by their teacher already. */
export function className({ homeroom, teacher }: Pick<Session, "homeroom" | "teacher">): string {
  if (!homeroom) return "";
  const family = teacher.trim().split(/\s+/).at(-1) ?? "";
  return !family || homeroom.name.includes(family) ? homeroom.name : `${homeroom.name} ${family}`;
}

/** What an entry is called in the calendar: "4B Okafor: Is this site true?", "1B Ortiz", "Podcast booth: 8-3". */
export function entryName(entry: Session): string {
  const name = entry.lesson?.title || entry.name;
  const room = className(entry);
  if (entry.kind === "making" || entry.kind === "other") return [name, room].filter(Boolean).join(": ") || kindWord(entry.kind);
  if (entry.kind === "closed") return name || m.teach_closed_library();
  return [room, entry.kind === "lesson" ? name : ""].filter(Boolean).join(": ") || name || kindWord(entry.kind);
}

/** What is said beside its kind: "2 of 4 · co-taught · needs 26 Chromebooks". */
export function entryFacts(entry: Session): string[] {
  return [
    entry.state === "asked" ? m.teach_state_asked() : "",
    entry.state === "cancelled" ? m.teach_state_cancelled() : "",
    entry.kind === "lesson" && entry.of > 1 ? m.teach_n_of({ n: entry.n, of: entry.of }) : "",
    coTaught(entry.role) ? m.teach_cotaught() : "",
    entry.kind === "closed" ? entry.place || m.teach_in_use() : "",
    entry.needs ? m.teach_needs_n({ needs: entry.needs }) : "",
  ].filter(Boolean);
}

/** "10:30–11:10". */
export const hoursOf = ({ from, until }: Pick<Session, "from" | "until">) => (from ? `${hour(from, locale.current)}–${hour(until, locale.current)}` : "");

/** "Tue Apr 14, 10:30–11:10". */
export function whenOf(entry: Pick<Session, "day" | "from" | "until">): string {
  return [entry.day ? stampDay(entry.day, locale.current) : m.teach_no_day(), hoursOf(entry)].filter(Boolean).join(", ");
}

/** What is in the way of an entry, in a sentence; empty when nothing is. */
export function conflictWords(closed: boolean, others: readonly Session[]): string {
  const names = new Intl.ListFormat(locale.current).format(others.map((other) => `${kindWord(other.kind)} ${entryName(other)}`.trim()));
  return [closed ? m.teach_conflict_closed() : "", others.length ? m.teach_conflict_with({ names }) : ""].filter(Boolean).join(" ");
}

/** The stretch in view as a heading: "April 13–17", "Mar 30 – Apr 3", "April 2026". */
export function rangeName(view: View, day: string, locale: string): string {
  const at = (day: string) => new Date(`${day}T00:00:00Z`);
  if (view !== "week") return new Intl.DateTimeFormat(locale, { month: "long", year: "numeric", timeZone: "UTC" }).format(at(day));
  const first = monday(day);
  return new Intl.DateTimeFormat(locale, { month: "long", day: "numeric", timeZone: "UTC" }).formatRange(at(first), at(later(first, 4))).replace(/(\d)\s*–\s*(\d)/, "$1–$2");
}

/** "Grades 3–5", "Grade K"; empty for all. */
export function gradesWords(from: string, to: string): string {
  if (!from && !to) return "";
  return !to || from === to ? m.lesson_grade({ grade: from || to }) : m.lesson_grades({ from: from || "–", to });
}

/** "340 kB", "1.2 MB". */
export function fileSize(bytes: number): string {
  const [unit, per] = bytes < 1e6 ? (["kilobyte", 1e3] as const) : (["megabyte", 1e6] as const);
  return new Intl.NumberFormat(locale.current, { style: "unit", unit, maximumFractionDigits: unit === "megabyte" ? 1 : 0 }).format(Math.max(1, bytes / per));
}
