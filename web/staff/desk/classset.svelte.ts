import { newKey } from "../../shared/key";
import { m } from "../../shared/paraglide/messages";
import { ask, Refused, type Refusal } from "../api";
import type { Code, LentAnswer } from "./answers";
import { lookUp } from "./standing.svelte";

type Person = { barcode: string; name: string };
/** One book of the set; for whom is known once it is dealt out. */
export type SetRow = { barcode: string; title: string };
type SetRefusal = Refusal & { item?: string; patron?: string };

/** Many books in one act: all to a teacher, or one each to the children who are here. Nothing is lent before the list is right. */
export class ClassSet {
  to = $state<"each" | "teacher">("each");
  teacher = $state.raw<Person | null>(null);
  rows = $state.raw<SetRow[]>([]);
  refusals = $state.raw<SetRefusal[]>([]);
  readonly children: readonly Person[];
  #key = newKey();

  constructor(children: readonly Person[]) {
    this.children = children;
  }

  /** Why it cannot be lent yet; empty when it can. */
  readonly missing = $derived.by(() => {
    if (!this.rows.length) return m.class_set_no_books();
    if (this.to === "teacher" && !this.teacher) return m.class_set_no_teacher();
    if (this.to === "each" && this.rows.length > this.children.length) return m.class_set_too_many({ books: this.rows.length, children: this.children.length });
    return "";
  });

  readonly mayAllow = $derived(this.refusals.length > 0 && this.refusals.every(({ overridable }) => overridable));

  /** Who gets the book in this place of the list. */
  whose(index: number): string {
    return this.to === "teacher" ? (this.teacher?.name ?? "") : (this.children[index]?.name ?? "");
  }

  refusalsOf(barcode: string): SetRefusal[] {
    return this.refusals.filter(({ item }) => item === barcode);
  }

  /** Takes a scanned code into the list, and says what is wrong with it. */
  async take(code: string): Promise<string> {
    const is = await ask<Code>(`resolve?code=${encodeURIComponent(code)}`);
    if (is.item) return this.#add(is.item);
    if (is.kind !== "patron") return is.kind === "isbn" ? m.desk_is_isbn() : m.desk_unknown({ code });
    if (this.to !== "teacher") return m.class_set_card_not_now();
    const { patron } = await lookUp(code);
    this.choose(patron);
    return "";
  }

  choose({ barcode, name }: Person) {
    this.teacher = { barcode, name };
    this.#changed();
  }

  deal(to: "each" | "teacher") {
    this.to = to;
    this.#changed();
  }

  drop(barcode: string) {
    this.rows = this.rows.filter((row) => row.barcode !== barcode);
    this.#changed();
  }

  /** Lends all or nothing. Gives nothing when the rules refuse, and keeps why. */
  async lend(due: string, override?: string[]): Promise<{ key: string; n: number } | undefined> {
    if (this.missing) return undefined;
    const whom = this.to === "teacher" ? { patron: this.teacher!.barcode, items: this.rows.map(({ barcode }) => barcode) } : { pairs: this.#pairs() };
    try {
      const { loans } = await ask<{ loans: LentAnswer[] }>("class-checkouts", { method: "POST", body: { ...whom, due: due || undefined, override, key: this.#key }, patience: 30_000 });
      return { key: this.#key, n: loans.length };
    } catch (error) {
      if (!(error instanceof Refused) || !error.refusals.length) throw error;
      this.refusals = error.refusals;
      return undefined;
    }
  }

  #pairs() {
    return this.rows.map(({ barcode }, i) => ({ patron: this.children[i]!.barcode, item: barcode }));
  }

  #add({ barcode, title }: SetRow): string {
    if (this.rows.some((row) => row.barcode === barcode)) return m.class_set_twice({ title });
    this.rows = [...this.rows, { barcode, title }];
    this.#changed();
    return "";
  }

  /** Another list is another act. */
  #changed() {
    this.refusals = [];
    this.#key = newKey();
  }
}
