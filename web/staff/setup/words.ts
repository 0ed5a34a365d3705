import { m } from "../../shared/paraglide/messages";
import type { Step } from "./progress.svelte";

const names: Record<Step, () => string> = {
  school: m.wizard_school,
  calendar: m.wizard_calendar,
  books: m.wizard_books,
  students: m.wizard_students,
  cards: m.wizard_cards,
  kiosk: m.wizard_kiosk,
};

export const stepName = (step: Step) => names[step]();

/** A grade as people call it: "Kindergarten", "8". */
export function gradeName(grade: string): string {
  if (grade === "PK") return m.wizard_grade_pk();
  return grade === "K" ? m.wizard_grade_k() : grade;
}
