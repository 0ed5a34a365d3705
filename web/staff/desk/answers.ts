import type { Block, Loan, OpenLoan, Patron, Refusal } from "../api";

/** A book as the desk shows it. */
export type Thing = { barcode: string; title: string; author: string; call_number: string };

/** Who borrows, as far as an act needs it. */
export type Borrower = { id?: string; barcode: string; name: string; first_name: string };

export type DeskLoan = OpenLoan & { claim?: "" | "returned" | "never_had" };
export type DeskHold = { id: string; state: "waiting" | "ready"; title: string; item: string; pickup_by?: string };
export type DeskPatron = Patron & {
  /** How many in all; null when nothing limits it. */
  limit?: number | null;
  say_name?: string;
  picture?: boolean;
  /** Languages, as people write them or as codes. */
  reads?: string | string[];
  /** For librarians only, from here on. */
  note?: string;
  updated?: string;
  restricted?: boolean;
  keep_history?: boolean;
};
export type PersonAnswer = {
  patron: DeskPatron;
  blocks: Block[];
  loans: DeskLoan[];
  holds: DeskHold[];
  lost?: { barcode: string; title: string }[];
  /** What is still to pay, "12.50"; only where the library charges money, for librarians. */
  owed?: string;
};

export type LentAnswer = {
  loan: Loan;
  why_due: string;
  item?: Thing;
  left?: number | null;
  /** What the book was before the scan found it. */
  found?: "missing" | "lost";
  /** From whom it was brought back in the same act; without a name for volunteers. */
  returned?: { barcode: string; name: string };
};
export type ReturnAnswer = {
  loan: Loan | null;
  item?: Thing;
  next: "shelve" | "hold" | "repair" | "transfer" | "aside" | "search" | "nothing";
  message: string;
  found?: "" | "missing" | "lost";
  claimed?: boolean;
  hold?: { patron: string; name: string; homeroom: string; pickup_by: string };
};
export type MarkAnswer = { item: { barcode: string; title: string }; status: string; message: string };

/** What a scanned code is; also is "item" when a person and a book have the same. */
export type Code = { kind: "patron" | "item" | "isbn" | "none"; also?: "item"; code: string; barcode?: string; item?: Thing };

/** An act the rules said no to, kept until a person decides. */
export type Stopped = {
  kind: "loan" | "renewal" | "claim";
  /** For whom; empty where nobody is meant. */
  name: string;
  item: string;
  thing?: Thing;
  refusals: Refusal[];
  /** What is likely meant as the reason. */
  hold?: boolean;
  again: (pass: Pass) => Promise<unknown>;
};

/** The refusals passed on purpose, and why. */
export type Pass = { override?: string[]; reason?: string };

/** The refusals that are about the person and not about the book: they may be passed for more than one book. */
export const ofPerson = ["loan_limit", "type_limit", "patron_overdue", "patron_fees", "patron_blocked", "patron_expired"];
