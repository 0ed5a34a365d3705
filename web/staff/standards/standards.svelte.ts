import { ask } from "../api";
import { router } from "../router.svelte";
import { Attempt } from "../settings/attempt.svelte";
import { Outline } from "./outline.svelte";
import type { Found, Framework, SearchAnswer, TreeAnswer } from "./types";

/** A framework of ten thousand statements is a megabyte; a slow network may take a while for it. */
const PATIENCE = 30_000;

/** The frameworks of the school, and the one that is open as a tree. */
export class Frameworks {
  all = $state.raw<Framework[] | null>(null);
  /** The framework in the outline; null until it is there. */
  open = $state.raw<Framework | null>(null);
  readonly outline = new Outline();
  readonly loading = new Attempt();
  readonly reading = new Attempt();
  readonly removing = new Attempt();
  #wanted = "";

  load = () =>
    this.loading.read(async () => {
      this.all = (await ask<{ frameworks: Framework[] }>("standards")).frameworks;
    });

  /** Opens a framework as a tree. Only the last one asked for comes into view. */
  async show(id: string, again = false): Promise<boolean> {
    if (this.#wanted === id && !again) return true;
    if (this.#wanted !== id) this.open = null;
    this.#wanted = id;
    return this.reading.read(async () => {
      const wanted = this.#wanted;
      const answer = await ask<TreeAnswer>(`standards/${encodeURIComponent(wanted)}`, { patience: PATIENCE });
      if (wanted !== this.#wanted) return;
      if (this.open?.id !== wanted) this.outline.open = new Set();
      this.outline.fill(answer.statements);
      this.open = answer.framework;
    });
  }

  /** Forgets a framework; false when lessons use it, and removing says so. */
  remove(id: string): Promise<boolean> {
    return this.removing.run(async () => {
      await ask(`standards/${encodeURIComponent(id)}`, { method: "DELETE" });
      if (this.#wanted === id) {
        this.#wanted = "";
        this.open = null;
      }
      await this.load();
      if (router.rest[0] === id) router.go("teaching", "standards");
    });
  }
}

/** A search as it is typed: words in any order, codes with or without their signs. */
export class Search {
  text = $state("");
  /** Only this grade; empty for all. */
  grade = $state("");
  /** Only this framework; empty for all. */
  framework = $state("");
  found = $state.raw<Found[]>([]);
  /** None of those found has all the words. */
  near = $state(false);
  /** The text that found belongs to. */
  of = $state("");
  readonly attempt = new Attempt();

  look = () =>
    this.attempt.read(async () => {
      const text = this.text.trim();
      const query = new URLSearchParams({ q: text, grade: this.grade, framework: this.framework });
      const answer = text ? await ask<SearchAnswer>(`standards/search?${query}`) : { statements: [], near: false };
      this.found = answer.statements;
      this.near = answer.near;
      this.of = text;
    });

  clear() {
    this.text = this.of = "";
    this.found = [];
    this.near = false;
  }
}
