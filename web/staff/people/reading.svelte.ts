import { ask } from "../api";
import { problem } from "../words";
import type { PastLoan } from "./types";

type Page = { items: PastLoan[]; totalItems: number };

/** What one person read, where they asked for it to be kept. */
export class Reading {
  list = $state.raw<PastLoan[] | null>(null);
  total = $state(0);
  trouble = $state("");
  working = $state(false);
  #page = 0;

  constructor(readonly barcode: string) {}

  get #path(): string {
    return `patrons/${encodeURIComponent(this.barcode)}/history`;
  }

  /** The next page, beginning with the newest. */
  more = () =>
    this.#try(async () => {
      const { items, totalItems } = await ask<Page>(`${this.#path}?page=${this.#page + 1}`);
      this.#page += 1;
      this.list = [...(this.list ?? []), ...items];
      this.total = totalItems;
    });

  /** Switches the keeping on or off; true when the server did. */
  keep = (keep: boolean) =>
    this.#try(async () => {
      await ask(this.#path, { method: "PUT", body: { keep } });
      this.list = null;
      this.#page = 0;
    });

  async #try(work: () => Promise<void>): Promise<boolean> {
    this.trouble = "";
    this.working = true;
    try {
      await work();
      return true;
    } catch (error) {
      this.trouble = problem(error);
      return false;
    } finally {
      this.working = false;
    }
  }
}
