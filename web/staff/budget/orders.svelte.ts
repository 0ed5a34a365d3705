import { account } from "../account.svelte";
import { ask, refused, type Fault } from "../api";
import { locale } from "../../shared/locale.svelte";
import { Pages } from "../parts/pages.svelte";
import { Attempt } from "../settings/attempt.svelte";
import { budget } from "./overview.svelte";
import type { Order } from "./types";

/** Orders of a year, narrowed by state and words. */
export class Orders {
  state = $state("open");
  words = $state("");
  held = $state(0);
  readonly saving = new Attempt();
  readonly pages = new Pages<Order>(async (page, perPage, signal) => {
    const query = new URLSearchParams({ year: budget.view?.year ?? "", state: this.state, q: this.words.trim(), page: String(page), perPage: String(perPage) });
    const { orders, totalItems, held } = await ask<{ orders: Order[]; totalItems: number; held: number }>(`budget/orders?${query}`, { signal });
    this.held = held;
    return { items: orders, totalItems };
  });

  narrow(state: string, words: string) {
    this.state = state;
    this.words = words;
    void this.pages.again();
  }

  /** Saves a file for finance: the orders, or every fact of the ledger. */
  download(what: "orders" | "ledger"): Promise<boolean> {
    const year = budget.view?.year ?? "";
    return this.saving.run(() => save(`budget/${what}.csv?year=${encodeURIComponent(year)}`, `${what}-${budget.year?.name ?? ""}.csv`));
  }
}

async function save(path: string, name: string): Promise<void> {
  const answer = await fetch(`/api/carrel/${path}`, { headers: { Authorization: account.token, "Accept-Language": locale.current } });
  if (answer.status === 401) {
    await account.again();
    return save(path, name);
  }
  if (!answer.ok) throw refused(answer.status, (await answer.json().catch(() => null)) as Fault);
  const url = URL.createObjectURL(await answer.blob());
  Object.assign(document.createElement("a"), { href: url, download: name }).click();
  setTimeout(() => URL.revokeObjectURL(url), 60_000);
}
