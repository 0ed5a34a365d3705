import { ask, facetNames, type FacetName, type SearchAnswer } from "../api";

/** Titles on one page of results. */
const PER_PAGE = 25;

/** A search that answers while it is typed: every change asks again, and only the newest answer counts. */
export class Search {
  q = $state("");
  chosen = $state<Partial<Record<FacetName, string>>>({});
  page = $state(1);
  answer = $state.raw<SearchAnswer | null>(null);
  busy = $state(false);
  error = $state.raw<unknown>(null);
  #asked: AbortController | undefined;

  constructor(query: URLSearchParams) {
    this.q = query.get("q") ?? "";
    this.page = Math.max(1, Number(query.get("page")) || 1);
    for (const name of facetNames) {
      const value = query.get(name);
      if (value) this.chosen[name] = value;
    }
  }

  /** The search as an address, to be kept, shared and gone back to. */
  get query(): URLSearchParams {
    const query = new URLSearchParams();
    if (this.q) query.set("q", this.q);
    for (const name of facetNames) {
      const value = this.chosen[name];
      if (value) query.set(name, value);
    }
    if (this.page > 1) query.set("page", String(this.page));
    return query;
  }

  get pages(): number {
    return Math.max(1, Math.ceil((this.answer?.totalItems ?? 0) / PER_PAGE));
  }

  type(q: string) {
    this.q = q;
    this.page = 1;
    void this.run();
  }

  /** Narrows to a value, or widens again when it was chosen before. */
  choose(name: FacetName, value: string) {
    this.chosen = { ...this.chosen, [name]: this.chosen[name] === value ? undefined : value };
    this.page = 1;
    void this.run();
  }

  turn(page: number) {
    this.page = page;
    void this.run();
  }

  async run(): Promise<void> {
    this.#asked?.abort();
    const asked = new AbortController();
    this.#asked = asked;
    this.busy = true;
    const query = this.query;
    query.set("perPage", String(PER_PAGE));
    try {
      const answer = await ask<SearchAnswer>(`search?${query}`, { signal: asked.signal });
      if (this.#asked !== asked) return;
      this.answer = answer;
      this.error = null;
    } catch (error) {
      if (this.#asked !== asked) return;
      this.error = error;
    }
    this.busy = false;
  }
}
