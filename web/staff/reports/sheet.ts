import type { Section } from "./types";

/** The sections of one row: beside each other, or over the whole width. */
export type Row = { wide: Section[]; left: Section[]; right: Section[] };

/** Puts sections that come row by row into their rows. */
export function inRows(sections: readonly Section[]): Row[] {
  const rows = new Map<number, Row>();
  for (const section of sections) {
    const row = rows.get(section.row) ?? { wide: [], left: [], right: [] };
    rows.set(section.row, row);
    (section.wide ? row.wide : section.right ? row.right : row.left).push(section);
  }
  return [...rows.values()];
}
