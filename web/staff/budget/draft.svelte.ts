import { newKey } from "../../shared/key";
import { m } from "../../shared/paraglide/messages";
import { account } from "../account.svelte";
import type { Title } from "../api";
import { Deed } from "./deed.svelte";
import { typed } from "./money";
import { budget } from "./overview.svelte";
import type { Line, Order, Vendor } from "./types";
import { isbnOf, sameIsbn } from "./isbn";
import type { Wish } from "../wishes/types";

/** A line as it is typed. at names it on the page; id is the server's, for one that is there already. */
export type DraftLine = { at: string; id: string; fund: string; title: { id: string; title: string } | null; name: string; isbn: string; pieces: string; price: string; request: string };

const MOST_PIECES = 10_000;

/** An order as it is typed. It outlives its screen until it is saved or the person leaves. */
export class Draft {
  vendor = $state("");
  name = $state("");
  discount = $state("");
  shipping = $state("");
  tax = $state("");
  note = $state("");
  standing = $state<Order["standing"]>("");
  expected = $state("");
  /** The fund of the lines that come next. */
  fund = $state("");
  lines = $state<DraftLine[]>([]);
  dirty = $state(false);
  /** What somebody else saved meanwhile. */
  theirs = $state.raw<Order | null>(null);
  readonly deed = new Deed();
  readonly net = $derived(this.lines.reduce((sum, line) => sum + this.lineTotal(line), 0));
  readonly total = $derived(this.net - Math.min(this.#extra(this.discount), this.net) + this.#extra(this.shipping) + this.#extra(this.tax));
  readonly pieces = $derived(this.lines.reduce((sum, { pieces }) => sum + (wholeNumber(pieces) ?? 0), 0));
  #updated = "";

  constructor(public order: Order | null) {
    if (order) this.take(order);
  }

  take(order: Order) {
    const amount = (cents: number) => (cents ? typed(cents, budget.currency) : "");
    this.order = order;
    this.#updated = order.updated;
    this.vendor = order.vendor.id;
    this.discount = amount(order.discount);
    this.shipping = amount(order.shipping);
    this.tax = amount(order.tax);
    ({ name: this.name, note: this.note, standing: this.standing, expected: this.expected } = order);
    this.lines = (order.lines ?? []).map(lineFrom);
    this.fund = this.lines.at(-1)?.fund ?? "";
    this.theirs = null;
    this.dirty = false;
    this.deed.attempt.clear();
  }

  /** What a line costs as it is typed; nothing while it is no number. */
  lineTotal({ pieces, price }: DraftLine): number {
    return (wholeNumber(pieces) ?? 0) * (budget.read(price) ?? 0);
  }

  #extra(text: string): number {
    return text.trim() ? (budget.read(text) ?? 0) : 0;
  }

  /** The vendor's usual discount in cents, half a cent up: hundredths of a percent of whole cents. */
  usualDiscount(vendor: Pick<Vendor, "discount"> | undefined): number {
    return Math.floor((this.net * (vendor?.discount ?? 0) + 5_000) / 10_000);
  }

  #put(line: Partial<DraftLine>): DraftLine {
    const full = { at: newKey().slice(0, 8), id: "", fund: this.fund || budget.funds[0]?.id || "", title: null, name: "", isbn: "", pieces: "1", price: "", request: "", ...line };
    this.lines = [...this.lines, full];
    this.dirty = true;
    return full;
  }

  /** One more of a title of the catalogue; one that is there already is ordered once more. Returns its line. */
  addTitle(title: Pick<Title, "id" | "title" | "author" | "isbn">): DraftLine {
    const there = this.lines.find((line) => line.title?.id === title.id);
    return there ? this.#more(there) : this.#put({ title: { id: title.id, title: title.title }, name: title.title, isbn: title.isbn ?? "" });
  }

  addIsbn(isbn: string): DraftLine {
    const there = this.lines.find((line) => sameIsbn(line.isbn, isbn));
    return there ? this.#more(there) : this.#put({ isbn });
  }

  /** What was typed becomes a line as it is; an ISBN is none of its words. */
  addWords(words: string): DraftLine {
    const isbn = isbnOf(words);
    return isbn ? this.addIsbn(isbn) : this.#put({ name: words.trim() });
  }

  addWish(wish: Wish): DraftLine {
    const there = this.lines.find(({ request }) => request === wish.id);
    return there ?? this.#put({ title: wish.title, name: [wish.name, wish.author].filter(Boolean).join(", "), isbn: isbnOf(wish.isbn), request: wish.id });
  }

  #more(line: DraftLine): DraftLine {
    line.pieces = String((wholeNumber(line.pieces) ?? 0) + 1);
    this.dirty = true;
    return line;
  }

  remove(at: string): () => void {
    const before = this.lines;
    this.lines = before.filter((line) => line.at !== at);
    this.dirty = true;
    return () => (this.lines = before);
  }

  /** The first thing that cannot be sent, at its field. */
  check(): boolean {
    const { attempt } = this.deed;
    attempt.clear();
    const say = (field: string, text: string) => Object.assign(attempt, { field, text });
    const bad = (text: string) => text.trim() !== "" && budget.read(text) === null;
    if (!this.vendor) say("vendor", m.budget_choose_vendor());
    else if (bad(this.discount)) say("discount", m.budget_bad_amount());
    else if (bad(this.shipping)) say("shipping", m.budget_bad_amount());
    else if (bad(this.tax)) say("tax", m.budget_bad_amount());
    this.lines.some((line, i) => {
      const pieces = wholeNumber(line.pieces);
      if (attempt.field) return true;
      if (!line.name.trim()) say(`lines.${i}.name`, m.budget_line_name());
      else if (!line.fund) say(`lines.${i}.fund`, m.budget_choose_fund());
      else if (pieces === null || pieces < 1 || pieces > MOST_PIECES) say(`lines.${i}.pieces`, m.budget_bad_pieces());
      else if (budget.read(line.price) === null) say(`lines.${i}.price`, m.budget_bad_amount());
      return attempt.field !== "";
    });
    return attempt.field === "";
  }

  body(): Record<string, unknown> {
    return {
      year: this.order?.year ?? budget.year?.id ?? "", vendor: this.vendor, name: this.name.trim(), discount: this.#extra(this.discount), shipping: this.#extra(this.shipping), tax: this.#extra(this.tax),
      note: this.note.trim(), standing: this.standing, expected: this.expected,
      lines: this.lines.map(({ id, fund, title, name, isbn, pieces, price, request }) => ({ ...(id ? { id } : {}), fund, title: title?.id ?? "", name: name.trim(), isbn: isbn.trim(), pieces: wholeNumber(pieces) ?? 0, price: budget.read(price) ?? 0, request })),
    };
  }

  /** Saves it; the answer is the order as it now is. What failed stays as it is typed, and is named at its field. */
  async save(): Promise<Order | null> {
    if (!this.check()) return null;
    let saved: Order | null = null;
    const take = ({ order }: { order: Order }) => {
      saved = order;
      this.take(order);
    };
    if (this.order) await this.deed.send(`budget/orders/${this.order.id}`, { updated: this.#updated, ...this.body() }, take, "PUT");
    else await this.deed.send("budget/orders", this.body(), take);
    if (!saved && this.deed.attempt.code === "changed") this.theirs = this.deed.attempt.data.current as Order;
    return saved;
  }

  /** What is typed goes over what somebody else saved. */
  keepMine(): Promise<Order | null> {
    if (this.theirs) this.#updated = this.theirs.updated;
    this.theirs = null;
    return this.save();
  }
}

function lineFrom({ id, fund, title, name, isbn, pieces, price, request }: Line): DraftLine {
  return { at: id, id, fund: fund.id, title, name, isbn, pieces: String(pieces), price: typed(price, budget.currency), request };
}

/** A number of pieces; null for what is none. */
export function wholeNumber(text: string): number | null {
  return /^\d{1,6}$/.test(text.trim()) ? Number(text.trim()) : null;
}

/** Drafts with unsaved typing, by the id of the order; "" is the new one. */
const drafts = new Map<string, Draft>();
account.onLeave(() => drafts.clear());

export function draftOf(order: Order | null): Draft {
  const id = order?.id ?? "";
  const kept = drafts.get(id);
  if (kept?.dirty) return kept;
  const draft = new Draft(order);
  drafts.set(id, draft);
  return draft;
}

export const forgetDraft = (id: string) => drafts.delete(id);
