import { account } from "../account.svelte";
import { ask, facetNames, type FacetName, type SearchAnswer, type Title } from "../api";
import type { Selection } from "../items/types";

/** Titles on one page of results. */
const PER_PAGE = 25;

export const sorts = ["best", "title", "author", "year", "call_number", "newest"] as const;
export type Sort = (typeof sorts)[number];

/** A search that answers while it is typed: every change asks again, and only the newest answer counts. What is chosen of its results is kept by id. */
export class Search {
  q = $state("");
  chosen = $state.raw<Partial<Record<FacetName, string[]>>>({});
  sort = $state<Sort>("best");
  page = $state(1);
  answer = $state.raw<SearchAnswer | null>(null);
  busy = $state(false);
  error = $state.raw<unknown>(null);
  /** The title beside the results. */
  current = $state("");
  /** Whether titles are being chosen. */
  picking = $state(false);
  picked = $state.raw<readonly Title[]>([]);
  /** Not some titles but all that are found. */
  all = $state(false);
  #asked: AbortController | undefined;

  constructor(query: URLSearchParams) {
    this.q = query.get("q") ?? "";
    this.page = Math.max(1, Number(query.get("page")) || 1);
    this.sort = sorts.find((sort) => sort === query.get("sort")) ?? "best";
    const chosen: Partial<Record<FacetName, string[]>> = {};
    for (const name of facetNames) {
      const values = query.getAll(name).filter(Boolean);
      if (values.length) chosen[name] = values;
    }
    this.chosen = chosen;
  }

  /** The search as an address, to be kept, shared and gone back to. */
  get query(): URLSearchParams {
    const query = this.#wanted();
    if (this.page > 1) query.set("page", String(this.page));
    return query;
  }

  /** What is looked for, without the page. */
  #wanted(): URLSearchParams {
    const query = new URLSearchParams();
    if (this.q) query.set("q", this.q);
    for (const name of facetNames) for (const value of this.chosen[name] ?? []) query.append(name, value);
    if (this.sort !== "best") query.set("sort", this.sort);
    return query;
  }

  get pages(): number {
    return Math.max(1, Math.ceil((this.answer?.totalItems ?? 0) / PER_PAGE));
  }

  get filters(): [FacetName, string][] {
    return facetNames.flatMap((name) => (this.chosen[name] ?? []).map((value): [FacetName, string] => [name, value]));
  }

  has(name: FacetName, value: string): boolean {
    return this.chosen[name]?.includes(value) ?? false;
  }

  type(q: string) {
    this.q = q;
    this.#anew();
  }

  /** Narrows to a value beside the others of its group, or widens again when it was chosen before. */
  choose(name: FacetName, value: string) {
    const before = this.chosen[name] ?? [];
    this.chosen = { ...this.chosen, [name]: before.includes(value) ? before.filter((one) => one !== value) : [...before, value] };
    this.#anew();
  }

  order(sort: Sort) {
    this.sort = sort;
    this.#anew();
  }

  #anew() {
    this.page = 1;
    this.all = false;
    void this.run();
  }

  turn(page: number) {
    this.page = page;
    void this.run();
  }

  /** Goes to the result before or behind the current one; answers its id. */
  step(by: 1 | -1): string {
    const items = this.answer?.items ?? [];
    const at = items.findIndex((title) => title.id === this.current);
    const next = items[at < 0 ? 0 : Math.min(items.length - 1, Math.max(0, at + by))];
    if (next) this.current = next.id;
    return this.current;
  }

  isPicked(id: string): boolean {
    return this.all || this.picked.some((title) => title.id === id);
  }

  pick(title: Title) {
    if (this.all) {
      // All but this one is no selection the server knows: what is on this page stays.
      this.all = false;
      this.picked = (this.answer?.items ?? []).filter((one) => one.id !== title.id);
      return;
    }
    this.picked = this.isPicked(title.id) ? this.picked.filter((one) => one.id !== title.id) : [...this.picked, title];
  }

  pickPage() {
    const items = this.answer?.items ?? [];
    const fresh = items.filter((title) => !this.isPicked(title.id));
    this.picked = fresh.length ? [...this.picked, ...fresh] : this.picked.filter((title) => !items.some((one) => one.id === title.id));
  }

  /** Ends choosing. */
  drop() {
    this.picking = false;
    this.picked = [];
    this.all = false;
  }

  get count(): number {
    return this.all ? (this.answer?.totalItems ?? 0) : this.picked.length;
  }

  get selection(): Selection {
    // An order always stands in it, so that it is never empty: an empty search is the whole catalogue.
    const query = this.#wanted();
    query.set("sort", this.sort);
    return this.all ? { search: query.toString() } : { titles: this.picked.map((title) => title.id) };
  }

  async run(): Promise<void> {
    this.#asked?.abort();
    const asked = new AbortController();
    this.#asked = asked;
    this.busy = true;
    const query = this.query;
    query.set("perPage", String(PER_PAGE));
    const door = account.person?.role === "volunteer" ? "search" : "titles";
    try {
      const answer = await ask<SearchAnswer>(`${door}?${query}`, { signal: asked.signal });
      if (this.#asked !== asked) return;
      this.answer = answer;
      this.error = null;
      if (!answer.items.some((title) => title.id === this.current)) this.current = answer.items[0]?.id ?? "";
    } catch (error) {
      if (this.#asked !== asked) return;
      this.error = error;
    }
    this.busy = false;
  }
}
