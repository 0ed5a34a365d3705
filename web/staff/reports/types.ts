export type Choice = { value: string; name: string };
export type Parameter = { name: string; label: string; kind: "days" | "grade" | "location" | "choice" | "words"; choices?: Choice[]; value: string; from?: string; to?: string };
export type About = { id: string; name: string; about: string; parameters: Parameter[] };
export type Saved = { id: string; name: string; report: string; parameters: Record<string, string> };

export type Kind = "text" | "number" | "day" | "percent" | "money";
export type Column = { id: string; name: string; kind: Kind };
export type Cell = string | number | null;
/** What Chart draws: one value for each x in each series; the sentence says what it shows. */
export type ChartData = { kind: "bars" | "line" | "stack"; of: Kind; x: string[]; series: { name: string; values: number[] }[]; sentence: string };

/** Shares before and after, 0 to 1 and null where nobody answered, with their words. */
export type Bar = { label: string; before: number | null; after: number | null; was: string; now: string };
/** A part of a sheet. Those of one row stand beside each other; a wide one takes all of its row. */
export type Section = {
  id: string;
  title: string;
  lead: string;
  row: number;
  right: boolean;
  wide: boolean;
  columns: { name: string; right: boolean; wide: boolean }[];
  rows: string[][];
  /** The last row is the sum. */
  strong: boolean;
  bars: Bar[];
  note: string;
};
/** A report that fits on one page; its words are said already. */
export type Sheet = {
  school: string;
  title: string;
  from: string;
  to: string;
  for: string;
  sentence: string;
  tiles: { value: string; label: string; note: string }[];
  sections: Section[];
};
export type Page = Sheet & { help: { what: string; why: string }[]; help_text: string };
export type Report = About & { columns: Column[]; rows: Cell[][]; totals: Cell[]; charts: ChartData[]; hidden: number; notes: string[]; page?: Page; sheet?: Sheet; as_of: string; took_ms: number };
