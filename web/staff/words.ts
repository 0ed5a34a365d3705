import { Away } from "../shared/http";
import { locale } from "../shared/locale.svelte";
import { m } from "../shared/paraglide/messages";
import { Refused } from "./api";

/** What went wrong, in a sentence for people. */
export function problem(error: unknown): string {
  if (error instanceof Refused && error.status === 403) return m.problem_role();
  if (error instanceof Refused && error.status === 429) return m.problem_often();
  if (error instanceof Refused && typeof error.data.id === "string") return m.problem_id({ id: error.data.id });
  if (error instanceof Refused && error.message) return error.message;
  if (error instanceof Away || error instanceof TypeError) return m.problem_away();
  return m.problem_unknown();
}

/** The name of a language from its code: MARC and ISO 639 write three letters ("spa"), the roster two. */
export function languageName(code: string): string {
  try {
    return new Intl.DisplayNames(locale.current, { type: "language" }).of(code) ?? code;
  } catch {
    return code;
  }
}
