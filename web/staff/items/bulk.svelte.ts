import { newKey } from "../../shared/key";
import { m } from "../../shared/paraglide/messages";
import { account } from "../account.svelte";
import { ask, Refused } from "../api";
import { toasts } from "../toasts.svelte";
import { problem } from "../words";
import type { Selection } from "./types";

/** What can be set of many copies at once. call_prefix goes in front of the call number; barcodes are lines of an old and a new one. */
export const bulkNames = ["location", "type", "call_number", "call_prefix", "not_for_loan", "acquired", "price", "vendor", "fund", "public_note", "staff_note", "barcodes"] as const;
export type BulkName = (typeof bulkNames)[number];

export type Change = { what: string; from: string; to: string; n: number };
export type BulkReport = {
  read: number;
  items: { updated: number; skipped: number };
  rejected: { record: number; message: string }[];
  more_rejected?: number;
  changes: Change[];
  more_changes?: number;
};
export type BulkState = "reading" | "ready" | "running" | "done" | "stopped" | "undoing" | "undone" | "unreadable";
export type Bulk = {
  id: string;
  kind: string;
  state: BulkState;
  by: string;
  created: string;
  applied?: string;
  undo_until?: string;
  progress: { done: number; total: number };
  preview?: BulkReport | null;
  result?: BulkReport | null;
  error?: string;
  kept?: { what: string; why: string }[];
  more_kept?: number;
};

/** How often something that is going on is asked for, in milliseconds. */
const WATCH = 400;
const busy: readonly BulkState[] = ["reading", "running", "undoing"];
export const isBusy = ({ state }: Bulk) => busy.includes(state);

/** Lines of an old and a new barcode, parted by a tab, comma or semicolon, else by the last blank. */
export function relabels(text: string): { item: string; barcode: string }[] {
  const lines = text.split("\n").map((line) => line.trim()).filter(Boolean);
  return lines.map((line) => {
    const [, item = line, barcode = ""] = /^(.*?)\s*[\t,;]\s*(.*)$/.exec(line) ?? /^(.*)\s+(\S+)$/.exec(line) ?? [];
    return { item, barcode };
  });
}

/** A change of many copies: typed, looked at, done, taken back. It outlives its dialog, for a change of thousands takes a while. */
export class BulkEdit {
  ticked = $state<Record<BulkName, boolean>>(Object.fromEntries(bulkNames.map((name) => [name, false])) as Record<BulkName, boolean>);
  typed = $state<Record<BulkName, string>>(Object.fromEntries(bulkNames.map((name) => [name, ""])) as Record<BulkName, string>);
  current = $state.raw<Bulk | null>(null);
  earlier = $state.raw<Bulk[]>([]);
  trouble = $state("");
  field = $state("");
  working = $state(false);
  #keys = new Map<string, string>();

  constructor(readonly selection: Selection) {}

  /** What the server is asked for. */
  get body() {
    const set: Record<string, string | boolean> = {};
    for (const name of bulkNames) {
      if (!this.ticked[name] || name === "barcodes") continue;
      set[name] = name === "not_for_loan" ? this.typed[name] === "true" : this.typed[name];
    }
    return { selection: this.selection, set, barcodes: this.ticked.barcodes ? relabels(this.typed.barcodes) : [] };
  }

  /** Asks what would happen. */
  look = () =>
    this.#try(async () => {
      this.current = (await ask<{ import: Bulk }>("imports?kind=items", { method: "POST", body: this.body })).import;
      await this.#follow();
    });

  /** Goes back to what is typed; what was looked at is thrown away. */
  back = () =>
    this.#try(async () => {
      const id = this.current?.id;
      this.current = null;
      if (id) await ask(`imports/${id}`, { method: "DELETE" });
    });

  /** Does it, and tells when it is done, whether the dialog is still open or not. */
  apply = () =>
    this.#try(async () => {
      const one = this.current!;
      await this.#act(one.id, "apply");
      await this.#follow();
      if (this.current?.state !== "done") return;
      toasts.say(m.bulk_done({ n: this.current.result?.items.updated ?? 0 }), () => this.undo(one.id));
    });

  /** Takes one back, this or an earlier one. */
  undo = (id: string) =>
    this.#try(async () => {
      await this.#act(id, "undo");
      const done = await this.#until(id);
      const kept = (done.kept?.length ?? 0) + (done.more_kept ?? 0);
      toasts.say(kept ? m.bulk_undone_but({ n: kept }) : m.bulk_undone());
      await this.list();
    });

  /** The changes before this one. */
  list = async () => {
    const { imports } = await ask<{ imports: Bulk[] }>("imports").catch(() => ({ imports: [] }));
    this.earlier = imports.filter(({ kind, applied }) => kind === "items" && applied);
  };

  async #act(id: string, command: "apply" | "undo") {
    const name = `${command} ${id}`;
    if (!this.#keys.has(name)) this.#keys.set(name, newKey());
    await ask(`imports/${id}/${command}`, { method: "POST", body: { key: this.#keys.get(name) } });
    this.#keys.delete(name);
  }

  async #follow(): Promise<void> {
    const id = this.current?.id;
    if (id) await this.#until(id, (one) => (this.current = this.current?.id === id ? one : this.current));
  }

  /** Asks until the server is done with it. */
  async #until(id: string, see: (one: Bulk) => void = () => {}): Promise<Bulk> {
    for (;;) {
      const one = (await ask<{ import: Bulk }>(`imports/${id}`)).import;
      see(one);
      if (!isBusy(one)) return one;
      await new Promise((resolve) => setTimeout(resolve, WATCH));
    }
  }

  async #try(work: () => Promise<void>): Promise<void> {
    if (this.working) return;
    this.working = true;
    this.trouble = this.field = "";
    try {
      await work();
    } catch (error) {
      this.trouble = problem(error);
      this.field = error instanceof Refused ? error.field : "";
    } finally {
      this.working = false;
    }
  }
}

let kept: { name: string; edit: BulkEdit } | null = null;
account.onLeave(() => (kept = null));

/** The change of a selection: the one with what was typed before, or a new one. */
export function bulkEdit(selection: Selection): BulkEdit {
  const name = JSON.stringify(selection);
  if (kept?.name !== name || kept.edit.current?.state === "done" || kept.edit.current?.state === "undone") kept = { name, edit: new BulkEdit(selection) };
  return kept.edit;
}
