/** A line of the school's calendar, as the server keeps it. Days are "2026-04-21", and empty where the kind has none. */
export type Line = {
  id: string;
  kind: "week" | "closed" | "open" | "term_ceiling" | "term_forced" | "cycle";
  day: string;
  /** The last day of several; empty for one. */
  until: string;
  /** Of a term: the loans made from this day on. */
  starts: string;
  /** Of the week: "12345" is Monday to Friday (ISO 8601). */
  weekdays: string;
  /** Of a cycle: "A, B". */
  labels: string;
  label: string;
  /** Of a term: the one grade it is for; empty for everybody. */
  grade: string;
  /** Where an imported line came from. */
  source: string;
};

/** One change of the calendar; a line without an id is new. */
export type Step = { save: Line } | { remove: Line };

export type Day = { day: string; open: boolean; label: string; cycle: string; term?: Line };

const DAY = 86_400_000;
const USUAL_WEEK = "12345";

const instant = (day: string) => Date.parse(`${day}T00:00:00Z`);

/** The day so many days later. */
export function later(day: string, days: number): string {
  return new Date(instant(day) + days * DAY).toISOString().slice(0, 10);
}

/** 1 for Monday to 7 for Sunday. */
export function weekdayOf(day: string): number {
  return new Date(instant(day)).getUTCDay() || 7;
}

/** The month so many months later, "2026-04". */
export function monthLater(month: string, months: number): string {
  const at = new Date(instant(`${month}-01`));
  at.setUTCMonth(at.getUTCMonth() + months);
  return at.toISOString().slice(0, 7);
}

export const lastDay = (line: Line) => (line.until > line.day ? line.until : line.day);
const covers = (line: Line, day: string) => line.day <= day && day <= lastDay(line);

export function blank(kind: Line["kind"], over: Partial<Line> = {}): Line {
  return { id: "", kind, day: "", until: "", starts: "", weekdays: "", labels: "", label: "", grade: "", source: "", ...over };
}

export const isTerm = (line: Line) => line.kind === "term_ceiling" || line.kind === "term_forced";
export const openWeek = (lines: Line[]) => lines.find(({ kind }) => kind === "week")?.weekdays ?? USUAL_WEEK;

/** Whether the library is open. A day listed as open wins over one listed as closed: it was entered later, on purpose. */
export function isOpen(lines: Line[], day: string): boolean {
  if (lines.some((line) => line.kind === "open" && covers(line, day))) return true;
  if (lines.some((line) => line.kind === "closed" && covers(line, day))) return false;
  return openWeek(lines).includes(String(weekdayOf(day)));
}

/** The days of a cycle in a stretch: open days get its labels in turn, closed days are skipped. */
function cycleDays(lines: Line[], from: string, to: string): Map<string, string> {
  const days = new Map<string, string>();
  for (const cycle of lines.filter(({ kind }) => kind === "cycle")) {
    const labels = cycle.labels.split(",").map((label) => label.trim()).filter(Boolean);
    if (!cycle.day || !labels.length) continue;
    let turn = 0;
    for (let day = cycle.day; day <= to && (!cycle.until || day <= cycle.until); day = later(day, 1)) {
      if (!isOpen(lines, day)) continue;
      if (day >= from) days.set(day, labels[turn % labels.length]!);
      turn++;
    }
  }
  return days;
}

/** The weekdays of a month that are worth a column: those of the week, and those with a day opened or closed by name. */
export function columns(lines: Line[], month: string, weekend: boolean): number[] {
  if (weekend) return [1, 2, 3, 4, 5, 6, 7];
  const week = new Set([...USUAL_WEEK, ...openWeek(lines)].map(Number));
  for (const { day } of daysOf(lines, month)) if (lines.some((line) => line.kind === "open" && covers(line, day))) week.add(weekdayOf(day));
  return [...week].sort();
}

function daysOf(lines: Line[], month: string): Day[] {
  const first = `${month}-01`;
  const end = later(`${monthLater(month, 1)}-01`, -1);
  const cycle = cycleDays(lines, first, end);
  const days: Day[] = [];
  for (let day = first; day <= end; day = later(day, 1)) {
    const open = isOpen(lines, day);
    const why = lines.find((line) => line.kind === (open ? "open" : "closed") && line.label && covers(line, day));
    days.push({ day, open, label: why?.label ?? "", cycle: cycle.get(day) ?? "", term: lines.find((line) => isTerm(line) && line.day === day) });
  }
  return days;
}

/** A month as rows of weeks, each with a place for each of the weekdays; null before the first and after the last day. */
export function weeksOf(lines: Line[], month: string, weekdays: number[]): (Day | null)[][] {
  const rows: (Day | null)[][] = [];
  let row: (Day | null)[] = [];
  for (const day of daysOf(lines, month)) {
    const at = weekdays.indexOf(weekdayOf(day.day));
    if (at >= 0) row[at] = day;
    if (weekdayOf(day.day) === 7) {
      rows.push(row);
      row = [];
    }
  }
  rows.push(row);
  return rows.filter((row) => row.length).map((row) => weekdays.map((_, i) => row[i] ?? null));
}

/** What closes an open day, or opens a closed one. A day of its own is taken away; one of a named break stays in it and is opened besides. */
export function toggled(lines: Line[], day: string): Step[] {
  const open = isOpen(lines, day);
  const steps = open ? lines.filter((line) => line.kind === "open" && covers(line, day)).flatMap((line) => without(line, day)) : single(lines, "closed", day);
  const left = lines.filter((line) => !steps.some((step) => "remove" in step && step.remove === line));
  if (isOpen(left, day) === open) steps.push({ save: blank(open ? "closed" : "open", { day }) });
  return steps;
}

function single(lines: Line[], kind: Line["kind"], day: string): Step[] {
  return lines.filter((line) => line.kind === kind && line.day === day && lastDay(line) === day).map((line) => ({ remove: line }));
}

/** Takes one day out of a stretch. */
function without(line: Line, day: string): Step[] {
  const part = (from: string, until: string): Step[] => (from > until ? [] : [{ save: { ...line, id: "", day: from, until: from === until ? "" : until } }]);
  return [{ remove: line }, ...part(line.day, later(day, -1)), ...part(later(day, 1), lastDay(line))];
}
