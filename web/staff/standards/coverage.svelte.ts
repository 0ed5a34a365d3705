import { ask } from "../api";
import { Pages } from "../parts/pages.svelte";
import { Attempt } from "../settings/attempt.svelte";
import type { Coverage, Covered } from "./types";

/** Which rows are shown: those that sessions reached, those not yet, or all. */
export type Which = "reached" | "missing" | "all";

/** From how many rows on a framework shows what was reached first, not everything. */
const LONG = 200;

/** What was taught, standard by standard and grade by grade. */
export class Taught {
  coverage = $state.raw<Coverage | null>(null);
  which = $state<Which>("all");
  readonly attempt = new Attempt();
  /** The rows in view, in order. */
  readonly rows = $derived((this.coverage?.rows ?? []).filter((row) => this.which === "all" || (this.which === "reached") === row.total > 0));
  readonly pages = new Pages<Covered>((page, perPage) => Promise.resolve({ items: this.rows.slice((page - 1) * perPage, page * perPage), totalItems: this.rows.length }));
  /** Statements that are no headings, and how many of them were reached. */
  readonly leaves = $derived((this.coverage?.rows ?? []).filter(({ leaf }) => leaf));
  readonly reached = $derived(this.leaves.filter(({ total }) => total > 0).length);

  /** Empty values leave it to the server: the framework most used, the school year until today. */
  load(framework = "", from = "", until = ""): Promise<boolean> {
    return this.attempt.read(async () => {
      const query = new URLSearchParams(Object.entries({ framework, from, until }).filter(([, value]) => value));
      const before = this.coverage?.framework.id;
      this.coverage = await ask<Coverage>(`standards/coverage?${query}`);
      if (this.coverage.framework.id !== before) this.which = this.coverage.rows.length > LONG && this.reached ? "reached" : "all";
      await this.pages.again();
    });
  }

  show(which: Which) {
    this.which = which;
    void this.pages.again();
  }
}

/** Whether a standard is meant for a grade. */
export const meant = (row: Covered, grade: string) => row.grades === "" || row.grades.split(",").includes(grade);
