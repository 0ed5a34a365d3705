import { locale } from "../../shared/locale.svelte";
import type { Cell, Kind } from "./types";

/** Numbers as the schools of the United States write them, in both languages. */
const tongue = () => (locale.current === "es" ? "es-US" : "en-US");

/** A cell as people read it. */
export function shown(cell: Cell, kind: Kind): string {
  if (cell === null) return "";
  if (typeof cell === "string") return kind === "day" ? dayWithYear(cell) : cell;
  switch (kind) {
    case "percent":
      return new Intl.NumberFormat(tongue(), { style: "percent", maximumFractionDigits: 1 }).format(cell);
    case "money":
      return new Intl.NumberFormat(tongue(), { minimumFractionDigits: 2 }).format(cell / 100);
    default:
      return new Intl.NumberFormat(tongue(), { maximumFractionDigits: 2 }).format(cell);
  }
}

/** "Apr 21, 2026", "21 abr 2026". */
export function dayWithYear(day: string): string {
  const at = new Date(`${day.slice(0, 10)}T00:00:00Z`);
  if (Number.isNaN(at.getTime())) return day;
  return new Intl.DateTimeFormat(tongue(), { year: "numeric", month: "short", day: "numeric", timeZone: "UTC" }).format(at);
}

/** Orders two cells; what is missing comes last, whichever way it goes. */
export function compare(a: Cell, b: Cell, down: boolean): number {
  if (a === null || b === null) return a === b ? 0 : a === null ? 1 : -1;
  const order = typeof a === "number" && typeof b === "number" ? a - b : String(a).localeCompare(String(b), tongue(), { numeric: true });
  return down ? -order : order;
}
