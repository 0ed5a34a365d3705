import type { Block, OpenLoan, Patron } from "../api";

/** By what a person is asked for and addressed: the barcode, or the id of somebody who has none. */
export const keyOf = ({ barcode, id }: { barcode: string; id: string }) => barcode || id;

/** A row of the list of students. */
export type StudentRow = {
  id: string;
  barcode: string;
  name: string;
  grade: string;
  homeroom: { id: string; name: string } | null;
  status: "active" | "left";
  loans: number;
  late: number;
  blocked: boolean;
  picture: boolean;
};

/** A homeroom with what a list of them tells. */
export type Room = {
  id: string;
  name: string;
  teacher: string;
  grade: string;
  patrons: number;
  late: number;
  library_days: string;
  visits: string;
  pictures: number;
};

/** A kind of patron, from the vocabulary. */
export type PatronType = { id: string; code: string; name: string };

/** Somebody as the server tells it. What is only for librarians is not sent to others. */
export type Person = Patron & {
  say_name?: string;
  homeroom_id?: string;
  type_code?: string;
  picture?: boolean;
  reads?: string;
  language?: string;
  note?: string;
  email?: string;
  guardian_email?: string;
  updated?: string;
  block?: string;
  restricted?: boolean;
  keep_history?: boolean;
};

export type Hold = { id: string; state: string; place: number; pickup_by?: string; title: string; author: string };
/** owed only where the library charges money, and for librarians. */
export type PersonAnswer = { patron: Person; blocks: Block[]; loans: OpenLoan[]; holds: Hold[]; owed?: string };

export type Mode = "deny" | "allow" | "ask";
export type Scope = "all" | "title" | "tag" | "author" | "series";
/** What a family asked for; title for the scope title, value for a tag, an author or a series. */
export type Choice = { id: string; mode: Mode; scope: Scope; title?: { id: string; title: string }; value: string; note: string };
/** A child whose family asked for something. */
export type Child = { id: string; barcode: string; name: string; homeroom: string; status: string; picture: boolean; choices: number };

/** Amounts are decimal strings, "12.50". */
export type Fee = { id: string; reason: string; note: string; at: string; amount: string; paid: string; waived: string; owed: string };
export type Account = { fees: Fee[]; owed: string };

export type PastLoan = { id: string; barcode: string; title: string; author: string; out_at: string; returned_at: string };
