import { newKey } from "../../shared/key";
import { m } from "../../shared/paraglide/messages";
import { play } from "../../shared/sound";
import { account } from "../account.svelte";
import { ask } from "../api";
import { Attempt } from "../settings/attempt.svelte";
import { toasts } from "../toasts.svelte";
import { problem } from "../words";
import { Outbox, type Scan } from "./outbox.svelte";
import type { Added, Batch, Narrow, Queue, Row, Typed } from "./types";

const inNarrow: Record<Narrow, (row: Row) => boolean> = {
  all: () => true,
  ready: ({ state }) => state === "ready" || state === "own",
  needs: ({ state }) => state === "choose" || state === "needs",
  waiting: ({ state }) => state === "waiting",
};

/** How often an import that runs is asked after, in milliseconds. */
const WATCH = 400;

/** The queue of books to be added. It outlives its screen, so that scans go on being sent. */
export class Adds {
  queue = $state.raw<Queue | null>(null);
  narrow = $state<Narrow>("all");
  trouble = $state("");
  /** What the last scan came to, in words. */
  said = $state("");
  /** The batch that was added last, while this session lasts. */
  added = $state.raw<Added | null>(null);
  readonly adding = new Attempt();
  readonly editing = new Attempt();
  readonly batching = new Attempt();
  readonly outbox = new Outbox((scan) => this.#send(scan));
  #key = newKey();

  /** The newest first: it is the one in the hand. */
  readonly rows = $derived((this.queue?.rows ?? []).filter(inNarrow[this.narrow]).toReversed());
  readonly ready = $derived(this.queue ? this.queue.counts.ready + this.queue.counts.own : 0);

  constructor() {
    account.onLeave(() => this.forget());
  }

  forget() {
    this.queue = this.added = null;
    this.narrow = "all";
    this.trouble = this.said = "";
    this.outbox.stop();
  }

  /** Asks how things are; what is on the screen stays when there is no answer. */
  look = async (): Promise<void> => {
    try {
      this.queue = await ask<Queue>("adds");
      this.trouble = "";
    } catch (error) {
      if (!this.queue) this.trouble = problem(error);
    }
  };

  /** Keeps a scan on this device until the server has it. */
  scan(code: string) {
    code = code.trim();
    if (!code) return;
    this.said = m.adds_kept({ code });
    this.outbox.put({ key: newKey(), code });
  }

  async #send({ key, code }: Scan) {
    const { row } = await ask<{ row: Row }>("adds", { method: "POST", body: { key, isbn: code } });
    play(row.state === "needs" ? "again" : "done");
    this.said = row.state === "needs" ? `${code}. ${row.why}` : m.adds_kept({ code });
    await this.look();
  }

  /** Says something about a row; false when the server said no, and why is in editing. */
  edit = (row: Row, change: { chosen?: number; fields?: Typed; call_number?: string; barcode?: string }): Promise<boolean> =>
    this.editing.run(async () => {
      await ask(`adds/${row.id}`, { method: "PATCH", body: change });
      await this.look();
    });

  again = (row: Row): Promise<boolean> =>
    this.editing.run(async () => {
      await ask(`adds/${row.id}/again`, { method: "POST" });
      await this.look();
    });

  /** Takes a row away; the toast scans it again. */
  remove = (row: Row): Promise<boolean> =>
    this.editing.run(async () => {
      await ask(`adds/${row.id}`, { method: "DELETE" });
      toasts.say(m.adds_removed({ name: titleOf(row) || row.code }), () => this.scan(row.code));
      await this.look();
    });

  /** Changes what every book of the batch is given. */
  set = (change: Partial<Record<keyof Batch, string>>): Promise<boolean> =>
    this.batching.run(async () => {
      const { batch } = await ask<{ batch: Batch }>("adds/batch", { method: "PUT", body: change });
      if (this.queue) this.queue = { ...this.queue, batch };
    });

  /** Adds one row, or all that are ready, and follows the work to its end. */
  commit = (row?: Row): Promise<boolean> =>
    this.adding.run(async () => {
      const { import: begun } = await ask<{ import: { id: string } }>("adds/commit", { method: "POST", body: { key: this.#key, ...(row ? { rows: [row.id] } : {}) } });
      this.#key = newKey();
      const done = await this.#follow(begun.id);
      this.added = done;
      await this.look();
      const undo = this.mayUndo ? () => void this.undo(done.id) : undefined;
      if (done.n) toasts.say(m.adds_added({ n: done.n }), undo);
      else toasts.say(m.adds_added_none());
    });

  get mayUndo(): boolean {
    return account.person?.role === "librarian";
  }

  /** Takes a batch back, by the id of its import; without one the last. */
  undo = (id = this.added?.id): Promise<boolean> =>
    this.adding.run(async () => {
      if (!id) return;
      await ask(`imports/${id}/undo`, { method: "POST", body: { key: newKey() } });
      await this.#follow(id);
      if (this.added?.id === id) this.added = null;
      toasts.say(m.adds_undone());
      await this.look();
    });

  async #follow(id: string): Promise<Added> {
    for (;;) {
      const one = await ask<Omit<Added, "id" | "n">>(`adds?import=${id}`);
      if (one.state !== "running" && one.state !== "undoing") return { ...one, id, n: one.rows.length };
      await new Promise((resolve) => setTimeout(resolve, WATCH));
    }
  }
}

/** What a row is called: by the record that stands, or by the first one. */
export function titleOf(row: Row): string {
  return row.own?.name || (row.found[row.chosen - 1] ?? row.found[0])?.title || "";
}

export const adds = new Adds();
