import { account } from "../account.svelte";
import { ask, Refused } from "../api";
import { problem } from "../words";

/** The most letters of a short name: a label is narrow. */
const SHORT = 8;

/** A short name made of a long one: its first word, "Cedar Hollow School" is CEDAR. */
export function shortOf(name: string): string {
  const [first = ""] = name.trim().split(/\s+/);
  return [...first.toLocaleUpperCase()].filter((letter) => /[\p{L}\p{N}]/u.test(letter)).slice(0, SHORT).join("");
}

type Settings = { name: string; short: string; language: string; zone: string; zones?: string[]; grades_from: string; grades_to: string; state: string };
type Me = { name: string };
type Privacy = { keep_days: number; titles: boolean };

/** What the wizard asks about the school and the librarian. Each answer is kept as soon as its field is left. */
export class School {
  form = $state({ name: "", short: "", grades_from: "", grades_to: "", state: "", zone: "", librarian: "" });
  zones = $state.raw<string[]>([]);
  privacy = $state.raw<Privacy | null>(null);
  loaded = $state(false);
  trouble = $state("");
  field = $state("");
  #kept: Settings | null = null;
  #librarian = "";
  #tail: Promise<unknown> = Promise.resolve();

  /** Reads it again at each visit, for somebody else may have changed it; what is typed and not kept yet stays. */
  async load(): Promise<void> {
    if (this.loaded && this.trouble) return;
    const typed = JSON.stringify(this.form);
    try {
      const [settings, me, privacy] = await Promise.all([ask<Settings>("settings/school"), ask<Me>("me"), ask<Privacy>("settings/privacy")]);
      if (this.loaded && JSON.stringify(this.form) !== typed) return;
      const { zones = [], ...kept } = settings;
      this.zones = zones;
      this.privacy = privacy;
      this.#kept = kept;
      this.#librarian = me.name;
      const { name, short, grades_from, grades_to, state, zone } = kept;
      this.form = { name, short: short || shortOf(name), grades_from, grades_to, state, zone: zone || Intl.DateTimeFormat().resolvedOptions().timeZone, librarian: me.name };
      this.loaded = true;
      this.trouble = "";
    } catch (error) {
      this.trouble = problem(error);
    }
  }

  /** Keeps what is typed, one save after the other; false when the server said no, and what was typed stays. */
  save = (): Promise<boolean> => {
    const done = this.#tail.then(() => this.#save());
    this.#tail = done;
    return done;
  };

  async #save(): Promise<boolean> {
    if (!this.#kept) return false;
    const { librarian, ...form } = this.form;
    try {
      const wanted = { ...this.#kept, ...form, name: form.name.trim(), short: form.short.trim() };
      if (JSON.stringify(wanted) !== JSON.stringify(this.#kept)) {
        await ask("settings/school", { method: "PUT", body: wanted });
        this.#kept = wanted;
      }
      if (librarian.trim() !== this.#librarian) {
        await ask("me", { method: "PATCH", body: { name: librarian.trim() } }).catch((error: unknown) => {
          throw error instanceof Refused && error.field === "name" ? new Refused(error.status, error.message, error.code, "librarian", []) : error;
        });
        this.#librarian = librarian.trim();
        await account.refresh();
      }
      this.trouble = this.field = "";
      return true;
    } catch (error) {
      this.trouble = problem(error);
      this.field = error instanceof Refused ? error.field : "";
      return false;
    }
  }

  reset() {
    this.loaded = false;
    this.trouble = this.field = "";
    this.#kept = null;
  }
}

export const school = new School();
account.onLeave(() => school.reset());
