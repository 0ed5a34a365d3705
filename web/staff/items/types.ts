/** One physical thing that can be lent, as the catalogue shows it. Money is there for the librarian only. */
export type Item = {
  id: string;
  updated: string;
  barcode: string;
  status: Status;
  due?: string;
  /** The class that has it. */
  homeroom?: string;
  location: string;
  location_id: string;
  type: string;
  type_id: string;
  /** Its own; empty where that of the title counts. */
  call_number: string;
  copy: string;
  not_for_loan: boolean;
  public_note: string;
  staff_note: string;
  acquired: string;
  last_seen: string;
  /** Of all time. */
  loans: number;
  price?: string;
  currency?: string;
  vendor?: string;
  fund?: string;
};

export type Status = "available" | "on_loan" | "on_hold" | "missing" | "lost" | "damaged" | "incomplete" | "repair" | "transit" | "withdrawn";

/** What can be said of an item without a person being asked for. */
export type Mark = "found" | "arrive" | "missing" | "lost" | "repair" | "damaged" | "withdraw";

/** How the school calls a kind of item or a place. */
export type Word = { id: string; name: string };

/** Titles or items by id, or all matches of a search by its query string. */
export type Selection = { titles: string[] } | { items: string[] } | { search: string };
