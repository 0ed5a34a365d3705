import { Away } from "../../shared/http";
import { newKey } from "../../shared/key";
import { m } from "../../shared/paraglide/messages";
import { account } from "../account.svelte";
import { ask, Refused } from "../api";
import { live } from "../live.svelte";
import { problem } from "../words";
import type { Import, Kind, Options, State } from "./types";
import { upload } from "./upload";
import { megabytes } from "./words";

/** The largest file the server takes, in bytes. Told here, too: a server that stops listening cannot always say why. */
const LIMIT = 300 * 1024 * 1024;
/** How often something that is going on is asked for, in milliseconds. */
const WATCH = 1000;

const open: readonly State[] = ["reading", "ready", "running", "stopped", "undoing", "unreadable"];
const busy: readonly State[] = ["reading", "running", "undoing"];
/** Whether the server is at work on it. */
export const isBusy = ({ state }: Import) => busy.includes(state);

type Answer = { import: Import };

/** A file on its way to the server. */
export type Sending = { file: File; sent: number };

/** The imports of one kind: the file being sent, the one that is looked at, and those before it. It outlives its page, for a file may take minutes. */
export class Imports {
  /** Newest first; null until the server said. */
  list = $state.raw<Import[] | null>(null);
  current = $state.raw<Import | null>(null);
  sending = $state.raw<Sending | null>(null);
  /** Chosen, but not there: the line was cut, or the server said no. */
  kept = $state.raw<File | null>(null);
  lost = $state(false);
  trouble = $state("");
  field = $state("");
  working = $state(false);
  #stop = new AbortController();
  #tail: Promise<void> = Promise.resolve();
  /** Grows with each change made here: an answer that was asked for before it is older than what the change answered. */
  #turn = 0;
  /** One key an act: sent again, it is the same act. */
  #keys = new Map<string, string>();

  constructor(readonly kind: Kind) {}

  /** Shows the newest that is not finished, and follows it. Returns the function that stops it, for an effect. */
  watch(): () => void {
    const look = () => void this.look();
    look();
    const timer = setInterval(() => this.current && isBusy(this.current) && look(), WATCH);
    const deaf = live.on(["imports"], look);
    return () => {
      clearInterval(timer);
      deaf();
    };
  }

  /** Asks how things are. What is on the screen stays when there is no answer. */
  async look(): Promise<void> {
    try {
      const { imports } = await ask<{ imports: Import[] }>("imports");
      const first = this.list === null;
      this.list = imports.filter(({ kind }) => kind === this.kind);
      const id = this.current?.id ?? (first ? this.list.find(({ state }) => open.includes(state))?.id : undefined);
      if (id) await this.show(id);
    } catch (error) {
      if (this.list === null) this.trouble = problem(error);
    }
  }

  /** Opens one of the list. */
  async show(id: string): Promise<void> {
    const turn = this.#turn;
    try {
      const one = (await ask<Answer>(`imports/${id}`)).import;
      if (turn !== this.#turn) return;
      this.current = one;
      this.list = this.list?.map((each) => (each.id === id ? { ...each, state: one.state } : each)) ?? null;
    } catch (error) {
      if (error instanceof Refused && error.status === 404) this.current = null;
      else throw error;
    }
  }

  /** Sends a file; with a cut line it is kept, and again() goes on with it. */
  async send(file: File): Promise<void> {
    this.#clear();
    this.kept = file;
    if (file.size > LIMIT) {
      this.trouble = m.import_too_large({ size: megabytes(file.size), limit: megabytes(LIMIT) });
      return;
    }
    this.#stop = new AbortController();
    const { signal } = this.#stop;
    this.sending = { file, sent: 0 };
    try {
      const answer = await upload<Answer>(`imports?kind=${this.kind}&file=${encodeURIComponent(file.name)}`, file, { signal, progress: (sent) => (this.sending = { file, sent }) });
      this.current = answer.import;
      this.kept = null;
      void this.look();
    } catch (error) {
      if (signal.aborted) return;
      if (error instanceof Away) this.lost = true;
      else this.trouble = problem(error);
    } finally {
      if (!signal.aborted) this.sending = null;
    }
  }

  again = () => void (this.kept && this.send(this.kept));

  /** Stops sending and forgets the file. */
  cancel = () => {
    this.#stop.abort();
    this.sending = this.kept = null;
    this.#clear();
  };

  /** Begins one that has no file. */
  begin = (body: unknown) =>
    this.#try(async () => {
      this.current = (await ask<Answer>(`imports?kind=${this.kind}`, { method: "POST", body })).import;
      await this.look();
    });

  /** Says where a column of the file goes; the server reads the file again. */
  map = (place: number, field: string) => this.#put((one) => ({ columns: one.columns!.map((each, i) => (i === place ? { ...each, field } : each)) }));
  set = (options: Options) => this.#put((one) => ({ options: { ...one.options, ...options } }));

  /** Says what a word of the file is: the id of a location or an item type, or empty to make it. */
  mean = (part: "locations" | "types", word: string, id: string) =>
    this.#put(({ options }) => ({ options: { ...options, map: { ...options?.map, [part]: { ...options?.map?.[part], [word]: id } } } }));

  /** Stops what is being applied; it can be gone on with. */
  halt = () =>
    this.#try(async () => {
      if (this.current) this.current = (await ask<Answer>(`imports/${this.current.id}/cancel`, { method: "POST" })).import;
      await this.look();
    });

  /** Gives the copies that came without a barcode the next ones, and answers the change that did it, whose labels can be printed. */
  async number(): Promise<string> {
    let id = "";
    await this.#try(async () => {
      id = (await ask<Answer>(`imports/${this.current!.id}/barcodes`, { method: "POST" })).import.id;
      await this.#settled(id);
      await ask(`imports/${id}/apply`, { method: "POST", body: { key: newKey() } });
      const done = await this.#settled(id);
      if (done.state !== "done") {
        id = "";
        throw new Refused(409, done.error ?? "", "wrong_state", "", []);
      }
      await this.look();
    });
    return id;
  }

  /** Waits until the server is not at work on an import. */
  async #settled(id: string): Promise<Import> {
    for (;;) {
      const one = (await ask<Answer>(`imports/${id}`)).import;
      if (!isBusy(one)) return one;
      await new Promise((resolve) => setTimeout(resolve, WATCH / 4));
    }
  }

  apply = () => this.#act("apply");
  undo = () => this.#act("undo");

  /** Leaves the one that is open for a new one. What was not applied is thrown away. */
  leave = () =>
    this.#try(async () => {
      const { id, state } = this.current ?? {};
      if (id && (state === "ready" || state === "unreadable" || state === "reading")) await ask(`imports/${id}`, { method: "DELETE" });
      this.current = null;
      await this.look();
    });

  reset() {
    this.cancel();
    this.list = this.current = null;
    this.#keys.clear();
  }

  #put = (change: (one: Import) => Partial<Import>) =>
    this.#try(async () => {
      if (this.current) this.current = (await ask<Answer>(`imports/${this.current.id}`, { method: "PUT", body: change(this.current) })).import;
    });

  #act = (command: "apply" | "undo") =>
    this.#try(async () => {
      const { id } = this.current!;
      const name = `${command} ${id}`;
      if (!this.#keys.has(name)) this.#keys.set(name, newKey());
      await ask(`imports/${id}/${command}`, { method: "POST", body: { key: this.#keys.get(name) } });
      this.#keys.delete(name);
      await this.look();
    });

  /** Does one thing after the other: of two columns chosen quickly, the second builds on the first. */
  #try(work: () => Promise<void>): Promise<void> {
    this.#tail = this.#tail.then(async () => {
      this.#clear();
      this.working = true;
      this.#turn++;
      try {
        await work();
      } catch (error) {
        this.trouble = problem(error);
        this.field = error instanceof Refused ? error.field : "";
      } finally {
        this.#turn++;
        this.working = false;
      }
    });
    return this.#tail;
  }

  #clear() {
    this.trouble = this.field = "";
    this.lost = false;
  }
}

const stores = new Map<Kind, Imports>();
account.onLeave(() => {
  for (const store of stores.values()) store.reset();
});

/** The one store of a kind. */
export function importsOf(kind: Kind): Imports {
  if (!stores.has(kind)) stores.set(kind, new Imports(kind));
  return stores.get(kind)!;
}
