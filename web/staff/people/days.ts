import { weekday } from "../../shared/dates";
import { locale } from "../../shared/locale.svelte";
import { m } from "../../shared/paraglide/messages";
import { weekdays } from "./visits";

/** The name of a day of a visit: a weekday, or a day of the school's cycle. */
export function weekdayName(day: string, style: "long" | "short"): string {
  const at = weekdays.findIndex((name) => name === day);
  if (at < 0) return m.rooms_hours_cycle({ label: day });
  return weekday(`2026-06-0${at + 1}`, locale.current, style); // June 1, 2026 is a Monday
}
