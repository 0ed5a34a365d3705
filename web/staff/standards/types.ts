/** A standard as a lesson names it. framework is an id. */
export type Standard = { id: string; framework: string; code: string; text: string };

/** A set of standards that a school brought in, or Carrel's own short list. */
export type Framework = {
  id: string;
  title: string;
  creator: string;
  language: string;
  status: string;
  statements: number;
  /** How many of them lessons name. */
  used: number;
  own: boolean;
  imported_at: string;
  updated: string;
};

/** One statement of a whole tree: id, index of the one above or -1, code, text, grades "K,1", type, in how many lessons, 1 when its makers took it out. */
export type Row = [id: string, above: number, code: string, text: string, grades: string, type: string, used: number, gone: 0 | 1];
export type TreeAnswer = { framework: Framework; statements: Row[] };

/** What a search brought; path are the texts above it. */
export type Found = Standard & { framework_title: string; notes: string; grades: string; path: string[] };
export type SearchAnswer = { statements: Found[]; near: boolean };

/** What a file does to what is there. Kept are those of gone that lessons name. */
export type Changes = { added: number; changed: number; gone: number; kept: number; same: number };
export type Remark = { code: string; statement: string; line: number; message: string };
export type Preview = {
  framework: Framework;
  statements: number;
  remarks: Remark[];
  remarks_of: number;
  changes: Changes;
  sample: { code: string; text: string; depth: number }[];
};

/** Sessions taught by grade for one standard; a heading has those of all below it. */
export type Covered = { id: string; code: string; text: string; depth: number; grades: string; cells: number[]; total: number; leaf: boolean };
export type Coverage = { framework: Framework; frameworks: Framework[]; from: string; until: string; grades: string[]; rows: Covered[]; sessions: number; without: number };
