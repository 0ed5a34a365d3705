import { ask, type SearchAnswer, type Title } from "../api";
import { Attempt } from "../settings/attempt.svelte";

/** Titles found by words, by a barcode or an ISBN. */
export class Finder {
  words = $state("");
  found = $state.raw<Title[]>([]);
  /** Nothing was found for these words. */
  none = $state("");
  readonly attempt = new Attempt();
  #search = new AbortController();

  async look(words = this.words): Promise<Title[]> {
    this.#search.abort();
    this.#search = new AbortController();
    const { signal } = this.#search;
    this.words = words;
    this.none = "";
    if (!words.trim()) return (this.found = []);
    try {
      const { items } = await ask<SearchAnswer>(`search?${new URLSearchParams({ q: words.trim(), perPage: "8" })}`, { signal });
      if (signal.aborted) return [];
      if (!items.length) this.none = words.trim();
      return (this.found = items);
    } catch (error) {
      if (!signal.aborted) this.attempt.fail(error);
      return [];
    }
  }

  clear(): void {
    this.words = this.none = "";
    this.found = [];
  }
}
