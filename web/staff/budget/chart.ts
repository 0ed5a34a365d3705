import type { Month, Year } from "./types";

/** The frame of the drawing, in its own units. */
export const frame = { left: 40, right: 353.5, top: 16, bottom: 150, width: 364, height: 176 } as const;

/** Months from the first to the last of a year, "2025-07". */
export function monthsOf({ starts, ends }: Pick<Year, "starts" | "ends">): string[] {
  const months: string[] = [];
  let [year = 0, month = 1] = starts.split("-").map(Number);
  for (let at = starts.slice(0, 7); at <= ends.slice(0, 7) && months.length < 60; at = `${year}-${String(month).padStart(2, "0")}`) {
    months.push(at);
    if (++month > 12) [year, month] = [year + 1, 1];
  }
  return months;
}

/** Round steps of an axis from 0 to at least the largest amount: at most five of them. */
export function ticks(most: number): number[] {
  if (most <= 0) return [0];
  const rough = most / 4.5;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = [1, 2, 2.5, 5, 10].map((n) => n * power).find((n) => n >= rough) ?? rough;
  return Array.from({ length: Math.floor(most / step) + 1 }, (_, n) => n * step);
}

/** The cumulative spending as points, one at the end of each month that has begun, after none at the start. The months are the year's. */
export function points(months: string[], spent: Month[], given: number): { x: number; y: number; cents: number; month: string }[] {
  const most = Math.max(given, ...spent.map((one) => one.spent), 1);
  const step = (frame.right - frame.left) / Math.max(1, months.length);
  const height = (cents: number) => frame.bottom - ((frame.bottom - frame.top) * Math.max(0, cents)) / most;
  return spent
    .filter(({ month }) => months.includes(month.slice(0, 7)))
    .map(({ month, spent }) => ({ month, cents: spent, x: frame.left + step * (months.indexOf(month.slice(0, 7)) + 1), y: height(spent) }));
}

/** What an even pace would have spent by the end of a month, from 1. */
export const pace = (given: number, month: number, months: number) => Math.floor((given * month) / Math.max(1, months));
