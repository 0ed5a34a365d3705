import { m } from "../../shared/paraglide/messages";
import { play } from "../../shared/sound";
import { toasts } from "../toasts.svelte";
import { Deed } from "./deed.svelte";
import { wholeNumber } from "./draft.svelte";
import { isbnOf, sameIsbn } from "./isbn";
import { undo } from "./moves.svelte";
import { budget } from "./overview.svelte";
import type { Line, Made, Order } from "./types";

type Count = { n: string; make: boolean; barcodes: string };

/** A box that came: how many of each line, counted or scanned, and the copies that are made of them. */
export class Receiving {
  counts = $state<Record<string, Count>>({});
  location = $state("");
  type = $state("");
  /** The line that was scanned last: barcodes that follow are those of its copies. */
  current = $state("");
  said = $state<{ tone: "ok" | "warn"; text: string } | null>(null);
  made = $state.raw<Made[]>([]);
  done = $state(false);
  readonly deed = new Deed();
  readonly lines: Line[];
  readonly pieces = $derived(Object.values(this.counts).reduce((sum, { n }) => sum + (wholeNumber(n) ?? 0), 0));

  constructor(readonly order: Order) {
    this.lines = (order.lines ?? []).filter((line) => line.received < line.pieces);
    this.counts = Object.fromEntries(this.lines.map((line) => [line.id, { n: "", make: Boolean(line.title || line.isbn), barcodes: "" }]));
  }

  left = (line: Line) => line.pieces - line.received;

  all() {
    for (const line of this.lines) this.counts[line.id]!.n = String(this.left(line));
  }

  /** A scan: the ISBN of a book counts it, any other code is the barcode on the copy counted last. */
  scan(code: string) {
    const isbn = isbnOf(code);
    if (isbn) return this.#count(isbn);
    const count = this.counts[this.current];
    if (!count?.make) return this.#no(m.budget_scan_isbn_first({ code }));
    const known = barcodesOf(count.barcodes);
    if (Object.values(this.counts).some(({ barcodes }) => barcodesOf(barcodes).includes(code))) return this.#no(m.budget_scan_twice({ code }));
    count.barcodes = [...known, code].join("\n");
    this.#yes(m.budget_scan_barcode({ code }));
  }

  #count(isbn: string) {
    const fits = this.lines.filter((line) => sameIsbn(line.isbn, isbn));
    const line = fits.find((one) => (wholeNumber(this.counts[one.id]!.n) ?? 0) < this.left(one));
    if (!fits.length) return this.#no(m.budget_scan_unknown({ code: isbn }));
    if (!line) return this.#no(m.budget_scan_enough({ name: fits[0]!.name }));
    const count = this.counts[line.id]!;
    count.n = String((wholeNumber(count.n) ?? 0) + 1);
    this.current = line.id;
    this.#yes(m.budget_scan_counted({ name: line.name, n: count.n, of: this.left(line) }));
  }

  #yes(text: string) {
    play("done");
    this.said = { tone: "ok", text };
  }

  #no(text: string) {
    play("again");
    this.said = { tone: "warn", text };
  }

  /** What cannot be received, at its field; the server checks again. */
  check(): boolean {
    const { attempt } = this.deed;
    attempt.clear();
    const say = (field: string, text: string) => Object.assign(attempt, { field, text });
    for (const line of this.lines) {
      const { n, make, barcodes } = this.counts[line.id]!;
      if (attempt.field) break;
      const count = n.trim() ? wholeNumber(n) : 0;
      if (count === null) say(`pieces.${line.id}`, m.budget_bad_pieces());
      else if (count > this.left(line)) say(`pieces.${line.id}`, m.budget_more_than_left({ n: this.left(line) }));
      else if (make && barcodesOf(barcodes).length > count) say(`items.${line.id}.barcodes`, m.budget_more_barcodes());
    }
    if (!attempt.field && !this.pieces) say("pieces", m.budget_nothing_counted());
    return attempt.field === "";
  }

  body() {
    const here = this.lines.filter(({ id }) => (wholeNumber(this.counts[id]!.n) ?? 0) > 0);
    const copies = (id: string) => {
      const { make, barcodes } = this.counts[id]!;
      if (!make) return { make };
      const given = barcodesOf(barcodes);
      return { make, ...(given.length ? { barcodes: given } : {}), ...(this.location ? { location: this.location } : {}), ...(this.type ? { type: this.type } : {}) };
    };
    return { pieces: Object.fromEntries(here.map(({ id }) => [id, wholeNumber(this.counts[id]!.n)])), items: Object.fromEntries(here.map(({ id }) => [id, copies(id)])) };
  }

  async send(): Promise<boolean> {
    if (!this.check()) return false;
    const n = this.pieces;
    return this.deed.send<{ order: Order; items: Made[] }>(`budget/orders/${this.order.id}/receive`, this.body(), async ({ items }, key) => {
      this.made = items;
      this.done = true;
      toasts.say(m.budget_received({ n }), () => void undo(key, () => this.#back()));
      await budget.load();
    });
  }

  #back() {
    this.made = [];
    this.done = false;
  }
}

/** Codes, one a line or with blanks between. */
export const barcodesOf = (text: string) => text.split(/[\s,;]+/).filter(Boolean);
