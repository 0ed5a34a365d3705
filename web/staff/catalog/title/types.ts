import type { Item } from "../../items/types";

/** The friendly fields of a record, as docs/api.md describes a form. */
export type Fields = {
  title: string; subtitle: string; author: string; illustrator: string; isbn: string[]; call_number: string; kind: string; grades_from: string; grades_to: string;
  publisher: string; place: string; year: string; pages: string; lexile: string; ar_level: string; ar_points: string; ar_quiz: string;
  series: string; volume: string; edition: string; language: string; subjects: string[]; summary: string;
};
export type FieldName = keyof Fields;

export const noFields: Fields = {
  title: "", subtitle: "", author: "", illustrator: "", isbn: [], call_number: "", kind: "", grades_from: "", grades_to: "",
  publisher: "", place: "", year: "", pages: "", lexile: "", ar_level: "", ar_points: "", ar_quiz: "",
  series: "", volume: "", edition: "", language: "", subjects: [], summary: "",
};
export const fieldNames = Object.keys(noFields) as FieldName[];

/** Something odd about a field that was saved all the same. */
export type Remark = { field: string; code: string; message: string };

export type TitleView = {
  title: { id: string; updated: string; merged_into: string; cover: string; type: string; author: string; fields: Fields; shared: boolean };
  items: Item[];
  holds: number;
  use: { this_year: number; last_year: number; all: number; months: { month: string; loans: number }[] };
  lists: { id: string; name: string }[];
  versions: number;
  tags: string[];
  problems: Remark[];
};

export type Subfield = { code: string; value: string };
export type MarcField = { tag: string; ind1: string; ind2: string; value?: string; subfields?: Subfield[]; means: string; fixed?: boolean };
export type MarcProblem = { at: string; code: string; message: string; hard: boolean };
export type MarcAnswer = { updated: string; leader: string; fields: MarcField[]; problems: MarcProblem[]; versions: number };

export type Difference = { tag: string; was: string; is: string };
export type Version = { n: number; at: string; by: string; how: "form" | "marc" | "import" | "merge" | "restore" | "made"; changes: Difference[] };

/** A title that seems to be the same as one that is typed in. */
export type Double = { id: string; title: string; author: string; year: number; isbn: string; call_number: string; cover: string };
