import { m } from "../../../shared/paraglide/messages";
import type { FieldName } from "./types";

/** Names that are the same in every language. */
export const MARC = "MARC";
export const MARC21 = "MARC 21";
export const LEADER = "LDR";

const labels: Record<FieldName, () => string> = {
  title: m.title_f_title, subtitle: m.title_f_subtitle, author: m.title_f_author, illustrator: m.title_f_illustrator, isbn: () => "ISBN",
  call_number: m.title_f_call_number, kind: m.title_f_kind, grades_from: m.title_f_grades, grades_to: m.title_f_grades, publisher: m.title_f_publisher,
  place: m.title_f_place, year: m.title_f_year, pages: m.title_f_pages, lexile: () => "Lexile", ar_level: m.title_f_ar_level, ar_points: m.title_f_ar_points,
  ar_quiz: m.title_f_ar_quiz, series: m.title_f_series, volume: m.title_f_volume, edition: m.title_f_edition, language: m.title_f_language,
  subjects: m.title_f_subjects, summary: m.title_f_summary,
};

export function fieldLabel(name: FieldName): string {
  return labels[name]();
}

export const kinds = ["picture", "graphic", "fiction", "biography", "nonfiction"] as const;

export function kindName(kind: string): string {
  const names: Record<string, () => string> = {
    picture: m.title_kind_picture, graphic: m.title_kind_graphic, fiction: m.title_kind_fiction, biography: m.title_kind_biography,
    nonfiction: m.title_kind_nonfiction,
  };
  return (names[kind] ?? m.title_kind_other)();
}

export const grades = ["PK", "K", ...Array.from({ length: 12 }, (_, i) => String(i + 1))];

export function gradeName(grade: string): string {
  if (grade === "PK") return m.title_grade_pk();
  if (grade === "K") return m.title_grade_k();
  return m.title_grade({ grade });
}

/** "Kindergarten to grade 3", "Grade 4", or nothing. */
export function gradesName(from: string, to: string): string {
  if (!from && !to) return "";
  if (!from || !to || from === to) return gradeName(from || to);
  return m.title_grades_range({ from: gradeName(from), to: gradeName(to) });
}

/** The languages schools have most; the record's own is added where it is none of them. */
export const languages = ["eng", "spa", "fre", "ger", "chi", "jpn", "kor", "vie", "ara", "rus", "por", "tgl", "hin", "som", "ukr", "pol", "ita", "hmn", "hat"];
