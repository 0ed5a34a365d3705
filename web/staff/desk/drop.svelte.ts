import { dayOf } from "../../shared/dates";
import type { ReturnAnswer } from "./answers";

/** One book out of the drop, and what is to do with it. */
export type Dropped = { id: number; key: string; barcode: string; title: string; message: string; to: "shelf" | "hold" | "aside" | "trouble"; claimed: boolean };

/** The book drop being emptied: nothing stops the scanning, and what needs a hand is listed at the end. */
export class Drop {
  /** The day the books came back, "2026-04-21". */
  day = $state(dayOf(new Date()));
  rows = $state.raw<Dropped[]>([]);
  /** The scanning is over, and the results are shown. */
  over = $state(false);
  #next = 0;

  /** Today counts as now; an earlier day as its noon, which no time zone moves to another day. */
  get at(): string | undefined {
    if (!this.day || this.day === dayOf(new Date())) return undefined;
    return new Date(`${this.day}T12:00:00`).toISOString();
  }

  take(key: string, code: string, { item, loan, next, message, claimed = false }: ReturnAnswer) {
    const to = next === "shelve" ? "shelf" : next === "hold" ? "hold" : "aside";
    this.#add({ key, barcode: item?.barcode ?? code, title: item?.title ?? loan?.item.title ?? "", message, to, claimed });
  }

  fail(code: string, message: string) {
    this.#add({ key: "", barcode: code, title: "", message, to: "trouble", claimed: false });
  }

  clear() {
    this.rows = [];
    this.over = false;
    this.day = dayOf(new Date());
  }

  #add(row: Omit<Dropped, "id">) {
    this.rows = [{ id: this.#next++, ...row }, ...this.rows];
  }
}
