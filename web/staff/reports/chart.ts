import type { ChartData } from "./types";

/** A round number at or above the largest value, for the end of an axis. */
export function top(values: number[]): number {
  const most = Math.max(0, ...values);
  if (most === 0) return 1;
  const step = 10 ** Math.floor(Math.log10(most));
  return [1, 1.5, 2, 2.5, 3, 4, 5, 6, 8, 10].map((n) => n * step).find((n) => n >= most * 0.999) ?? most;
}

/** How high each x stands: the sum of a stack, the largest of bars beside each other. */
export function heights({ kind, x, series }: ChartData): number[] {
  return x.map((_, i) => {
    const here = series.map(({ values }) => values[i] ?? 0);
    return kind === "stack" ? here.reduce((sum, n) => sum + n, 0) : Math.max(0, ...here);
  });
}

/** Bars lie, with their names beside them, while there are few; many stand. */
export const lies = ({ kind, x }: ChartData) => kind !== "line" && x.length <= 16;

/** A name that fits into so many letters. */
export const cut = (name: string, letters: number) => (name.length > letters ? `${name.slice(0, Math.max(1, letters - 1)).trimEnd()}…` : name);

/** Every so many names are written below the axis, so that they do not touch. */
export const every = (names: number, width: number, each = 64) => Math.max(1, Math.ceil(names / Math.max(1, Math.floor(width / each))));
