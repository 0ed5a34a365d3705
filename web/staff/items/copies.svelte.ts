import { newKey } from "../../shared/key";
import { m } from "../../shared/paraglide/messages";
import { ask, openPdf } from "../api";
import { Attempt } from "../settings/attempt.svelte";
import { toasts } from "../toasts.svelte";
import type { Item, Mark } from "./types";

/** The copies of one title: where each is, and what is done with them. */
export class Copies {
  /** null until the server said. */
  list = $state.raw<Item[] | null>(null);
  readonly loading = new Attempt();
  readonly attempt = new Attempt();
  #turn = 0;

  constructor(readonly title: string) {}

  /** Asks anew. Of two questions on their way the later answer counts. */
  load = async (): Promise<void> => {
    const turn = ++this.#turn;
    try {
      const { items } = await ask<{ items: Item[] }>(`titles/${this.title}/items`);
      if (turn === this.#turn) this.list = items;
      this.loading.clear();
    } catch (error) {
      if (turn === this.#turn) this.loading.fail(error);
    }
  };

  /** Says what happened to a copy. It is done at once and can be taken back. */
  mark = (item: Item, as: Mark) =>
    this.attempt.run(async () => {
      const key = newKey();
      const { message } = await ask<{ message: string }>("marks", { method: "POST", body: { item: item.barcode, as, key } });
      await this.load();
      toasts.say(message, () => this.#takeBack(key));
    });

  /** Takes away a copy that was entered by mistake; taken back, it is entered once more. */
  remove = (item: Item) =>
    this.attempt.run(async () => {
      await ask(`items/${item.id}`, { method: "DELETE" });
      await this.load();
      toasts.say(m.items_deleted({ code: item.barcode }), () => this.#again(item));
    });

  /** New copies are there. */
  added = (items: Item[]) => {
    void this.load();
    toasts.say(m.items_added({ n: items.length, codes: items.map(({ barcode }) => barcode).join(", ") }), async () => {
      await this.attempt.run(async () => {
        for (const { id } of items) await ask(`items/${id}`, { method: "DELETE" });
      });
      await this.load();
    });
  };

  saved = (item: Item) => {
    void this.load();
    toasts.say(m.items_saved({ code: item.barcode }));
  };

  /** Prints barcode and spine label of every copy that is not withdrawn. */
  print = () => this.attempt.run(() => openPdf(`labels.pdf?kind=both&items=${encodeURIComponent(this.labelled.map(({ barcode }) => barcode).join(","))}`, "labels.pdf"));

  /** Those that a label can be printed for. */
  get labelled(): Item[] {
    return (this.list ?? []).filter(({ barcode, status }) => barcode && status !== "withdrawn");
  }

  #takeBack = (key: string) =>
    void this.attempt.run(async () => {
      await ask("undo", { method: "POST", body: { key } });
      await this.load();
    });

  #again = (item: Item) =>
    void this.attempt.run(async () => {
      const { barcode, location_id: location, type_id: type, call_number, copy, not_for_loan, public_note, staff_note, acquired, price, currency, vendor, fund } = item;
      const body = { barcode, location, type, call_number, copy, not_for_loan, public_note, staff_note, acquired, price, currency, vendor, fund };
      await ask("items", { method: "POST", body: { ...body, title: this.title, key: newKey() } });
      await this.load();
    });
}
