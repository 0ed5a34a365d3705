import { newKey } from "../../shared/key";
import { m } from "../../shared/paraglide/messages";
import { ask, Refused } from "../api";
import { router } from "../router.svelte";
import { Attempt } from "../settings/attempt.svelte";
import { toasts } from "../toasts.svelte";
import type { Check, Run, When } from "./types";

export type Way = "rows" | "counts" | "file";
export type Row = { seat: string; cells: string[] };
export type Found = {
  rows: { line: number; seat: string; points: Record<string, number> }[];
  problems: { line: number; column: string; code: string; message: string }[];
  columns: Record<string, string>;
  missing: string[];
  took: number;
  in_class: number;
};

/** Results that were made on paper: typed by student, as counts, or out of a file. */
export class PaperResults {
  when = $state<When>("before");
  homeroom = $state("");
  day = $state("");
  way = $state<Way>("rows");
  rows = $state<Row[]>([]);
  counts = $state<{ right: string; of: string }[]>([]);
  file = $state.raw<File | null>(null);
  found = $state.raw<Found | null>(null);
  /** Students are missing, or rows do not fit: it is asked whether the rest is brought in. */
  asks = $state(false);
  readonly attempt = new Attempt();
  readonly seating = new Attempt();
  readonly looking = new Attempt();
  #size = 0;
  #key = newKey();

  constructor(readonly check: Check, homeroom: string, readonly session: string) {
    this.homeroom = homeroom;
    this.counts = check.items.map(() => ({ right: "", of: "" }));
  }

  /** Rows to type into: the seats from before, else one for each student of the class. Asked again meanwhile, the last class chosen is the one that is shown. */
  async prepare(size: number): Promise<void> {
    this.asks = false;
    this.attempt.clear();
    this.#size = size;
    if (!this.homeroom) return;
    const done = this.seating.read(async () => this.#fill(this.when === "after" ? await this.#seatsBefore() : []));
    if (this.file) await this.look(this.file);
    await done;
    if (this.seating.text) this.#fill([]);
  }

  async #seatsBefore(): Promise<string[]> {
    return (await ask<{ seats: string[] }>(`checks/${this.check.id}/seats?homeroom=${encodeURIComponent(this.homeroom)}`)).seats;
  }

  /** Lays out the rows; what is typed stays, whichever seats come. */
  #fill(before: string[]) {
    const seats = before.length ? before : Array.from({ length: Math.max(1, this.#size) }, (_, i) => String(i + 1));
    const typed = new Map(this.rows.filter(({ cells }) => cells.some(Boolean)).map((row) => [row.seat, row.cells]));
    const rest = [...typed.keys()].filter((seat) => !seats.includes(seat));
    this.rows = [...seats, ...rest].map((seat) => ({ seat, cells: typed.get(seat) ?? this.check.items.map(() => "") }));
  }

  addRow() {
    this.rows.push({ seat: String(this.rows.length + 1), cells: this.check.items.map(() => "") });
  }

  /** Whether a cell cannot be: no number, or more than the question earns. */
  bad(cell: string, item: number): boolean {
    return cell.trim() !== "" && !(/^\d+$/.test(cell.trim()) && Number(cell) <= (this.check.items[item]?.points ?? 0));
  }

  /** Reads a file without bringing anything in; of several chosen in a row, the last one. */
  look(file: File): Promise<boolean> {
    this.file = file;
    this.found = null;
    this.asks = false;
    this.attempt.clear();
    return this.looking.read(async () => {
      this.found = await ask<Found>(`checks/${this.check.id}/results?${this.#query({ dry_run: "1" })}`, { method: "POST", body: this.file });
    });
  }

  async save(): Promise<boolean> {
    const bad = this.way === "rows" && this.rows.some(({ cells }) => cells.some((cell, i) => this.bad(cell, i)));
    if (bad) {
      this.attempt.text = m.checks_cells_bad();
      return false;
    }
    const accept = this.asks;
    return this.attempt.run(async () => {
      try {
        const { run } = await (this.way === "file" ? this.#sendFile(accept) : this.#send(accept));
        toasts.say(m.checks_results_kept({ room: run.homeroom.name, n: run.took }), async () => {
          await ask(`runs/${run.id}`, { method: "DELETE" });
          router.go("teaching", "checks", run.check);
        });
        router.go("teaching", "checks", run.check, "run", run.id);
      } catch (error) {
        this.asks = error instanceof Refused && ["missing", "problems"].includes(error.code);
        throw error;
      }
    });
  }

  #send(partial: boolean): Promise<{ run: Run }> {
    const { items } = this.check;
    const plan = { key: this.#key, when: this.when, homeroom: this.homeroom, session: this.session, day: this.day, partial };
    const points = (cells: string[]) => Object.fromEntries(items.flatMap(({ id }, i) => (cells[i]?.trim() ? [[id, Number(cells[i])]] : [])));
    const counts = Object.fromEntries(items.flatMap(({ id }, i) => (this.counts[i]?.of ? [[id, { right: Number(this.counts[i]?.right), of: Number(this.counts[i]?.of) }]] : [])));
    const body = this.way === "rows" ? { ...plan, rows: this.rows.map(({ seat, cells }) => ({ seat, points: points(cells) })) } : { ...plan, counts };
    return ask(`checks/${this.check.id}/results`, { method: "POST", body });
  }

  async #sendFile(accept: boolean): Promise<{ run: Run }> {
    return ask(`checks/${this.check.id}/results?${this.#query({ key: this.#key, ...(accept ? { accept: "1" } : {}) })}`, { method: "POST", body: this.file });
  }

  #query(more: Record<string, string>): string {
    const { when, homeroom, session, day } = this;
    return new URLSearchParams(Object.entries({ file: this.file?.name ?? "", when, homeroom, session, day, ...more }).filter(([name, value]) => value || name === "file")).toString();
  }
}
