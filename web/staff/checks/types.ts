export type When = "before" | "after";
export type Kind = "choice" | "short" | "sort";
export type Option = { id: string; text: string; text_es: string; right?: boolean };
export type Source = { id: string; text: string; text_es: string; bin?: string };
export type Step = { points: number; text: string };

/** One question of a check. Points is the most it earns; the server works it out. */
export type Item = {
  id: string;
  kind: Kind;
  skill: string;
  skill_es: string;
  prompt: string;
  prompt_es: string;
  choices?: Option[];
  sources?: Source[];
  bins?: Option[];
  rubric?: Step[];
  points: number;
};

export type Check = {
  id: string;
  updated: string;
  title: string;
  title_es: string;
  lesson: string;
  items: Item[];
  language: "en" | "es";
  kit: string;
  runs: number;
};

export type Run = {
  id: string;
  check: string;
  when: When;
  session: string;
  homeroom: { id: string; name: string };
  code: string;
  day: string;
  opened_at: string;
  closes_at: string;
  state: "open" | "closed";
  names: boolean;
  joined: number;
  took: number;
  in_class: number;
  source: "device" | "typed" | "file";
  in_report: boolean;
  waiting: number;
};

export type Written = { id: string; text: string; points: number | null };
export type Tally = { id: string; n: number; right: number; choices: Record<string, number>; texts: Written[] };
export type Twice = { seat: string; sheets: { id: string; answered: number; points: number; counts: boolean }[] };
export type RunView = { run: Run; items: Tally[]; twice: Twice[]; students: { seat: string; name: string; done: boolean }[] };

export type Side = { run: string; day: string; took: number; state: "open" | "closed" };
/** What one question shows. Shares are 0 to 1; a difference is null when there are too few to tell. */
export type Skill = {
  item: string;
  kind: Kind;
  skill: string;
  skill_es: string;
  before: number | null;
  after: number | null;
  n_before: number;
  n_after: number;
  pairs: number;
  difference: number | null;
  low: number | null;
  high: number | null;
  too_few: boolean;
  /** Chance alone is an unlikely reason for the change. */
  clear: boolean;
};
export type Evidence = {
  check: { id: string; title: string; title_es: string } | null;
  homeroom?: { id: string; name: string };
  before?: Side | null;
  after?: Side | null;
  pairs?: number;
  skills: Skill[];
  total?: Skill | null;
  sentence: string;
  in_report?: boolean;
  may_report?: boolean;
  names?: boolean;
};
