import { newKey } from "../../shared/key";
import { stampDay } from "../../shared/dates";
import { locale } from "../../shared/locale.svelte";
import { m } from "../../shared/paraglide/messages";
import { ask, type Loan } from "../api";
import { toasts } from "../toasts.svelte";
import { Attempt } from "./attempt.svelte";
import type { Line } from "./month";

type Moved = { loan: Loan; was: string; due: string };

/** What the end of a term makes of the loans that are out already. */
export class TermPlan {
  term = $state.raw<Line | null>(null);
  moved = $state.raw<Moved[] | null>(null);
  attempt = new Attempt();
  #key = "";

  /** How many loans come to which day. */
  readonly days = $derived(count(this.moved ?? []));

  look(term: Line): Promise<boolean> {
    this.term = term;
    this.moved = null;
    this.#key = newKey();
    return this.attempt.run(async () => (this.moved = (await ask<{ moved: Moved[] }>(`terms/${term.id}/plan`)).moved));
  }

  async apply(): Promise<void> {
    const key = this.#key;
    let moved: Moved[] = [];
    const done = await this.attempt.run(async () => {
      moved = (await ask<{ moved: Moved[] }>(`terms/${this.term!.id}/apply`, { method: "POST", body: { key } })).moved;
    });
    if (!done) return;
    this.close();
    toasts.say(m.calendar_term_moved({ n: moved.length }), async () => {
      await this.attempt.run(() => ask("undo", { method: "POST", body: { key } }));
      toasts.say(this.attempt.text || m.calendar_term_unmoved());
    });
  }

  close() {
    this.term = this.moved = null;
    this.attempt.clear();
  }
}

function count(moved: Moved[]): { day: string; n: number }[] {
  const days = new Map<string, number>();
  for (const { due } of moved) days.set(due, (days.get(due) ?? 0) + 1);
  return [...days].map(([day, n]) => ({ day, n }));
}

export const stamped = (day: string) => stampDay(day, locale.current);
