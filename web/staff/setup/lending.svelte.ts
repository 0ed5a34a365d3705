import { account } from "../account.svelte";
import { ask, Refused } from "../api";
import { grades } from "../people/grades";
import { blank, isTerm, type Line } from "../settings/month";
import { problem } from "../words";

/** How long books are lent: so many days, and how the due date is found from them. */
export type Span = { days: number; mode: "next_open" | "library_day" };

/** The spans that are offered, by their name in the page. */
export const spans: Record<string, Span> = {
  "7-library_day": { days: 7, mode: "library_day" },
  "7-next_open": { days: 7, mode: "next_open" },
  "14-library_day": { days: 14, mode: "library_day" },
  "14-next_open": { days: 14, mode: "next_open" },
  "21-next_open": { days: 21, mode: "next_open" },
};

/** The rules that Carrel brings along, by who they are for, with how long they lend books. */
export const levels = { "K-5": "7-library_day", "6-8": "14-next_open", "9-12": "21-next_open" } as const;
export type Level = keyof typeof levels;

/** The rules for a school: those for its youngest, which are the most careful. */
export function levelOf(from: string): Level {
  const youngest = grades.findIndex((grade) => grade === from);
  if (youngest < grades.indexOf("6")) return "K-5";
  return youngest < grades.indexOf("9") ? "6-8" : "9-12";
}

type Terms = { loan_days?: number; due_mode?: string; [more: string]: unknown };
type Rule = { id: string; patron_type: string; item_type: string; terms: Terms };
type Fees = { on: boolean };

/** The end of this school year in the calendar: the last one for everybody, or for one grade. */
export function lastTerm(lines: readonly Line[], grade: string, today: string): Line | undefined {
  return lines.filter((line) => isTerm(line) && line.grade === grade && line.day >= today).sort((a, b) => b.day.localeCompare(a.day))[0];
}

/** The line that makes a day the last due date. */
export function termOn(day: string, grade: string, label: string, before?: Line): Line {
  return { ...(before ?? blank("term_ceiling", { label })), day, grade };
}

/** What the wizard asks about lending: how long, and whether there are fines. */
export class Lending {
  span = $state("");
  fines = $state(false);
  /** Whose rules Carrel brings along here; empty for a school that has its own. */
  level = $state<Level | "">("");
  loaded = $state(false);
  trouble = $state("");
  field = $state("");
  /** A last due date that the server did not take, as it was typed, with what it said; grade is empty for everybody. */
  refused = $state.raw<{ grade: string; day: string; why: string } | null>(null);
  #rule: Rule | null = null;
  #brought = false;

  async load(): Promise<void> {
    if (this.loaded && this.trouble) return;
    const chosen = this.span;
    try {
      const [{ rules }, fees, school] = await Promise.all([ask<{ rules: Rule[] }>("rules"), ask<Fees>("settings/fees"), ask<{ grades_from: string }>("settings/school")]);
      if (this.loaded && this.span !== chosen) return;
      this.#take(rules);
      const level = levelOf(school.grades_from);
      this.level = this.#brought ? this.level : level;
      this.span = this.#brought ? this.#stored() : levels[level];
      this.fines = fees.on;
      this.loaded = true;
      this.trouble = "";
    } catch (error) {
      this.trouble = problem(error);
    }
  }

  #take(rules: Rule[]) {
    this.#rule = rules.find((rule) => !rule.patron_type && !rule.item_type) ?? null;
    // A school with rules for its patrons has chosen already; one without is offered what fits its grades.
    this.#brought = rules.length > 1;
  }

  #stored(): string {
    const { loan_days = 0, due_mode = "next_open" } = this.#rule?.terms ?? {};
    const name = `${loan_days}-${due_mode}`;
    return name in spans ? name : "";
  }

  /** Keeps how long books are lent, with the rules that Carrel brings along where the school has none of its own. */
  saveSpan = () =>
    this.#try(async () => {
      const span = spans[this.span];
      if (!span) return; // the school's own, made in the settings
      if (!this.#brought) {
        // The one row of a fresh library says next to nothing: it gives way.
        await ask("rules/shipped", { method: "POST", body: { level: this.level, replace: true } });
        this.#take((await ask<{ rules: Rule[] }>("rules")).rules);
      }
      if (this.#stored() === this.span) return;
      const terms = { ...this.#rule?.terms, loan_days: span.days, due_mode: span.mode };
      const { rule } = await ask<{ rule: Rule }>("rules", { method: "POST", body: { id: this.#rule?.id, terms } });
      this.#rule = rule;
    }, "span");

  saveFines = (on: boolean) =>
    this.#try(async () => {
      this.fines = (await ask<Fees>("settings/fees", { method: "PUT", body: { on } })).on;
    }, "fines");

  async #try(work: () => Promise<void>, field: string): Promise<boolean> {
    try {
      await work();
      this.trouble = this.field = "";
      return true;
    } catch (error) {
      this.trouble = problem(error);
      this.field = error instanceof Refused ? field : "";
      return false;
    }
  }

  reset() {
    this.loaded = false;
    this.level = this.trouble = this.field = "";
    this.refused = null;
  }
}

export const lending = new Lending();
account.onLeave(() => lending.reset());
