import { stampDay } from "../../shared/dates";
import { locale } from "../../shared/locale.svelte";
import { m } from "../../shared/paraglide/messages";
import type { Kind, Skill, When } from "./types";

/** A share as points of a hundred. */
export const percent = (share: number | null) => (share === null ? "–" : String(Math.round(share * 100)));

/** A difference as points of a hundred, with its sign. */
export function signed(share: number): string {
  const points = Math.round(share * 100);
  return points > 0 ? `+${points}` : points < 0 ? `−${-points}` : "0";
}

/** "Apr 14": a day without its weekday. */
export function shortDay(day: string): string {
  return stampDay(day, locale.current).split(" ").slice(1).join(" ");
}

/** What a question shows, in the language of the page where somebody wrote it. */
export const skillName = ({ skill, skill_es }: { skill: string; skill_es: string }) => (locale.current === "es" && skill_es ? skill_es : skill);
export const titleOf = ({ title, title_es }: { title: string; title_es: string }) => (locale.current === "es" && title_es ? title_es : title);

export const kindName = (kind: Kind) => ({ choice: m.checks_kind_choice, short: m.checks_kind_short, sort: m.checks_kind_sort })[kind]();
export const whenName = (when: When) => (when === "before" ? m.checks_before() : m.checks_after());

/** What a change comes to, for who does not see the drawing. */
export function told(skill: Skill): string {
  const name = skillName(skill);
  if (skill.difference === null || skill.low === null || skill.high === null) return m.evidence_told_few({ skill: name, before: percent(skill.before), after: percent(skill.after) });
  return m.evidence_told({ skill: name, before: percent(skill.before), after: percent(skill.after), change: signed(skill.difference) });
}

/** A text in at most two lines of so many letters, broken between words. */
export function twoLines(text: string, letters: number): string[] {
  const lines: string[] = [""];
  for (const word of text.split(/\s+/)) {
    const line = lines[lines.length - 1]!;
    if (!line || line.length + 1 + word.length <= letters) lines[lines.length - 1] = line ? `${line} ${word}` : word;
    else lines.push(word);
  }
  const shown = lines.slice(0, 2).map((line) => (line.length > letters ? `${line.slice(0, letters - 1)}…` : line));
  if (lines.length > 2) shown[1] = `${shown[1]!.replace(/…$/, "").slice(0, letters - 1)}…`;
  return shown;
}
