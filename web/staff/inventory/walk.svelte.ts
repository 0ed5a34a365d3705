import { newKey } from "../../shared/key";
import { Line } from "../../shared/line.svelte";
import { Repeats } from "../../shared/scan";
import { play, type Cue } from "../../shared/sound";
import { account } from "../account.svelte";
import { ask, Refused } from "../api";
import { problem } from "../words";
import { KeptScans, type KeptScan } from "./kept";
import type { Scanned, Wrong } from "./types";

/** How many of the last scans are shown. */
const SHOWN = 50;

/** One scan as the page shows it. */
export type Row = KeptScan & { state: "waiting" | "fine" | "wrong" | "refused" | "undone"; title: string; call_number: string; location: string; wrong: Wrong[]; why: string };

/**
 * The scanning of one inventory by one person. Every scan is kept on the device first and sent in its order; while the line is down it
 * goes on, and what was kept before a reload is sent, too. It outlives its page.
 */
export class Walk {
  /** The newest first. */
  rows = $state.raw<Row[]>([]);
  /** Not answered yet. */
  waiting = $state(0);
  /** The device keeps nothing: the page must stay open. */
  noRoom = $state(false);
  readonly line = new Line();
  readonly #kept: KeptScans;
  readonly #repeats = new Repeats();
  #queue: KeptScan[] = [];
  #sending: Promise<void> = Promise.resolve();
  #working = false;
  #play: (cue: Cue) => void;

  constructor(
    readonly inventory: string,
    staff: string,
    sound: (cue: Cue) => void = play,
    kept = new KeptScans(staff, inventory),
  ) {
    this.#play = sound;
    this.#kept = kept;
    for (const scan of kept.all()) this.#take(scan);
    this.#send();
  }

  /** Takes a scan. The same code still under the light is one scan. */
  scan(code: string, now = new Date()) {
    const text = code.trim();
    if (!text || this.#repeats.again(text, now.getTime())) return;
    const scan = { key: newKey(), code: text, at: now.toISOString() };
    if (!this.#kept.keep(scan)) this.noRoom = true;
    this.#take(scan);
    if (this.line.away) this.#play("done");
    this.#send();
  }

  /** Takes back a scan that was a mistake. */
  undo = async ({ key }: Row): Promise<void> => {
    try {
      await this.line.twice(() => ask("undo", { method: "POST", body: { key } }));
      this.#change(key, { state: "undone" });
      this.#repeats.forget();
    } catch (error) {
      this.#change(key, { state: "refused", why: problem(error) });
    }
  };

  /** Ends when everything was answered. */
  settled = (): Promise<void> => this.#sending;

  #take(scan: KeptScan) {
    this.#queue.push(scan);
    this.waiting = this.#queue.length;
    this.rows = [{ ...scan, state: "waiting" as const, title: "", call_number: "", location: "", wrong: [], why: "" }, ...this.rows].slice(0, SHOWN);
  }

  #send() {
    if (!this.#working) this.#sending = this.#work();
  }

  async #work(): Promise<void> {
    this.#working = true;
    for (let scan = this.#queue[0]; scan; scan = this.#queue[0]) {
      await this.#one(scan);
      this.#kept.drop(scan.key);
      this.#queue.shift();
      this.waiting = this.#queue.length;
    }
    this.#working = false;
  }

  async #one(scan: KeptScan): Promise<void> {
    try {
      this.#said(scan, await this.line.reach(() => this.#ask(scan, scan.at)));
    } catch (error) {
      if (error instanceof Refused && error.field === "at") return this.#now(scan);
      this.#refused(scan, error);
    }
  }

  /** The clock of this device is wrong: the scan counts as made now. */
  async #now(scan: KeptScan): Promise<void> {
    try {
      this.#said(scan, await this.line.reach(() => this.#ask(scan)));
    } catch (error) {
      this.#refused(scan, error);
    }
  }

  #ask = ({ key, code }: KeptScan, at?: string) => ask<Scanned>(`inventories/${this.inventory}/scans`, { method: "POST", body: { key, code, at } });

  #said({ key }: KeptScan, { item, call_number, location, wrong }: Scanned) {
    this.#change(key, { state: wrong.length ? "wrong" : "fine", title: item?.title ?? "", call_number, location, wrong });
    this.#play(wrong.length ? "help" : "done");
  }

  #refused({ key }: KeptScan, error: unknown) {
    this.#change(key, { state: "refused", why: problem(error) });
    this.#repeats.forget();
    this.#play("again");
  }

  #change(key: string, to: Partial<Row>) {
    this.rows = this.rows.map((row) => (row.key === key ? { ...row, ...to } : row));
  }
}

let walks = new Map<string, Walk>();
account.onLeave(() => (walks = new Map()));

/** The one walk of an inventory. */
export function walkOf(inventory: string): Walk {
  if (!walks.has(inventory)) walks.set(inventory, new Walk(inventory, account.person?.id ?? ""));
  return walks.get(inventory)!;
}
