import type { LentAnswer, PersonAnswer } from "./answers";

// What the desk shows between an act and the next look at the whole person.

export function withLoan(person: PersonAnswer, { loan, item, left }: LentAnswer): PersonAnswer {
  const { barcode, title } = loan.item;
  const row = { id: loan.id, due: loan.due, out_at: loan.out_at, overdue: false, renewals: 0, item: { author: "", call_number: "", ...item, barcode, title } };
  const holds = person.holds.filter((hold) => hold.item !== barcode);
  return { ...person, patron: { ...person.patron, left: left ?? person.patron.left }, loans: [row, ...without(person, barcode)], holds };
}

export function withoutLoan(person: PersonAnswer, barcode: string): PersonAnswer {
  const loans = without(person, barcode);
  return loans.length === person.loans.length ? person : { ...person, loans };
}

export function withRenewal(person: PersonAnswer, { loan }: LentAnswer): PersonAnswer {
  return {
    ...person,
    loans: person.loans.map((row) => (row.item.barcode === loan.item.barcode ? { ...row, due: loan.due, overdue: false, renewals: row.renewals + 1 } : row)),
  };
}

const without = (person: PersonAnswer, barcode: string) => person.loans.filter((row) => row.item.barcode !== barcode);

/** The loans in the order a librarian reads them: what was just lent, then what is due first. */
export function inOrder(loans: PersonAnswer["loans"], fresh: readonly string[]): PersonAnswer["loans"] {
  const place = (barcode: string) => (fresh.includes(barcode) ? fresh.indexOf(barcode) : fresh.length);
  return loans.toSorted((a, b) => place(a.item.barcode) - place(b.item.barcode) || a.due.localeCompare(b.due));
}

/** How many count against the limit: what they say to have returned does not. */
export const counted = (person: PersonAnswer) => person.loans.filter((loan) => !loan.claim).length;

export const grade = (grade: string) => (grade === "0" ? "K" : grade);
