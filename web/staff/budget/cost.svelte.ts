import { ask } from "../api";
import { Attempt } from "../settings/attempt.svelte";
import type { Cost, CostBy } from "./types";

/** What a loan of the bought books costs: by fund, by class number, or by the year they were bought in. */
export class CostPerUse {
  by = $state<CostBy>("fund");
  cost = $state.raw<Cost | null>(null);
  readonly loading = new Attempt();
  readonly most = $derived(Math.max(1, ...(this.cost?.rows ?? []).map((row) => row.per_loan ?? 0)));

  load = () =>
    this.loading.read(async () => {
      const by = this.by;
      const cost = await ask<Cost>(`budget/cost?by=${by}`);
      if (by === this.by) this.cost = cost;
    });

  choose(by: CostBy) {
    this.by = by;
    void this.load();
  }
}
