import type { DeskLoan, PersonAnswer } from "./answers";

/** One thing to know about the person at the desk. */
export type Alert =
  | { kind: "family" }
  | { kind: "lost"; titles: string[] }
  | { kind: "late"; loans: DeskLoan[] }
  | { kind: "hold"; titles: string[]; until: string }
  | { kind: "note"; text: string }
  | { kind: "block"; text: string };

/** Blocks that other alerts or the facts say already: late books, and a full hand. */
const saidElsewhere = ["patron_overdue", "loan_limit"];

/** Everything to know, in the order in which it matters at the desk. */
export function alertsOf({ patron, loans, lost = [], holds, blocks }: PersonAnswer): Alert[] {
  const alerts: Alert[] = [];
  const late = loans.filter((loan) => loan.overdue && !loan.claim);
  const ready = holds.filter((hold) => hold.state === "ready");
  if (patron.restricted) alerts.push({ kind: "family" });
  if (lost.length) alerts.push({ kind: "lost", titles: lost.map(({ title }) => title) });
  if (late.length) alerts.push({ kind: "late", loans: late });
  if (ready.length) alerts.push({ kind: "hold", titles: ready.map(({ title }) => title), until: ready[0]!.pickup_by ?? "" });
  if (patron.note) alerts.push({ kind: "note", text: patron.note });
  for (const { code, message } of blocks) if (!saidElsewhere.includes(code)) alerts.push({ kind: "block", text: message });
  return alerts;
}
