import { account } from "../account.svelte";
import { ask } from "../api";
import { problem } from "../words";

export type Named = { barcode: string; name: string; grade: string; homeroom: { id: string; name: string } | null; picture?: boolean };

/** Fingers pause this long, in milliseconds, before a name is looked for: a scanner's burst never is. */
const PAUSE = 120;
/** A list that is read while somebody waits is short. */
const MANY = 7;

/** Words to look for, and not a number from a barcode. */
export const isName = (text: string) => /\p{L}/u.test(text) && !/\d/.test(text) && text.trim().length > 1;

/** People found by a typed name. Only the newest answer counts. */
export class Names {
  text = $state("");
  people = $state.raw<Named[]>([]);
  /** The place in the list that Enter takes; behind the people stands the catalogue. */
  at = $state(0);
  trouble = $state("");
  /** An answer to what is typed now is there. */
  answered = $state(false);
  #timer: ReturnType<typeof setTimeout> | undefined;
  #asked: AbortController | undefined;

  readonly open = $derived(isName(this.text));

  /** Volunteers know nobody by name. */
  get allowed(): boolean {
    return account.person?.role !== "volunteer";
  }

  type(text: string) {
    this.text = text;
    this.at = 0;
    this.answered = false;
    clearTimeout(this.#timer);
    this.#asked?.abort();
    if (!isName(text)) this.people = [];
    else if (this.allowed) this.#timer = setTimeout(() => void this.#ask(text.trim()), PAUSE);
  }

  step(by: number) {
    const many = this.people.length + 1;
    this.at = (this.at + by + many) % many;
  }

  clear() {
    this.type("");
  }

  async #ask(q: string): Promise<void> {
    const asked = new AbortController();
    this.#asked = asked;
    try {
      const { items } = await ask<{ items: Named[] }>(`patrons?q=${encodeURIComponent(q)}&status=active&perPage=${MANY}`, { signal: asked.signal });
      if (this.#asked !== asked || asked.signal.aborted) return;
      this.people = items;
      this.at = 0;
      this.trouble = "";
      this.answered = true;
    } catch (error) {
      if (!asked.signal.aborted) this.trouble = problem(error);
    }
  }
}
