import { ask } from "../api";
import { Pages } from "../parts/pages.svelte";
import type { Entry, Fund } from "./types";

/** One fund with its ledger, however long that is. */
export class FundLedger {
  fund = $state.raw<Fund | null>(null);
  readonly pages: Pages<Entry>;

  constructor(id: string) {
    this.pages = new Pages<Entry>(async (page, perPage, signal) => {
      const answer = await ask<{ fund: Fund; entries: Entry[]; totalItems: number }>(`budget/funds/${encodeURIComponent(id)}?${new URLSearchParams({ page: String(page), perPage: String(perPage) })}`, { signal });
      this.fund = answer.fund;
      return { items: answer.entries, totalItems: answer.totalItems };
    });
  }
}
