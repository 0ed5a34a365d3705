import { m } from "../../shared/paraglide/messages";
import { toasts } from "../toasts.svelte";
import { Deed } from "./deed.svelte";
import { budget } from "./overview.svelte";
import type { Fund, FundKind } from "./types";

export type MoveKind = "allocate" | "transfer" | "adjust";

/** What is taken back at the moment; where that would leave a fund short it asks, as every act does. */
export const undoing = new Deed();

/** Takes an act back by its key; after runs when it is done. Where that is not possible any more a toast says why. */
export async function undo(key: string, after?: () => unknown): Promise<void> {
  const done = await undoing.send("budget/undo", { act: key }, async () => {
    toasts.say(m.budget_undone());
    await budget.loadAll();
    await after?.();
  });
  if (!done && !undoing.question && undoing.attempt.text) toasts.say(undoing.attempt.text);
}

/** Money on its way into a fund, from one to another, or a correction of what was spent. */
export class Move {
  kind = $state<MoveKind>("allocate");
  amount = $state("");
  to = $state("");
  reason = $state("");
  done = $state(false);
  readonly deed = new Deed();

  constructor(readonly fund: Pick<Fund, "id" | "name">, kind: MoveKind) {
    this.kind = kind;
  }

  /** What is wrong with the form before anything is sent; says it at the field. */
  check(): number | null {
    const { attempt } = this.deed;
    attempt.clear();
    const cents = budget.read(this.amount, this.kind === "adjust");
    if (cents === null || cents === 0) return this.#wrong("amount", m.budget_bad_amount());
    if (this.kind === "transfer" && !this.to) return this.#wrong("to", m.budget_choose_fund());
    if (this.kind === "adjust" && !this.reason.trim()) return this.#wrong("reason", m.budget_reason_needed());
    return cents;
  }

  #wrong(field: string, text: string): null {
    Object.assign(this.deed.attempt, { field, text });
    return null;
  }

  send(): Promise<boolean> {
    const cents = this.check();
    if (cents === null) return Promise.resolve(false);
    const reason = this.reason.trim();
    const said = budget.money(cents);
    const where = { allocate: "allocations", transfer: "transfers", adjust: "adjustments" }[this.kind];
    const body = this.kind === "transfer" ? { from: this.fund.id, to: this.to, amount: cents, reason } : { fund: this.fund.id, amount: cents, reason };
    const words = { allocate: () => m.budget_allocated({ amount: said, name: this.fund.name }), transfer: () => m.budget_transferred({ amount: said, name: budget.fund(this.to)?.name ?? "" }), adjust: () => m.budget_adjusted({ amount: said, name: this.fund.name }) };
    return this.deed.send(`budget/${where}`, body, async (_, key) => {
      this.done = true;
      toasts.say(words[this.kind](), () => void undo(key));
      await budget.loadAll();
    });
  }
}

export type FundDraft = { name: string; kind: FundKind; purpose: string; funder: string; award: string; spend_by: string; report_by: string };
export const blankFund = (): FundDraft => ({ name: "", kind: "allocation", purpose: "", funder: "", award: "", spend_by: "", report_by: "" });

/** A fund as it is typed: a new one with its first money, or what is said of one that is there. */
export class FundForm {
  draft = $state<FundDraft>(blankFund());
  amount = $state("");
  /** What somebody else saved meanwhile. */
  theirs = $state.raw<Fund | null>(null);
  readonly deed = new Deed();
  #updated: string;

  constructor(readonly fund: Fund | null) {
    this.#updated = fund?.updated ?? "";
    if (fund) this.take(fund);
  }

  take({ name, kind, purpose, funder, award, spend_by, report_by }: Fund) {
    this.draft = { name, kind, purpose, funder, award, spend_by, report_by };
  }

  takeTheirs() {
    if (!this.theirs) return;
    this.take(this.theirs);
    this.#updated = this.theirs.updated;
    this.theirs = null;
    this.deed.attempt.clear();
  }

  keepMine(): Promise<boolean> {
    if (this.theirs) this.#updated = this.theirs.updated;
    this.theirs = null;
    return this.save();
  }

  async save(): Promise<boolean> {
    const draft = $state.snapshot(this.draft);
    const { attempt } = this.deed;
    attempt.clear();
    const cents = this.amount.trim() ? budget.read(this.amount) : 0;
    if (!this.fund && cents === null) {
      Object.assign(attempt, { field: "amount", text: m.budget_bad_amount() });
      return false;
    }
    const after = async () => {
      toasts.say(m.budget_fund_saved({ name: draft.name }));
      await budget.loadAll();
    };
    if (!this.fund) return this.deed.send("budget/funds", { year: budget.year?.id ?? "", ...draft, ...(cents ? { amount: cents } : {}) }, after);
    const done = await this.deed.send(`budget/funds/${this.fund.id}`, { updated: this.#updated, ...draft }, after, "PATCH");
    if (!done && attempt.code === "changed") this.theirs = attempt.data.current as Fund;
    return done;
  }
}
