import { ask, type PatronAnswer, type Resolved } from "../api";
import { m } from "../../shared/paraglide/messages";
import { Pages } from "../parts/pages.svelte";
import { problem } from "../words";
import type { StudentRow } from "./types";

/** How long to wait for the next letter, in milliseconds: each search is noted in the record of who looked. */
const PAUSE = 200;

export const onlys = ["late", "blocked", "no_picture", "owes"] as const;
export type Only = (typeof onlys)[number];
export const sorts = ["name", "homeroom", "grade"] as const;
export type Sort = (typeof sorts)[number];

const among = <T extends string>(value: string | null, known: readonly T[]): T | undefined => known.find((one) => one === value);

/** The list of students: what is searched, and the pages of it that are looked at. */
export class Students {
  q = $state("");
  homeroom = $state("");
  grade = $state("");
  only = $state<Only | "">("");
  left = $state(false);
  sort = $state<Sort>("name");
  /** What a scan was, when it opened nobody. */
  trouble = $state("");
  readonly pages = new Pages<StudentRow>((page, perPage, signal) => ask(`patrons?${this.#asking(page, perPage)}`, { signal }));
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(query: URLSearchParams) {
    this.q = query.get("q") ?? "";
    this.homeroom = query.get("homeroom") ?? "";
    this.grade = query.get("grade") ?? "";
    this.only = among(query.get("only"), onlys) ?? "";
    this.left = query.get("status") === "left";
    this.sort = among(query.get("sort"), sorts) ?? "name";
  }

  /** The search as an address, to be kept, shared and gone back to. */
  get query(): URLSearchParams {
    const query = new URLSearchParams();
    const all = { q: this.q.trim(), homeroom: this.homeroom, grade: this.grade, only: this.only, status: this.left ? "left" : "", sort: this.sort === "name" ? "" : this.sort };
    for (const [name, value] of Object.entries(all)) if (value) query.set(name, value);
    return query;
  }

  /** Whether anything narrows the list. */
  get narrowed(): boolean {
    return Boolean(this.q.trim() || this.homeroom || this.grade || this.only || this.left);
  }

  type(q: string) {
    this.q = q;
    this.trouble = "";
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => void this.pages.again(), PAUSE);
  }

  set(change: Partial<Pick<Students, "homeroom" | "grade" | "only" | "left" | "sort">>) {
    Object.assign(this, change);
    this.now();
  }

  clear() {
    this.q = this.homeroom = this.grade = this.only = "";
    this.left = false;
    this.now();
  }

  /** Asks at once, without waiting for more letters. */
  now(): Promise<void> {
    clearTimeout(this.#timer);
    this.trouble = "";
    return this.pages.again();
  }

  /** The key of whom a scanned card belongs to; null when it opens nobody, and trouble says why. */
  async scan(code: string): Promise<string | null> {
    this.trouble = "";
    try {
      const { kind, barcode } = await ask<Resolved & { barcode?: string }>(`resolve?code=${encodeURIComponent(code)}`);
      if (kind === "patron") return barcode || (await ask<PatronAnswer>(`patrons/${encodeURIComponent(code)}`)).patron.id;
      this.trouble = kind === "item" ? m.people_scan_book({ code }) : m.people_scan_none({ code });
    } catch (error) {
      this.trouble = problem(error);
    }
    return null;
  }

  #asking(page: number, perPage: number): URLSearchParams {
    const query = this.query;
    query.set("page", String(page));
    query.set("perPage", String(perPage));
    return query;
  }
}
