import { m } from "../../shared/paraglide/messages";
import { grades as order } from "../people/grades";

/** Grades as people write them: "3,4,5" is "3–5", "K,2" is "K, 2". */
export function span(grades: string): string {
  const places = grades.split(",").flatMap((grade) => { const at = order.findIndex((one) => one === grade); return at < 0 ? [] : [at]; });
  const parts: string[] = [];
  for (let i = 0; i < places.length; ) {
    let last = i;
    while (places[last + 1] === places[last]! + 1) last++;
    const [from, to] = [order[places[i]!]!, order[places[last]!]!];
    parts.push(last === i ? from : last === i + 1 ? `${from}, ${to}` : `${from}–${to}`);
    i = last + 1;
  }
  return parts.join(", ");
}

/** "Grade 4", "Kindergarten". */
export function gradeName(grade: string): string {
  if (grade === "PK") return m.settings_grade_pk();
  if (grade === "K") return m.settings_grade_k();
  return m.settings_grade({ grade });
}

/** "Kindergarten", "Grade 4" or "Grades 3–5"; nothing for any. */
export function gradesName(grades: string): string {
  if (!grades) return "";
  return grades.includes(",") ? m.standards_for_grades({ grades: span(grades) }) : gradeName(grades);
}

/** A statement on one line: its code, if it has one, and its words. */
export const line = (one: { code: string; text: string }) => (one.code && one.code !== one.text ? `${one.code} ${one.text}` : one.text);
