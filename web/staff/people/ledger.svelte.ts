import { newKey } from "../../shared/key";
import { m } from "../../shared/paraglide/messages";
import { ask, Refused } from "../api";
import { toasts } from "../toasts.svelte";
import { problem } from "../words";
import type { Account } from "./types";

export const moneyActs = ["pay", "charge", "waive", "refund"] as const;
export type MoneyAct = (typeof moneyActs)[number];

/** What one person owes, and how it is settled. Amounts stay the text they are: the server reads them. */
export class Ledger {
  account = $state.raw<Account | null>(null);
  act = $state<MoneyAct>("pay");
  amount = $state("");
  item = $state("");
  fee = $state("");
  note = $state("");
  trouble = $state("");
  field = $state("");
  working = $state(false);
  /** The act that is being tried: sent again after no answer, it is the same one. */
  #key = "";

  constructor(readonly barcode: string) {}

  load = () => this.#try(async () => void (this.account = await ask<Account>(`patrons/${encodeURIComponent(this.barcode)}/account`)));

  /** Does what the form says. What was refused stays to be mended, under a new key. */
  send = () =>
    this.#try(async () => {
      this.#key ||= newKey();
      const key = this.#key;
      const { act, barcode: patron } = this;
      const amount = this.amount.trim();
      const body = { key, patron, amount, note: this.note.trim() };
      const of = this.fee ? { fee: this.fee } : {};
      this.account =
        act === "charge"
          ? await ask<Account>("charges", { method: "POST", body: { ...body, ...(this.item.trim() ? { item: this.item.trim() } : {}) } })
          : await ask<Account>("settlements", { method: "POST", body: { ...body, ...of, kind: act } });
      this.#key = this.amount = this.item = this.note = this.fee = "";
      const says = { charge: m.money_done_charge, pay: m.money_done_pay, waive: m.money_done_waive, refund: m.money_done_refund }[act];
      toasts.say(says({ amount }), () => this.#undo(key));
    });

  #undo = (key: string) =>
    this.#try(async () => {
      await ask("undo", { method: "POST", body: { key } });
      this.account = await ask<Account>(`patrons/${encodeURIComponent(this.barcode)}/account`);
    });

  async #try(work: () => Promise<void>): Promise<void> {
    this.trouble = this.field = "";
    this.working = true;
    try {
      await work();
    } catch (error) {
      if (error instanceof Refused) this.#key = "";
      this.trouble = problem(error);
      this.field = error instanceof Refused ? error.field : "";
    } finally {
      this.working = false;
    }
  }
}
