/** The grades of schools, in the order in which children go through them, as the roster writes them. */
export const grades = ["PK", "K", "1", "2", "3", "4", "5", "6", "7", "8", "9", "10", "11", "12"] as const;

/** The grades a school has; all of them when it does not say. */
export function gradesBetween(from: string, to: string): readonly string[] {
  const [first, last] = [from, to].map((grade) => grades.findIndex((one) => one === grade)) as [number, number];
  return first < 0 || last < first ? grades : grades.slice(first, last + 1);
}
