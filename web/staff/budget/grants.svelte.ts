import { ask } from "../api";
import { Attempt } from "../settings/attempt.svelte";
import type { Fund, GrantReport } from "./types";

/** What one fund did: bought what, and how often that was borrowed. */
export class Grant {
  report = $state.raw<GrantReport | null>(null);
  readonly loading = new Attempt();

  constructor(readonly id: string) {}

  load = () => this.loading.read(async () => void (this.report = await ask<GrantReport>(`budget/funds/${encodeURIComponent(this.id)}/report`)));
}

/** The grants of a year, the one whose report or money ends first at the head; what has no day comes last. */
export function grantsOf(funds: Fund[]): Fund[] {
  const when = (fund: Fund) => fund.report_by || fund.spend_by || "9999";
  return funds.filter(({ kind }) => kind === "grant").toSorted((a, b) => when(a).localeCompare(when(b)) || a.position - b.position);
}
