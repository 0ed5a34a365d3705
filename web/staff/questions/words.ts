import type { IconName } from "../../shared/icons";
import { m } from "../../shared/paraglide/messages";
import type { Decision, Question, Reason } from "../api";
import type { Given } from "./questions.svelte";

export const icons: Record<Reason, IconName> = { rule: "stop", on_loan: "bell", late: "clock", overlap: "clock", unknown_item: "book", unknown_patron: "card", unreadable: "help" };
export const decisionIcons: Record<Decision, IconName> = { keep: "check", undo: "undo", lend: "right", dismiss: "x" };

/** Who and what a question is about, as far as anybody knows. */
function about({ patron, item, code, kiosk }: Question, given: Given = {}) {
  return { kiosk, name: patron?.name ?? given.patron?.name ?? m.questions_somebody(), title: item?.title ?? given.item?.name ?? (code || m.questions_a_book()) };
}

/** The question in the list. */
export function short({ reason }: Question): string {
  const words: Record<Reason, () => string> = {
    rule: m.questions_rule,
    on_loan: m.questions_on_loan,
    late: m.questions_late,
    overlap: m.questions_overlap,
    unknown_item: m.questions_unknown_item,
    unknown_patron: m.questions_unknown_patron,
    unreadable: m.questions_unreadable,
  };
  return words[reason]();
}

/** The question itself. */
export function asked(question: Question): string {
  const it = about(question);
  const words: Record<Reason, () => string> = {
    rule: () => m.questions_rule_ask(it),
    on_loan: m.questions_on_loan_ask,
    late: m.questions_late_ask,
    overlap: m.questions_late_ask,
    unknown_item: m.questions_unknown_item_ask,
    unknown_patron: m.questions_unknown_patron_ask,
    unreadable: m.questions_unreadable_ask,
  };
  return words[question.reason]();
}

/** Why Carrel asks. */
export function why(question: Question): string {
  const it = about(question);
  const words: Record<Reason, () => string> = {
    rule: () => m.questions_rule_why(it),
    on_loan: () => m.questions_on_loan_why(it),
    late: () => m.questions_late_why(it),
    overlap: () => m.questions_overlap_why(it),
    unknown_item: () => m.questions_unknown_item_why(it),
    unknown_patron: () => m.questions_unknown_patron_why(it),
    unreadable: () => m.questions_unreadable_why(it),
  };
  return words[question.reason]();
}

/** What the kiosk kept. */
export function kept(question: Question): string {
  const it = about(question);
  if (question.kind === "check_out") return m.questions_took(it);
  return question.kind === "return" ? m.questions_returned(it) : m.questions_sent(it);
}

/** A decision as a sentence, and what it does. */
export function choice(question: Question, decision: Decision, given: Given = {}): { says: string; does: string } {
  const it = about(question, given);
  const out = question.kind === "check_out";
  if (decision === "dismiss") return question.reason === "unreadable" ? { says: m.questions_seen(), does: m.questions_seen_does() } : { says: m.questions_dismiss(), does: m.questions_dismiss_does() };
  if (decision === "lend") return out ? { says: m.questions_lend(it), does: m.questions_lend_does() } : { says: m.questions_take_back(it), does: m.questions_take_back_does() };
  if (!out) return decision === "keep" ? { says: m.questions_keep_return(), does: m.questions_keep_does() } : { says: m.questions_undo_return(), does: m.questions_undo_does() };
  if (decision === "undo") return { says: m.questions_undo(it), does: question.reason === "on_loan" ? m.questions_undo_on_loan_does(it) : m.questions_undo_does() };
  return { says: m.questions_keep(it), does: question.reason === "on_loan" ? m.questions_keep_on_loan_does() : m.questions_keep_does() };
}
