/** Money is whole cents of the school's currency, or its whole units where it has no cents. Days are "2026-04-14". */
export type Year = { id: string; name: string; starts: string; ends: string; closed: boolean };

export const fundKinds = ["allocation", "grant", "gift", "fundraiser"] as const;
export type FundKind = (typeof fundKinds)[number];
export type Fund = {
  id: string; updated: string; year: string; name: string; kind: FundKind; purpose: string; funder: string; award: string;
  /** Empty without a day. */
  spend_by: string; report_by: string;
  /** Allocated and transferred. */
  given: number; allocated: number; transferred: number; spent: number; encumbered: number; available: number;
  days_left: number | null; position: number;
};
export type Warning = { kind: "fund_below" | "grant_ends" | "report_due" | "order_late"; fund?: string; order?: string; cents?: number; days?: number; message: string };
export type Approval = "none" | "principal" | "coordinator";
export type Month = { month: string; spent: number };
export type Overview = {
  years: Year[]; year: string; currency: string; funds: Fund[];
  open: { orders: number; held: number };
  spending: { given: number; months: Month[] };
  free: number; warnings: Warning[]; approval: Approval; may: { order: boolean; approve: boolean };
};
export type Entry = {
  id: string; act: string; key: string; at: string;
  kind: "allocate" | "transfer_in" | "transfer_out" | "encumber" | "disencumber" | "spend" | "refund" | "adjust";
  cents: number;
  /** What it changed of what is available. */
  change: number;
  order: { id: string; number: string } | null; line: string; reason: string; by: string; reversed: boolean;
  /** Its act can be taken back. */
  undoable: boolean;
  /** What was available after it. */
  balance: number;
};

export type Vendor = { id: string; updated: string; name: string; account: string; email: string; phone: string; address: string; note: string; /** In hundredths of a percent. */ discount: number };

export const orderStates = ["draft", "approved", "sent", "partly_received", "received", "closed", "cancelled"] as const;
export type OrderState = (typeof orderStates)[number];
export type Line = {
  id: string; fund: { id: string; name: string }; title: { id: string; title: string } | null; name: string; isbn: string; pieces: number; price: number;
  total: number; received: number; spent: number; encumbered: number; request: string; items: number;
};
export type Invoice = { id: string; number: string; day: string; amount: number; note: string };
export type ActKind = "approve" | "send" | "receive" | "invoice" | "close" | "cancel" | "roll" | "undo";
export type OrderAct = { key: string; kind: ActKind; at: string; by: string; reason: string; reversed: boolean; undoable: boolean };
export type Order = {
  id: string; updated: string; year: string; vendor: { id: string; name: string }; number: string; name: string; state: OrderState; late: boolean;
  /** The role it waits for, or empty. */
  waits: string;
  discount: number; shipping: number; tax: number; total: number; spent: number; encumbered: number; note: string; standing: "" | "monthly" | "yearly"; expected: string;
  approved_at: string; approved_by: string; sent_at: string;
  /** Days since it was sent, else since it was made. */
  age: number; pieces: number; received: number;
  lines?: Line[]; invoices?: Invoice[]; acts?: OrderAct[];
};
export type Made = { id: string; barcode: string; title: string };

export type Bought = { title: { id: string; title: string }; copies: number; cents: number; loans: number };
export type GrantReport = {
  fund: Fund; awarded: number; spent: number; on_order: number; left: number; books: number; loans: number; per_loan: number | null;
  /** Homerooms that borrowed them; null where they are too few to tell. */
  classes: number | null;
  bought: Bought[];
  /** What is no book. */
  other: { name: string; pieces: number; cents: number }[];
  orders: Order[]; as_of: string;
};

export type CostBy = "fund" | "class" | "year";
export type CostRow = { /** Empty where it is not known. */ name: string; items: number; cents: number; loans: number; per_loan: number | null };
export type Cost = { rows: CostRow[]; total: CostRow; since: string };
