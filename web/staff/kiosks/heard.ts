import { dayOf } from "../../shared/dates";
import type { CalendarEntry, Kiosk } from "../api";

const MINUTE = 60_000;
/** A kiosk that says nothing for longer than this while children are about deserves a look, in milliseconds. */
const SILENCE = 10 * MINUTE;
/** Between which hours children are about on an open day. The calendar knows days, not hours. */
const HOURS = [7, 17] as const;

/** Whether the library is open at a time of this device's clock, by the school's calendar. */
export function isOpen(calendar: CalendarEntry[], at: Date): boolean {
  if (at.getHours() < HOURS[0] || at.getHours() >= HOURS[1]) return false;
  const day = dayOf(at);
  const on = (kind: string) => calendar.some((entry) => entry.kind === kind && entry.day <= day && day <= (entry.until || entry.day));
  if (on("open")) return true;
  if (on("closed")) return false;
  const weekday = String(at.getDay() || 7); // Monday is 1 (ISO 8601)
  return calendar.some((entry) => entry.kind === "week" && entry.weekdays.includes(weekday));
}

/** Whether a paired kiosk has been silent for too long, so that somebody should look whether it is on. */
export function isSilent(kiosk: Kiosk, calendar: CalendarEntry[], now: Date): boolean {
  return kiosk.state === "paired" && now.getTime() - Date.parse(kiosk.last_seen) > SILENCE && isOpen(calendar, now);
}

/** How long ago an instant was, "1 minute ago". Nothing is more recent: kiosks are noted once a minute. */
export function ago(at: string, now: Date, locale: string): string {
  const minutes = Math.max(1, Math.round((now.getTime() - Date.parse(at)) / MINUTE));
  const words = new Intl.RelativeTimeFormat(locale);
  if (minutes < 60) return words.format(-minutes, "minute");
  if (minutes < 24 * 60) return words.format(-Math.floor(minutes / 60), "hour");
  return words.format(-Math.floor(minutes / 60 / 24), "day");
}
