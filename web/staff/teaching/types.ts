/** What stands in the calendar. A visit of the timetable is a checkout. */
export const kinds = ["lesson", "checkout", "making", "closed", "other"] as const;
export type Kind = (typeof kinds)[number];

/** What the librarian and the teacher did together. Planned and taught makes a lesson co-taught. */
export const roles = ["planned", "taught", "assessed", "supported"] as const;
export type Together = (typeof roles)[number];

export type State = "asked" | "planned" | "taught" | "cancelled" | "declined";

/** An entry of the calendar. Days are "2026-04-14", times "10:30". One of the timetable that nobody changed is no record: visit says so. */
export type Session = {
  id: string;
  updated: string;
  kind: Kind;
  name: string;
  lesson: { id: string; title: string } | null;
  homeroom: { id: string; name: string; grade?: string } | null;
  teacher: string;
  day: string;
  from: string;
  until: string;
  place: string;
  needs: string;
  role: Together[];
  students: number;
  state: State;
  /** The how-manieth of this lesson with this class. */
  n: number;
  of: number;
  /** Only for librarians. */
  notes?: string;
  answer?: string;
  in_report?: boolean;
  /** Shared by those that were repeated together. */
  series: string;
  visit: boolean;
  /** The entries at the same time, and "closed" for a closed day. */
  conflicts: string[];
};

export type CalendarDay = { day: string; cycle: string; open: boolean; label: string };

export type Week = {
  days: CalendarDay[];
  entries: Session[];
  /** How many requests of teachers wait. */
  asked: number;
  counts: { lessons: number; cotaught: number; visits: number };
  today: string;
  now: string;
};

/** What an act on the calendar answers; undo is the key that takes it back. */
export type Acted = { sessions?: Session[]; conflicts?: string[]; undo?: string };

export type Standard = { id: string; framework: string; code: string; text: string };
export type Step = { text: string; minutes: number };
export type Material = { id: string; kind: "file" | "link" | "title" | "list" | "note"; name: string; url?: string; title?: string; list?: string; text?: string; size?: number };
export const lessonKinds = ["information", "citizenship", "research", "reading", "making"] as const;
export type LessonKind = (typeof lessonKinds)[number];

/** A plan that can be taught to many classes. read_only is one of the district's. */
export type Lesson = {
  id: string;
  updated: string;
  title: string;
  goal: string;
  grades_from: string;
  grades_to: string;
  subject: string;
  kind: LessonKind;
  minutes: number;
  language: "en" | "es";
  steps: Step[];
  materials: Material[];
  standards: Standard[];
  checks: { id: string; title: string; items: number }[];
  reusable: boolean;
  archived: boolean;
  origin: { kind: "lesson" | "kit" | "district"; id: string; title: string } | null;
  author: { id: string; name: string } | null;
  read_only: boolean;
  /** How often it was taught. */
  sessions: number;
  last_taught: string;
};

/** A row of the list of lessons. */
export type LessonRow = Omit<Lesson, "steps">;
