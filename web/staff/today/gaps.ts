import type { ClassToday } from "./today.svelte";

/** Time between two classes in which nobody comes. */
export type Gap = { from: string; minutes: number };

/** A gap is worth telling from so many minutes on; one of more than two hours is no gap but the end of a part of the day. */
const LEAST = 30;
const MOST = 120;

const minute = (clock: string) => Number(clock.slice(0, 2)) * 60 + Number(clock.slice(3, 5));

/** The classes of a day with the open time between them. */
export function withGaps(classes: readonly ClassToday[]): (ClassToday | Gap)[] {
  const rows: (ClassToday | Gap)[] = [];
  let end = "";
  for (const one of classes) {
    const minutes = end ? minute(one.from) - minute(end) : 0;
    if (minutes >= LEAST && minutes <= MOST) rows.push({ from: end, minutes });
    rows.push(one);
    if (one.to > end) end = one.to;
  }
  return rows;
}
