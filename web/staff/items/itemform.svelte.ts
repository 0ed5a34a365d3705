import { newKey } from "../../shared/key";
import { account } from "../account.svelte";
import { ask, Refused } from "../api";
import { problem } from "../words";
import type { Item } from "./types";

const texts = ["barcode", "location", "type", "call_number", "copy", "public_note", "staff_note", "acquired", "price", "vendor", "fund"] as const;
export type TextName = (typeof texts)[number];
/** What can be written about a copy, as a form holds it: location and type are ids. */
export type Fields = Record<TextName, string> & { not_for_loan: boolean };
export type FieldName = keyof Fields;
const names: readonly FieldName[] = [...texts, "not_for_loan"];

const empty = (): Fields => ({ ...(Object.fromEntries(texts.map((name) => [name, ""])) as Record<TextName, string>), not_for_loan: false });

export function fieldsOf(item: Item): Fields {
  const { barcode, location_id: location, type_id: type, call_number, copy, public_note, staff_note, acquired, not_for_loan, price = "", vendor = "", fund = "" } = item;
  return { barcode, location, type, call_number, copy, public_note, staff_note, acquired, price, vendor, fund, not_for_loan };
}

/** A new copy is like the last one of its title, but for what is of that one alone. */
const like = (item: Item): Fields => ({ ...empty(), ...fieldsOf(item), barcode: "", copy: "", public_note: "", staff_note: "", acquired: "" });

export type Conflict = { name: FieldName; theirs: string; mine: string };

/** What somebody is typing about a copy, or about new ones. It stays when the dialog is closed, and whatever happens to the saving of it. */
export class ItemForm {
  draft = $state<Fields>(empty());
  /** How many new ones. */
  n = $state(1);
  /** The next free barcode, which new ones get without another. */
  next = $state("");
  trouble = $state("");
  field = $state("");
  saving = $state(false);
  conflicts = $state.raw<Conflict[]>([]);
  #base = $state.raw<Fields>(empty());
  #updated = "";
  #key = newKey();

  /** item is the one to change; without it new ones are made for the title, like another one of it. */
  constructor(
    readonly title: string,
    readonly item?: Item,
    pattern?: Item,
  ) {
    this.#take(item ? fieldsOf(item) : pattern ? like(pattern) : empty());
    this.#updated = item?.updated ?? "";
  }

  /** No $derived: the form outlives the dialog that made it. */
  get changed(): FieldName[] {
    return names.filter((name) => this.draft[name] !== this.#base[name]);
  }

  /** Asks which barcode comes next; without an answer the server finds it when the copies are added. */
  async lookAhead(): Promise<void> {
    if (this.item) return;
    const { barcode } = await ask<{ barcode: string }>("barcodes/next").catch(() => ({ barcode: "" }));
    this.next = barcode;
  }

  /** Saves; the copies as they are now, or null when trouble, field or conflicts say why not. */
  async save(): Promise<Item[] | null> {
    if (this.saving) return null;
    this.saving = true;
    this.trouble = this.field = "";
    this.conflicts = [];
    try {
      const saved = this.item ? [await this.#change(this.item)] : await this.#add();
      drafts.delete(nameOf(this.title, this.item));
      return saved;
    } catch (error) {
      this.trouble = problem(error);
      this.field = error instanceof Refused ? error.field : "";
      return null;
    } finally {
      this.saving = false;
    }
  }

  /** Takes what somebody else saved. */
  yield(name: FieldName) {
    this.draft = { ...this.draft, [name]: this.#base[name] };
    this.conflicts = this.conflicts.filter((conflict) => conflict.name !== name);
  }

  async #add(): Promise<Item[]> {
    const given = Object.fromEntries(names.filter((name) => this.draft[name]).map((name) => [name, this.#trimmed(name)]));
    const { items } = await ask<{ items: Item[] }>("items", { method: "POST", body: { ...given, title: this.title, n: this.n, key: this.#key } });
    this.#key = newKey();
    return items;
  }

  /** Two who wrote in different fields do not disturb each other: their work is joined and sent once more. */
  async #change(item: Item): Promise<Item> {
    try {
      return await this.#send(item);
    } catch (error) {
      const theirs = error instanceof Refused && error.code === "changed" ? (error.data.current as Item | undefined) : undefined;
      if (!theirs || !this.#join(theirs)) throw error;
      return this.#send(item);
    }
  }

  async #send({ id }: Item): Promise<Item> {
    const body = Object.fromEntries(this.changed.map((name) => [name, this.#trimmed(name)]));
    return (await ask<{ item: Item }>(`items/${id}`, { method: "PATCH", body: { ...body, updated: this.#updated } })).item;
  }

  #trimmed(name: FieldName) {
    const value = this.draft[name];
    return typeof value === "string" ? value.trim() : value;
  }

  #join(item: Item): boolean {
    const theirs = fieldsOf(item);
    const mine = this.changed;
    this.conflicts = mine
      .filter((name) => theirs[name] !== this.#base[name] && theirs[name] !== this.draft[name])
      .map((name) => ({ name, theirs: String(theirs[name]), mine: String(this.draft[name]) }));
    this.draft = { ...theirs, ...Object.fromEntries(mine.map((name) => [name, this.draft[name]])) } as Fields;
    this.#base = theirs;
    this.#updated = item.updated;
    return this.conflicts.length === 0;
  }

  #take(fields: Fields) {
    this.#base = fields;
    this.draft = { ...fields };
  }
}

/** Forms with something unsaved in them. */
const drafts = new Map<string, ItemForm>();
account.onLeave(() => drafts.clear());

const nameOf = (title: string, item?: Item) => item?.id ?? `new ${title}`;

/** The form of a copy: the one with what was typed before, or a new one. */
export function itemForm(title: string, item?: Item, pattern?: Item): ItemForm {
  const name = nameOf(title, item);
  const kept = drafts.get(name);
  if (kept?.changed.length) return kept;
  const form = new ItemForm(title, item, pattern);
  drafts.set(name, form);
  return form;
}

/** Forgets what was typed. */
export function discard({ title, item }: ItemForm) {
  drafts.delete(nameOf(title, item));
}
