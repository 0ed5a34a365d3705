export const states = ["ready", "own", "choose", "waiting", "needs"] as const;
export type State = (typeof states)[number];

/** One record that may be the book's. */
export type Found = {
  n: number; source: string; sources: string[]; title: string; author: string; year: number; call_number: string; publisher: string; pages: string; language: string; series: string;
  edition: string; summary: string; subjects: string[];
};
/** One scan: one copy of a book to be added. */
export type Row = {
  id: string; code: string; isbn: string; scanned_at: string; by: string; state: State; found: Found[]; chosen: number; call_number: string; barcode?: string;
  /** Which copy of its title it will be. */
  copy: number;
  own?: { title: string; name: string; items: number };
  why: string; tried: string[]; item?: string;
};
export type Counts = { all: number; ready: number; own: number; choose: number; waiting: number; needs: number; today: number };
export type Batch = {
  location: string; type: string; fund?: string; vendor?: string;
  /** Cents. */
  price?: number;
  currency?: string; next_barcode: string; last_barcode: string; printed_left?: number;
};
export type SourceState = "always" | "unasked" | "online" | "offline" | "portal" | "limited" | "broken";
export type Source = { id: string; name: string; kind: "own" | "file" | "district" | "sru" | "openlibrary"; on: boolean; state: SourceState; at: string };
export type Queue = { rows: Row[]; counts: Counts; batch: Batch; sources: Source[]; on: boolean };

/** A book as it is typed in by hand. */
export type Typed = {
  title: string; subtitle: string; author: string; illustrator: string; isbn: string[]; publisher: string; year: string; pages: string; series: string; language: string; subjects: string[]; summary: string;
};
/** A batch that was added. */
export type Added = { id: string; n: number; state: string; undo_until: string; rows: Row[] };
export type Pool = { id: string; name: string; kind: "file" | "district"; records: number; at: string };

export const narrows = ["all", "ready", "needs", "waiting"] as const;
export type Narrow = (typeof narrows)[number];
