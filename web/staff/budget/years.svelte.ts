import { newKey } from "../../shared/key";
import { m } from "../../shared/paraglide/messages";
import { ask } from "../api";
import { Attempt } from "../settings/attempt.svelte";
import { toasts } from "../toasts.svelte";
import { Deed } from "./deed.svelte";
import { undo } from "./moves.svelte";
import { budget } from "./overview.svelte";
import type { Order, Year } from "./types";

export type YearDraft = { name: string; starts: string; ends: string };

/** The year after one: its days a year later, and its name. "2025–26" is followed by "2026–27". */
export function following(year: Year | undefined, today: string): YearDraft {
  const later = (day: string) => `${Number(day.slice(0, 4)) + 1}${day.slice(4) === "-02-29" ? "-02-28" : day.slice(4)}`;
  const first = Number(today.slice(5, 7)) >= 7 ? Number(today.slice(0, 4)) : Number(today.slice(0, 4)) - 1;
  const starts = year ? later(year.starts) : `${first}-07-01`;
  const ends = year ? later(year.ends) : `${first + 1}-06-30`;
  const [from, to] = [starts.slice(0, 4), ends.slice(0, 4)];
  return { name: from === to ? from : `${from}–${to.slice(2)}`, starts, ends };
}

/** A fiscal year as it is typed. */
export class YearForm {
  draft = $state<YearDraft>({ name: "", starts: "", ends: "" });
  readonly attempt = new Attempt();

  constructor(readonly year: Year | null, draft: YearDraft) {
    this.draft = { name: draft.name, starts: draft.starts, ends: draft.ends };
  }

  save(): Promise<boolean> {
    const body = $state.snapshot(this.draft);
    return this.attempt.run(async () => {
      if (this.year) await ask(`budget/years/${this.year.id}`, { method: "PATCH", body });
      else await ask("budget/years", { method: "POST", body: { key: newKey(), ...body } });
      toasts.say(m.budget_year_saved({ name: body.name }));
      await budget.loadAll();
    });
  }
}

/** What a roll-over would do to each fund of the other year. */
type Preview = { orders: { id: string; cents: number }[]; funds: { name: string; cents: number; available: number; made: boolean }[] };

/** Open orders on their way into another year, with the money they hold. Nothing moves before it was looked at. */
export class RollOver {
  to = $state("");
  orders = $state.raw<Order[]>([]);
  /** Ids of those that stay behind. */
  left = $state<string[]>([]);
  /** What the server says it would do. */
  preview = $state.raw<Preview | null>(null);
  done = $state(false);
  readonly loading = new Attempt();
  readonly deed = new Deed();
  readonly going = $derived(this.orders.filter(({ id }) => !this.left.includes(id)));
  readonly held = $derived((this.preview?.orders ?? []).reduce((sum, { cents }) => sum + cents, 0));

  constructor(readonly from: Year) {}

  load = () =>
    this.loading.read(async () => {
      const { orders } = await ask<{ orders: Order[] }>(`budget/orders?${new URLSearchParams({ year: this.from.id, state: "open", perPage: "500" })}`);
      this.orders = orders.filter(({ state }) => state === "sent" || state === "partly_received");
    });

  toggle(id: string) {
    this.left = this.left.includes(id) ? this.left.filter((one) => one !== id) : [...this.left, id];
    this.preview = null;
  }

  look(): Promise<boolean> {
    return this.loading.run(async () => void (this.preview = await ask<Preview>(`budget/years/${this.from.id}/roll?dry_run=1`, { method: "POST", body: this.#body() })));
  }

  #body() {
    return { to: this.to, orders: this.going.map(({ id }) => id) };
  }

  send(): Promise<boolean> {
    return this.deed.send<{ rolled: number; act: string }>(`budget/years/${this.from.id}/roll`, this.#body(), async ({ rolled, act }) => {
      this.done = true;
      toasts.say(m.budget_rolled({ n: rolled }), () => void undo(act));
      await budget.loadAll();
    });
  }
}
