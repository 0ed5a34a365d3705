export type Kind = "titles" | "roster" | "pictures" | "turnover";

/** reading → ready or unreadable → running → done or stopped → undoing → undone. */
export type State = "reading" | "ready" | "running" | "done" | "stopped" | "undoing" | "undone" | "unreadable";

export type Counts = { added: number; updated: number; skipped: number; left?: number };

/** A record or row that could not be brought in, or one to know about. Counted from 1; 0 is the whole file. */
export type Row = { record: number; column?: string; code: string; message: string };

/** Everything of one sort that needs a look, with the first few. */
export type Sort = { code: string; n: number; message: string; first: Row[] };

/** A title as it will look. */
export type Sample = { title: string; author: string; call_number: string; year: string | number; barcode: string; items?: number };

/** A location or item type of the file that the library does not have; id is what somebody said it is, empty to make it. */
export type NewWord = { word: string; n: number; id: string };

/** What the item fields of a file of records hold, from its first records. goes is empty for what only stays in the record. */
export type Survey = { records: number; tags: { tag: string; items: number }[]; parts: { tag: string; code: string; goes: string; n: number; sample: string[] }[] };

/** What an import would do, or did. Each kind has its own part of it. */
export type Report = {
  source?: string;
  read?: number;
  rejected?: Row[];
  more_rejected?: number;
  warnings?: Row[];
  more_warnings?: number;
  titles?: Counts;
  items?: Counts;
  kinds?: Sort[];
  sample?: Sample | null;
  samples?: Sample[];
  new?: { locations: NewWord[] | null; types: NewWord[] | null };
  survey?: Survey | null;
  patrons?: Counts;
  /** More would leave than a school loses in a year: somebody must say that it is right. */
  many_leaving?: boolean;
  /** Names of those that are made. */
  homerooms?: string[];
  matched?: number;
  replaced?: number;
  unmatched?: string[];
  bad?: { name: string; reason: string }[];
  promote?: { from: string; to: string; n: number }[];
  leave?: number;
  with_loans?: number;
};

/** A column of a roster; field is where it goes, empty for nowhere. */
export type Column = { name: string; sample: string[]; field: string };
export type Options = { items?: string; match?: string; confirm?: boolean; map?: { locations?: Record<string, string>; types?: Record<string, string> } };

export type Import = {
  id: string;
  kind: Kind;
  file: string;
  size: number;
  state: State;
  by: string;
  created: string;
  applied?: string;
  /** Empty when it cannot be taken back. */
  undo_until?: string;
  progress: { done: number; total: number };
  columns?: Column[];
  fields?: string[];
  /** Fields without which the list cannot be read. */
  missing?: string[];
  /** The columns go where they went the last time. */
  remembered?: boolean;
  options?: Options;
  preview?: Report | null;
  result?: Report | null;
  error?: string;
  kept?: { what: string; why: string }[];
  more_kept?: number;
  /** Copies it brought that have no barcode. */
  unlabelled?: number;
};
