import type { Answer, Paper } from "./types";

/** A student's work while it is under way, so that neither a reload nor a lost line costs an answer. */
export type Work = { paper: Paper; code: string; seat: string; key: string; name: string; answers: Record<string, Answer>; at: number; step: "seat" | "show" | "ask" | "hand" };

const KEY = "carrel.check";
/** Longer than a check is open, in milliseconds: whoever comes the next morning finds nothing of yesterday's. */
const LIFE = 3 * 60 * 60 * 1000;

/** Kept on this device only, until it is handed in. Where the browser keeps nothing, each method is silent. */
export const kept = {
  recall(now = Date.now()): Work | null {
    try {
      const { until, work } = JSON.parse(localStorage.getItem(KEY) ?? "null") ?? { until: 0 };
      if (until > now) return work as Work;
      localStorage.removeItem(KEY);
    } catch (error) {
      console.warn(error);
    }
    return null;
  },
  keep(work: Work, now = Date.now()) {
    try {
      localStorage.setItem(KEY, JSON.stringify({ until: now + LIFE, work }));
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
