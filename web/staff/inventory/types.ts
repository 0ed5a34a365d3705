/** A walk along the shelves: the whole library, a location, a stretch of call numbers. */
export type Inventory = { id: string; name: string; location: string; from: string; to: string; state: "open" | "closed"; started_at: string; ended_at: string };

/** One thing to do about a book that was scanned. */
export type Wrong = { code: string; message: string };

/** What the server says to a scan. */
export type Scanned = { code: string; item: { barcode: string; title: string } | null; out: boolean; found: string; call_number: string; location: string; wrong: Wrong[] };

export type Line = { item: string; barcode: string; title: string; call_number: string; location: string };
export type Misplaced = Line & { why: "order" | "location" | "range" | "site"; behind: Line | null; after: Line | null; before: Line | null };
export type Shelf = { name: string; expected: number; seen: number; away: number };

export type Findings = {
  scans: number;
  expected: number;
  seen: number;
  away: number;
  shelves: Shelf[];
  not_seen: Line[];
  misplaced: Misplaced[];
  out_but_here: Line[];
  found: (Line & { was: string })[];
  withdrawn: Line[];
  unknown: { code: string; behind: Line | null }[];
};

export const lists = ["not_seen", "misplaced", "out_but_here", "found", "withdrawn", "unknown"] as const;
export type ListName = (typeof lists)[number];
