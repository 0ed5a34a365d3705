import { problem } from "../words";

type Answer<T> = { items: T[]; totalItems: number };
type Fetch<T> = (page: number, perPage: number, signal: AbortSignal) => Promise<Answer<T>>;

/** Rows asked for at once. */
const PER_PAGE = 100;

/** A list of any length, of which only the pages that are looked at are fetched. */
export class Pages<T> {
  total = $state<number | null>(null);
  trouble = $state("");
  /** Goes up when everything was asked for again: what is in view is wanted anew. */
  turn = $state(0);
  #rows = $state.raw(new Map<number, T[]>());
  #asked = new Set<number>();
  #stop = new AbortController();
  #fetch: Fetch<T>;

  constructor(fetch: Fetch<T>) {
    this.#fetch = fetch;
  }

  /** The row at an index from 0; undefined while it is on its way. */
  at(index: number): T | undefined {
    return this.#rows.get(Math.floor(index / PER_PAGE))?.[index % PER_PAGE];
  }

  /** Sees to it that the rows from one index to another are there or coming. */
  need(from: number, to: number) {
    for (let page = Math.floor(from / PER_PAGE); page <= Math.floor(to / PER_PAGE); page++) void this.#ask(page);
  }

  /** Asks for everything again, as after a new search. What is shown stays until the answer is there. */
  async again(): Promise<void> {
    this.#stop.abort();
    this.#stop = new AbortController();
    this.#asked.clear();
    await this.#ask(0, true);
  }

  async #ask(page: number, anew = false): Promise<void> {
    if (this.#asked.has(page)) return;
    this.#asked.add(page);
    const { signal } = this.#stop;
    try {
      const answer = await this.#fetch(page + 1, PER_PAGE, signal);
      if (signal.aborted) return;
      this.#rows = new Map([...(anew ? [] : this.#rows), [page, answer.items]]);
      this.total = answer.totalItems;
      if (anew) this.turn++;
      this.trouble = "";
    } catch (error) {
      if (signal.aborted) return;
      this.#asked.delete(page);
      this.trouble = problem(error);
    }
  }
}
