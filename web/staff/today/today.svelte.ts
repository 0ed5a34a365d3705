import { account } from "../account.svelte";
import { ask } from "../api";
import { live } from "../live.svelte";
import { problem } from "../words";

/** Something that waits for a person; which of the other fields it has, its kind says. */
export type Need =
  | { kind: "questions"; n: number; reasons: Record<string, number> }
  | { kind: "pull"; n: number; rooms: { name: string; from: string; n: number }[] }
  | { kind: "shelf" | "notices_failed" | "notices_paper"; n: number }
  | { kind: "late"; n: number; rooms: number; last: string; next: string }
  | { kind: "kiosk_locked"; id: string; name: string }
  | { kind: "import"; id: string; state: string; file: string }
  | { kind: "job_failed"; job: string; error: string }
  | { kind: "doctor"; name: string; state: "warn" | "fail"; message: string }
  | { kind: "setup"; at: string }
  | { kind: "lesson_asks"; n: number; name: string; room: string }
  | { kind: "lesson_happened"; n: number; name: string; room: string; day: string; lesson: string }
  | { kind: "grant_ends" | "report_due" | "order_late" | "fund_below"; id: string; name: string; days: number; message: string }
  | { kind: "wishes"; n: number };

/** Who comes: a class, or something else of the calendar, which has no homeroom. title says what is done with a class. */
export type ClassToday = {
  homeroom: string;
  name: string;
  teacher: string;
  from: string;
  to: string;
  patrons: number;
  now: boolean;
  kind: "lesson" | "checkout" | "making" | "other";
  lesson: string;
  title: string;
  n: number;
  of: number;
  cotaught: boolean;
  needs: string;
};

export type Day = {
  /** The school's own day, "2026-04-14", and the day of its cycle, "B", if it has one. */
  on: string;
  day: string;
  counts: { due_today: number; due_back: number; out: number; items: number; late: number; late_week_ago: number | null };
  needs: Need[];
  late_rooms: { id: string; name: string; n: number }[];
  classes: ClassToday[];
  kiosks: { id: string; name: string; state: string; heard: string; locked: boolean; on: boolean }[];
  /** Money of the fiscal year in cents, with the share that is left and the share of the year to come. Null for who does not see it. */
  budget: { left: number; currency: string; share: number; year: number } | null;
};

/** Time passes without anything changing: classes come and go. In milliseconds. */
const GLANCE = 60_000;

/** What the day needs. It outlives its page, so that the rail can count. */
class Today {
  day = $state.raw<Day | null>(null);
  trouble = $state("");

  /** Asks now, when something changed, and every minute. Returns the function that stops it. */
  watch(): () => void {
    void this.load();
    const timer = setInterval(() => void this.load(), GLANCE);
    const deaf = live.on(["loans", "holds", "questions", "notices", "kiosks", "imports", "settings", "items", "teaching", "budget"], () => void this.load());
    return () => {
      clearInterval(timer);
      deaf();
    };
  }

  async load(): Promise<void> {
    try {
      this.day = await ask<Day>("today");
      this.trouble = "";
    } catch (error) {
      this.trouble = problem(error);
    }
  }

  reset() {
    this.day = null;
    this.trouble = "";
  }
}

export const today = new Today();
account.onLeave(() => today.reset());
