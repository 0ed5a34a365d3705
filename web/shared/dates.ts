/**
 * School dates as people read them. A due date is a calendar day ("2026-04-21"), not an instant: it
 * is read and written in UTC so that no time zone can move it.
 */
function written(day: string, locale: string, options: Intl.DateTimeFormatOptions): string {
  const at = new Date(`${day.slice(0, 10)}T00:00:00Z`);
  if (Number.isNaN(at.getTime())) return day;
  return new Intl.DateTimeFormat(locale, { ...options, timeZone: "UTC" }).format(at);
}

/** "Tue Apr 21", "mar 21 abr": the due date as a stamp. */
export function stampDay(day: string, locale: string): string {
  return written(day, locale, { weekday: "short", month: "short", day: "numeric" }).replaceAll(/[,.]/g, "");
}

/** "Tuesday, April 21", "martes, 21 de abril". */
export function longDay(day: string, locale: string): string {
  return written(day, locale, { weekday: "long", month: "long", day: "numeric" });
}

/** "Tuesday" or "Tue", "martes" or "mar". */
export function weekday(day: string, locale: string, style: "long" | "short"): string {
  return written(day, locale, { weekday: style }).replace(".", "");
}

/** Every calendar day from one to another, both included; none when they are in the wrong order or no days. */
export function daysBetween(from: string, to: string): string[] {
  const [first, last] = [from, to].map((day) => Date.parse(`${day.slice(0, 10)}T00:00:00Z`)) as [number, number];
  const days: string[] = [];
  for (let at = first; at <= last; at += 86_400_000) days.push(new Date(at).toISOString().slice(0, 10));
  return days;
}

/** The clock time of an instant on this device: "10:42 AM", "10:42". */
export function clock(at: Date, locale: string): string {
  return new Intl.DateTimeFormat(locale, { hour: "numeric", minute: "2-digit" }).format(at);
}

/** An instant as day and clock time: "Apr 14, 10:42 AM". */
export function moment(at: string, locale: string): string {
  const date = new Date(at.replace(" ", "T"));
  if (Number.isNaN(date.getTime())) return at;
  return new Intl.DateTimeFormat(locale, { month: "short", day: "numeric", hour: "numeric", minute: "2-digit" }).format(date);
}

/** The calendar day of an instant on this device, "2026-04-21". */
export function dayOf(at: Date): string {
  const two = (n: number) => String(n).padStart(2, "0");
  return `${at.getFullYear()}-${two(at.getMonth() + 1)}-${two(at.getDate())}`;
}
