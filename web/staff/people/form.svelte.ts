import { account } from "../account.svelte";
import { ask, Refused } from "../api";
import { problem } from "../words";
import type { Person } from "./types";

export const fieldNames = [
  "first_name", "last_name", "say_name", "barcode", "grade", "homeroom", "type", "email", "guardian_email", "language", "reads", "expires", "status", "block", "note",
] as const;
export type FieldName = (typeof fieldNames)[number];
/** What can be written about a person, as a form holds it: homeroom is an id, type a code. */
export type Fields = Record<FieldName, string>;

/** What a form shows of a person. */
export function fieldsOf(person: Partial<Person>): Fields {
  const named: Partial<Record<FieldName, string>> = { ...person, homeroom: person.homeroom_id, type: person.type_code };
  return Object.fromEntries(fieldNames.map((name) => [name, named[name] ?? (name === "status" ? "active" : "")])) as Fields;
}

/** A line in which two people wrote something different. */
export type Conflict = { name: FieldName; theirs: string; mine: string };

/** What somebody is typing about a person. It stays while the person looks elsewhere, and whatever happens to the saving of it. */
export class Form {
  draft = $state<Fields>(fieldsOf({}));
  trouble = $state("");
  field = $state("");
  saving = $state(false);
  /** What somebody else saved since, in the fields that were changed here, too. */
  conflicts = $state.raw<Conflict[]>([]);
  #base = $state.raw<Fields>(fieldsOf({}));
  #updated = "";

  /** barcode is whose form it is; empty for somebody new. */
  constructor(readonly barcode = "") {}

  /** The fields with something unsaved. No $derived: the form outlives the screen that made it, and a derived value would not. */
  get changed(): FieldName[] {
    return fieldNames.filter((name) => this.draft[name] !== this.#base[name]);
  }

  /** Takes the newest state of the person, but never over what was typed. */
  meet(person: Person) {
    if (this.changed.length || this.saving) return;
    this.#base = fieldsOf(person);
    this.draft = { ...this.#base };
    this.#updated = person.updated ?? "";
  }

  discard = () => {
    this.draft = { ...this.#base };
    this.conflicts = [];
    this.trouble = this.field = "";
  };

  /** Takes what somebody else saved. */
  take(name: FieldName) {
    this.draft[name] = this.#base[name];
    this.conflicts = this.conflicts.filter((conflict) => conflict.name !== name);
  }

  /** Saves what was changed; null when it was not saved, and trouble, field or conflicts say why. */
  async save(): Promise<Person | null> {
    if (this.saving) return null;
    this.saving = true;
    this.trouble = this.field = "";
    this.conflicts = [];
    try {
      const { patron } = await this.#send();
      this.#base = fieldsOf(patron);
      this.draft = { ...this.#base };
      this.#updated = patron.updated ?? "";
      drafts.delete(this.barcode);
      return patron;
    } catch (error) {
      this.trouble = problem(error);
      this.field = error instanceof Refused ? error.field : "";
      return null;
    } finally {
      this.saving = false;
    }
  }

  /** Two who wrote in different fields do not disturb each other: their work is joined and sent once more. */
  async #send(): Promise<{ patron: Person }> {
    try {
      return await this.#request();
    } catch (error) {
      const theirs = error instanceof Refused && error.code === "changed" ? (error.data.current as Person | undefined) : undefined;
      if (!theirs) throw error;
      if (!this.#join(theirs)) throw error;
      return this.#request();
    }
  }

  #request(): Promise<{ patron: Person }> {
    const body = Object.fromEntries(this.changed.map((name) => [name, this.draft[name].trim()]));
    if (!this.barcode) return ask("patrons", { method: "POST", body });
    return ask(`patrons/${encodeURIComponent(this.barcode)}`, { method: "PATCH", body: { ...body, updated: this.#updated } });
  }

  /** Joins what somebody else saved with what was typed here; false when a person must choose. */
  #join(person: Person): boolean {
    const theirs = fieldsOf(person);
    const mine = this.changed;
    this.conflicts = mine.filter((name) => theirs[name] !== this.#base[name] && theirs[name] !== this.draft[name]).map((name) => ({ name, theirs: theirs[name], mine: this.draft[name] }));
    this.draft = { ...theirs, ...Object.fromEntries(mine.map((name) => [name, this.draft[name]])) };
    this.#base = theirs;
    this.#updated = person.updated ?? "";
    return this.conflicts.length === 0;
  }
}

/** Forms with something unsaved in them, by barcode. */
const drafts = new Map<string, Form>();
account.onLeave(() => drafts.clear());

/** The form of a person: the one with what was typed before, or a new one. */
export function formOf(barcode: string): Form {
  if (!drafts.has(barcode)) drafts.set(barcode, new Form(barcode));
  return drafts.get(barcode)!;
}

/** Nobody looks at the form any more; it is kept only with something unsaved in it. */
export function release(form: Form) {
  if (!form.changed.length) drafts.delete(form.barcode);
}
