import { account } from "../account.svelte";
import { ask } from "../api";
import { Attempt } from "../settings/attempt.svelte";
import { brief, money, readAmount, short } from "./money";
import type { Fund, Order, Overview, Year } from "./types";

/** The money of one year: what every screen of the budget stands on. */
export class Budget {
  view = $state.raw<Overview | null>(null);
  orders = $state.raw<Order[]>([]);
  /** The year that was chosen; empty for the one that runs. */
  chosen = $state("");
  readonly loading = new Attempt();

  readonly currency = $derived(this.view?.currency ?? "USD");
  readonly funds = $derived(this.view?.funds ?? []);
  readonly year = $derived<Year | null>(this.view?.years.find(({ id }) => id === this.view?.year) ?? null);
  readonly mayOrder = $derived(this.view?.may.order ?? false);
  readonly mayApprove = $derived(this.view?.may.approve ?? false);

  constructor() {
    account.onLeave(() => this.reset());
  }

  reset() {
    this.view = null;
    this.orders = [];
    this.chosen = "";
    this.loading.clear();
  }

  load = () =>
    this.loading.read(async () => {
      this.view = await ask<Overview>(`budget${this.chosen ? `?year=${encodeURIComponent(this.chosen)}` : ""}`);
    });

  /** The money and the orders that hold some of it. */
  loadAll = () =>
    this.loading.read(async () => {
      const view = await ask<Overview>(`budget${this.chosen ? `?year=${encodeURIComponent(this.chosen)}` : ""}`);
      const orders = view.year ? (await ask<{ orders: Order[] }>(`budget/orders?${new URLSearchParams({ year: view.year, state: "open", perPage: "100" })}`)).orders : [];
      this.view = view;
      this.orders = orders;
    });

  choose(year: string): Promise<boolean> {
    this.chosen = year;
    return this.loadAll();
  }

  fund(id: string): Fund | undefined {
    return this.funds.find((fund) => fund.id === id);
  }

  money = (cents: number) => money(cents, this.currency);
  brief = (cents: number) => brief(cents, this.currency);
  short = (cents: number) => short(cents, this.currency);
  read = (text: string, signed = false) => readAmount(text, this.currency, signed);
}

export const budget = new Budget();
