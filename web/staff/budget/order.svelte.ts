import { dayOf } from "../../shared/dates";
import { m } from "../../shared/paraglide/messages";
import { ask, openPdf } from "../api";
import { Attempt } from "../settings/attempt.svelte";
import { toasts } from "../toasts.svelte";
import { Deed } from "./deed.svelte";
import { typed } from "./money";
import { undo } from "./moves.svelte";
import { budget } from "./overview.svelte";
import type { ActKind, Order, OrderAct, OrderState } from "./types";
import { actName } from "./words";

export type Step = "approve" | "send" | "close" | "cancel";

/** What may be done with an order in each state; the server decides again. */
const steps: Record<OrderState, readonly Step[]> = { draft: ["approve", "cancel"], approved: ["send", "cancel"], sent: ["close", "cancel"], partly_received: ["close"], received: ["close"], closed: [], cancelled: [] };
export const maySteps = (state: OrderState) => steps[state];
export const mayReceive = (state: OrderState) => state === "sent" || state === "partly_received";
export const mayInvoice = (state: OrderState) => mayReceive(state) || state === "received" || state === "closed";

/** One order that is open, and what is done with it. */
export class OpenOrder {
  order = $state.raw<Order | null>(null);
  /** Lines that a vendor's file of records did not know. */
  matched = $state.raw<{ matched: number; unmatched: number } | null>(null);
  readonly loading = new Attempt();
  readonly deed = new Deed();
  readonly filing = new Attempt();

  constructor(readonly id: string) {}

  load = () => this.loading.read(async () => this.take((await ask<{ order: Order }>(`budget/orders/${encodeURIComponent(this.id)}`)).order));

  take(order: Order) {
    this.order = order;
  }

  step(kind: Step, reason = ""): Promise<boolean> {
    return this.deed.send<{ order: Order }>(`budget/orders/${this.id}/${kind}`, reason ? { reason } : {}, ({ order }, key) => this.#did(order, kind, key));
  }

  async #did(order: Order, kind: ActKind, key: string) {
    this.take(order);
    toasts.say(`${order.number}: ${actName(kind)}`, () => void this.undo({ key }));
    await budget.load();
    await this.load();
  }

  undo = ({ key }: Pick<OrderAct, "key">): Promise<void> => undo(key, this.load);

  invoice(body: { number: string; day: string; amount: number; note: string }): Promise<boolean> {
    return this.deed.send<{ order: Order }>(`budget/orders/${this.id}/invoices`, body, ({ order }, key) => this.#did(order, "invoice", key));
  }

  print = () => this.filing.run(() => openPdf(`budget/orders/${this.id}/order.pdf`, `${this.order?.number ?? "order"}.pdf`));

  /** Reads the vendor's file of records: each line with the ISBN of one gets its title. */
  records(file: File): Promise<boolean> {
    return this.filing.run(async () => {
      const { matched, unmatched } = await ask<{ matched: unknown[]; unmatched: unknown[] | number }>(`budget/orders/${this.id}/records?file=${encodeURIComponent(file.name)}`, { method: "POST", body: file, patience: 120_000 });
      this.matched = { matched: matched.length, unmatched: Array.isArray(unmatched) ? unmatched.length : unmatched };
      await this.load();
    });
  }
}

/** A vendor's invoice as it is typed. What came and is not billed yet is proposed. */
export class InvoiceForm {
  number = $state("");
  day = $state(dayOf(new Date()));
  amount = $state("");
  note = $state("");
  /** What the server expects, in cents: more or less than that it asks about. */
  readonly expected: number;
  readonly attempt: Attempt;
  readonly entered: boolean;

  constructor(readonly open: OpenOrder) {
    const before = open.order?.invoices ?? [];
    this.attempt = open.deed.attempt;
    this.attempt.clear();
    this.expected = Math.max(0, (open.order?.spent ?? 0) - before.reduce((sum, { amount }) => sum + amount, 0));
    this.amount = this.expected ? typed(this.expected, budget.currency) : "";
    this.entered = $derived((open.order?.invoices?.length ?? 0) > before.length);
  }

  async save(): Promise<boolean> {
    const cents = budget.read(this.amount);
    this.attempt.clear();
    if (!this.number.trim()) Object.assign(this.attempt, { field: "number", text: m.budget_invoice_number_needed() });
    else if (cents === null) Object.assign(this.attempt, { field: "amount", text: m.budget_bad_amount() });
    else return this.open.invoice({ number: this.number.trim(), day: this.day, amount: cents, note: this.note.trim() });
    return false;
  }
}
