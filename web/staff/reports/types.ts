export type Choice = { value: string; name: string };
export type Parameter = { name: string; label: string; kind: "days" | "grade" | "location" | "choice" | "words"; choices?: Choice[]; value: string; from?: string; to?: string };
export type About = { id: string; name: string; about: string; parameters: Parameter[] };
export type Saved = { id: string; name: string; report: string; parameters: Record<string, string> };

export type Kind = "text" | "number" | "day" | "percent" | "money";
export type Column = { id: string; name: string; kind: Kind };
export type Cell = string | number | null;
/** What Chart draws: one value for each x in each series; the sentence says what it shows. */
export type ChartData = { kind: "bars" | "line" | "stack"; of: Kind; x: string[]; series: { name: string; values: number[] }[]; sentence: string };

export type Page = {
  school: string;
  title: string;
  from: string;
  to: string;
  for: string;
  sentence: string;
  tiles: { value: string; label: string; note: string }[];
  reading: { grades: string; loans: number; each: number | null }[];
  collection: { label: string; value: string }[];
  help: { what: string; why: string }[];
  help_text: string;
};
export type Report = About & { columns: Column[]; rows: Cell[][]; totals: Cell[]; charts: ChartData[]; hidden: number; notes: string[]; page?: Page; as_of: string; took_ms: number };
