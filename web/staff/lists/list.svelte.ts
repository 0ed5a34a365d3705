import { m } from "../../shared/paraglide/messages";
import { ask, Refused, type SearchAnswer } from "../api";
import { Pages } from "../parts/pages.svelte";
import { Attempt } from "../settings/attempt.svelte";
import { toasts } from "../toasts.svelte";
import { moved, type Draft, type List, type Listed } from "./types";

type Change = { add?: string[]; remove?: string[]; order?: string[] };

/** One list that is open: its titles in order, and what is done to them. Each change can be taken back. */
export class OpenList {
  list = $state.raw<List | null>(null);
  titles = $state.raw<Listed[]>([]);
  /** What somebody else saved meanwhile, beside what is typed here. */
  theirs = $state.raw<List | null>(null);
  /** What was found for the words typed to add a title. */
  found = $state.raw<Listed[]>([]);
  words = $state("");
  /** Said of the last scan: added, there already, or unknown. */
  said = $state<{ tone: "ok" | "warn"; text: string } | null>(null);
  readonly pages = new Pages<Listed>((page, per) => Promise.resolve({ items: this.titles.slice((page - 1) * per, page * per), totalItems: this.titles.length }));
  readonly loading = new Attempt();
  readonly attempt = new Attempt();
  readonly saving = new Attempt();
  #search = new AbortController();
  #tail: Promise<void> = Promise.resolve();

  constructor(readonly id: string) {}

  load = () =>
    this.loading.read(async () => {
      const { list, titles } = await ask<{ list: List; titles: Listed[] }>(`lists/${this.id}`);
      this.list = list;
      this.titles = titles;
      await this.pages.again();
    });

  /** Saves what was typed of the list itself. */
  async save(draft: Draft): Promise<boolean> {
    const before = this.list;
    if (!before) return false;
    this.theirs = null;
    const saved = await this.saving.run(() => this.#patch({ ...draft, updated: before.updated }));
    if (saved) toasts.say(m.lists_saved({ name: draft.name }), () => void this.attempt.run(() => this.#patch({ ...before, updated: this.list!.updated })));
    return saved;
  }

  /** What is typed goes over what somebody else saved. */
  insist(draft: Draft): Promise<boolean> {
    if (this.theirs) this.list = this.theirs;
    return this.save(draft);
  }

  async #patch(body: Partial<List>) {
    try {
      this.list = (await ask<{ list: List }>(`lists/${this.id}`, { method: "PATCH", body })).list;
    } catch (error) {
      if (error instanceof Refused && error.code === "changed") this.theirs = error.data.current as List;
      throw error;
    }
    if (body.search !== undefined) await this.load();
  }

  /** Looks for titles by words, a barcode or an ISBN. */
  async look(): Promise<Listed[]> {
    this.#search.abort();
    this.#search = new AbortController();
    const { signal } = this.#search;
    const words = this.words.trim();
    if (!words) return (this.found = []);
    try {
      const { items } = await ask<SearchAnswer>(`search?${new URLSearchParams({ q: words, perPage: "8" })}`, { signal });
      return signal.aborted ? [] : (this.found = items);
    } catch (error) {
      if (!signal.aborted) this.attempt.fail(error);
      return [];
    }
  }

  /** A scan, or Enter: what is found as the only title is added at once. */
  async enter(code: string): Promise<void> {
    this.words = code;
    this.said = null;
    const found = await this.look();
    const [one] = found;
    if (found.length === 1 && one) return this.add(one);
    if (!found.length) this.said = { tone: "warn", text: m.lists_not_found({ code }) };
  }

  add = (title: Listed) => this.#inTurn(() => this.#add(title));
  remove = (title: Listed) => this.#inTurn(() => this.#remove(title));
  /** Moves the title at one place to another, both from 0. */
  move = (from: number, to: number) => this.#inTurn(() => this.#move(from, to));

  /** Books are scanned faster than they are kept: each waits for the one before it. */
  #inTurn<T>(work: () => Promise<T>): Promise<T> {
    const turn = this.#tail.then(work);
    this.#tail = turn.then(() => {}, () => {});
    return turn;
  }

  async #add(title: Listed): Promise<void> {
    this.words = "";
    this.found = [];
    if (this.titles.some(({ id }) => id === title.id)) {
      this.said = { tone: "warn", text: m.lists_there_already({ title: title.title }) };
      return;
    }
    const done = await this.#change({ add: [title.id] }, [...this.titles, title]);
    if (done) this.said = { tone: "ok", text: m.lists_added({ title: title.title }) };
  }

  async #remove(title: Listed): Promise<void> {
    const before = this.titles;
    const done = await this.#change({ remove: [title.id] }, before.filter(({ id }) => id !== title.id));
    if (done) toasts.say(m.lists_taken_out({ title: title.title }), () => this.#inTurn(() => this.#back({ add: [title.id] }, before)));
  }

  async #move(from: number, to: number): Promise<boolean> {
    const before = this.titles;
    const after = moved(before, from, to);
    if (after.every((title, i) => title === before[i])) return false;
    const done = await this.#change({ order: after.map(({ id }) => id) }, after);
    if (done) toasts.say(m.lists_moved({ title: before[from]!.title, n: after.indexOf(before[from]!) + 1 }), () => this.#inTurn(() => this.#back({}, before)));
    return done;
  }

  /** Takes a change back: the order is as it was, titles that came since follow, and those that went since stay away. */
  async #back(change: Change, before: Listed[]): Promise<void> {
    const there = new Set([...this.titles.map(({ id }) => id), ...(change.add ?? [])]);
    const known = new Set(before.map(({ id }) => id));
    const after = [...before.filter(({ id }) => there.has(id)), ...this.titles.filter(({ id }) => !known.has(id))];
    await this.#change({ ...change, order: before.map(({ id }) => id) }, after);
  }

  /** Shows at once what will be, and goes back when the server says no. */
  async #change(change: Change, after: Listed[]): Promise<boolean> {
    const before = this.titles;
    this.titles = after;
    await this.pages.again();
    const done = await this.attempt.run(async () => {
      this.list = (await ask<{ list: List }>(`lists/${this.id}/titles`, { method: "POST", body: change })).list;
    });
    if (!done) {
      this.titles = before;
      await this.pages.again();
    }
    return done;
  }
}
