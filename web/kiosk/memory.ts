import type { State } from "./door";

/** What this device knows of itself when the server is away: its settings, and how far its clock is off. Nothing of any person. */
export type Known = { state: State; offset: number };

const KEY = "carrel.kiosk";

/** Kept in the browser. Where it keeps nothing, each method is silent and the kiosk starts without. */
export const memory = {
  recall(): Known | null {
    try {
      return JSON.parse(localStorage.getItem(KEY) ?? "null");
    } catch {
      return null;
    }
  },
  remember({ school, kiosk, returns, old_barcodes, language, idle_seconds, sounds, kinder, class_only, away, camera }: State, offset: number) {
    const state: State = { school, kiosk, returns, old_barcodes, language, idle_seconds, sounds, kinder, class_only, away, camera, now: "", window: null };
    try {
      localStorage.setItem(KEY, JSON.stringify({ state, offset }));
    } catch (error) {
      console.warn(error);
    }
  },
  forget() {
    try {
      localStorage.removeItem(KEY);
    } catch (error) {
      console.warn(error);
    }
  },
};

/**
 * Milliseconds from this device's clock to the server's, where sent and received are the device's times around the answer. The
 * server looked at its clock somewhere between them; null when it told no time.
 */
export function offsetOf(now: string, sent: number, received: number): number | null {
  const there = Date.parse(now);
  return Number.isNaN(there) ? null : Math.round(there - (sent + received) / 2);
}
