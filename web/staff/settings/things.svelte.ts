import { m } from "../../shared/paraglide/messages";
import { ask } from "../api";
import { toasts } from "../toasts.svelte";
import { Attempt } from "./attempt.svelte";

/** How the school calls a kind of person or thing, or a place, and how many are called so. */
export type Word = { id: string; code?: string; name: string; patrons?: number; items?: number };
export type Family = "patron-types" | "item-types" | "locations";
type Vocabulary = { patron_types: Word[]; item_types: Word[]; locations: Word[] };

export const count = (word: Word) => word.patrons ?? word.items ?? 0;

/** The school's own words. */
export class Things {
  words = $state.raw<Record<Family, Word[]> | null>(null);
  /** The word in the dialog. */
  typed = $state<{ family: Family; id: string; name: string } | null>(null);
  readonly attempt = new Attempt();
  readonly loading = new Attempt();

  open = () => this.loading.run(() => this.#load());

  edit(family: Family, word?: Word) {
    this.attempt.clear();
    this.typed = { family, id: word?.id ?? "", name: word?.name ?? "" };
  }

  async save(): Promise<void> {
    const typed = this.typed;
    if (!typed) return;
    const { family, id, name } = typed;
    const before = this.words?.[family].find((word) => word.id === id);
    let saved: Word | undefined;
    const done = await this.attempt.run(async () => {
      saved = await this.#put(family, { id, name });
    });
    if (!done || !saved) return;
    const made = saved;
    this.typed = null;
    toasts.say(m.things_saved({ name: made.name }), () => void this.attempt.run(() => (before ? this.#put(family, { id, name: before.name }) : this.#drop(family, made))));
  }

  async remove(family: Family, word: Word): Promise<void> {
    const done = await this.attempt.run(() => this.#drop(family, word));
    if (done) toasts.say(m.settings_removed({ name: word.name }), () => void this.attempt.run(() => this.#put(family, { code: word.code, name: word.name })));
  }

  async #put(family: Family, word: { id?: string; code?: string; name: string }): Promise<Word> {
    const saved = await ask<Word>(family, { method: "POST", body: word });
    await this.#load();
    return saved;
  }

  async #drop(family: Family, word: Word): Promise<void> {
    await ask(`${family}/${word.id}`, { method: "DELETE" });
    await this.#load();
  }

  async #load() {
    const { patron_types, item_types, locations } = await ask<Vocabulary>("vocabulary");
    this.words = { "patron-types": patron_types, "item-types": item_types, locations };
  }
}
