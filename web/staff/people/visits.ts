/** One time at which a class is in the library. day is a weekday ("tue") or the label of a day of the school's cycle ("A"); hours are "09:00". */
export type Visit = { day: string; from: string; until: string };

export const weekdays = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"] as const;

/** Reads hours as the server writes them, "tue 09:00-09:45; A 13:10-13:55"; without hours, the days "tue, thu". */
export function readVisits(visits: string, days: string): Visit[] {
  const hours = visits.split(";").flatMap((part) => {
    const [, day, from, until] = /^\s*(.+?)\s+([\d:]+)-([\d:]+)\s*$/.exec(part) ?? [];
    return day && from && until ? [{ day, from, until }] : [];
  });
  if (hours.length) return hours;
  return days.split(",").map((day) => day.trim()).filter(Boolean).map((day) => ({ day, from: "", until: "" }));
}

/** What is wrong with visits before the server is asked: some without hours, or one that ends before it begins. */
export function unfit(visits: readonly Visit[]): "mixed" | "order" | null {
  const timed = visits.filter(({ from, until }) => from && until);
  if (timed.length && timed.length < visits.length) return "mixed";
  if (visits.some(({ from, until }) => Boolean(from) !== Boolean(until))) return "mixed";
  return timed.some(({ from, until }) => from >= until) ? "order" : null;
}

/**
 * Visits as the server reads them. It takes hours, and the days from them; or days alone, when hours were emptied before. Hence the
 * bodies are sent one after the other.
 */
export function writeVisits(visits: readonly Visit[]): Record<string, string>[] {
  if (!visits.length || visits[0]!.from) return [{ visits: visits.map(({ day, from, until }) => `${day} ${from}-${until}`).join("; ") }];
  return [{ visits: "" }, { library_days: [...new Set(visits.map(({ day }) => day))].join(", ") }];
}
