import { newKey } from "../../shared/key";
import { m } from "../../shared/paraglide/messages";
import { account } from "../account.svelte";
import { ask } from "../api";
import { Attempt } from "../settings/attempt.svelte";
import { toasts } from "../toasts.svelte";
import type { Findings, Inventory } from "./types";

/** The inventories of the library, and what the one that is looked at found. */
export class Inventories {
  /** Newest first; null until the server said. */
  list = $state.raw<Inventory[] | null>(null);
  findings = $state.raw<Findings | null>(null);
  /** Items of the list of those not seen that somebody chose, by id. */
  chosen = $state.raw<ReadonlySet<string>>(new Set());
  typed = $state({ name: "", location: "", from: "", to: "" });
  readonly loading = new Attempt();
  readonly attempt = new Attempt();
  #looked = "";

  readonly open = $derived(this.list?.filter(({ state }) => state === "open") ?? []);
  readonly closed = $derived(this.list?.filter(({ state }) => state === "closed") ?? []);

  load = async (): Promise<void> => {
    try {
      this.list = (await ask<{ inventories: Inventory[] }>("inventories")).inventories;
      this.loading.clear();
    } catch (error) {
      this.loading.fail(error);
    }
  };

  of = (id: string) => this.list?.find((one) => one.id === id) ?? null;

  /** Starts one, and answers its id. */
  async start(): Promise<string> {
    let id = "";
    await this.attempt.run(async () => {
      const { inventory } = await ask<{ inventory: Inventory }>("inventories", { method: "POST", body: this.typed });
      this.typed = { name: "", location: "", from: "", to: "" };
      await this.load();
      id = inventory.id;
    });
    return id;
  }

  /** Reads the report of one; what was chosen in another is forgotten. */
  async look(id: string): Promise<void> {
    if (this.#looked !== id) {
      this.findings = null;
      this.chosen = new Set();
    }
    this.#looked = id;
    try {
      const findings = await ask<Findings>(`inventories/${id}`, { patience: 30_000 });
      if (this.#looked !== id) return;
      this.findings = findings;
      const here = new Set(findings.not_seen.map(({ item }) => item));
      this.chosen = new Set([...this.chosen].filter((item) => here.has(item)));
      this.loading.clear();
    } catch (error) {
      if (this.#looked === id) this.loading.fail(error);
    }
  }

  choose(item: string, on: boolean) {
    const chosen = new Set(this.chosen);
    if (on) chosen.add(item);
    else chosen.delete(item);
    this.chosen = chosen;
  }

  chooseAll(on: boolean) {
    this.chosen = new Set(on ? this.findings?.not_seen.map(({ item }) => item) : []);
  }

  /** Marks the chosen ones as missing. */
  giveUp = (id: string) =>
    this.attempt.run(async () => {
      const key = newKey();
      const { marked } = await ask<{ marked: string[] }>(`inventories/${id}/missing`, { method: "POST", body: { key, items: [...this.chosen] } });
      this.chosen = new Set();
      await this.look(id);
      if (marked.length) toasts.say(m.inv_missing_done({ n: marked.length }), () => this.#takeBack(key, id));
    });

  close = (id: string, name: string) =>
    this.attempt.run(async () => {
      await ask(`inventories/${id}/close`, { method: "POST", body: {} });
      await this.load();
      toasts.say(m.inv_finished({ name }));
    });

  #takeBack = async (key: string, id: string): Promise<void> => {
    await this.attempt.run(() => ask("undo", { method: "POST", body: { key } }));
    await this.look(id);
  };

  reset() {
    this.list = this.findings = null;
    this.chosen = new Set();
    this.typed = { name: "", location: "", from: "", to: "" };
  }
}

export const inventories = new Inventories();
account.onLeave(() => inventories.reset());
