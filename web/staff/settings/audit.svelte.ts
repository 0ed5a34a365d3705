import { m } from "../../shared/paraglide/messages";
import { ask } from "../api";
import { Pages } from "../parts/pages.svelte";

/** One look at a person, or one change: who, when, and what. */
export type Row = { id: string; at: string; staff: { id: string; name: string } | null; action: string; patron: { barcode: string; name: string } | null; detail: unknown };
type Answer = { items: Row[]; actions: string[]; totalItems: number };
export type Filters = { staff: string; action: string; patron: string };

/** Who looked at whom, and who changed what. */
export class Audit {
  filters = $state<Filters>({ staff: "", action: "", patron: "" });
  actions = $state.raw<string[]>([]);
  readonly pages = new Pages<Row>(async (page, perPage, signal) => {
    const query = new URLSearchParams({ page: String(page), perPage: String(perPage) });
    for (const [name, value] of Object.entries(this.filters)) if (value) query.set(name, value.trim());
    const answer = await ask<Answer>(`audit?${query}`, { signal });
    this.actions = answer.actions;
    return answer;
  });

  /** Asks again, with what is chosen in the address. */
  again(note: (query: URLSearchParams) => void): Promise<void> {
    note(new URLSearchParams(Object.entries(this.filters).filter(([, value]) => value)));
    return this.pages.again();
  }
}

const words: Record<string, () => string> = {
  patron_viewed: m.audit_patron_viewed, patrons_listed: m.audit_patrons_listed, class: m.audit_class_viewed, slips: m.audit_slips, patron_added: m.audit_patron_added, patron_changed: m.audit_patron_changed,
  card_renewed: m.audit_card_renewed, history_on: m.audit_history_on, history_off: m.audit_history_off, delete: m.audit_delete, loans_printed: m.audit_loans_printed,
  staff_added: m.audit_staff_added, staff_changed: m.audit_staff_changed, staff_deleted: m.audit_staff_deleted, staff_password: m.audit_staff_password,
  mail_changed: m.audit_mail_changed, recovery_made: m.audit_recovery_made, recovery_used: m.audit_recovery_used,
};

/** What was done, in words; by its own word where there are none yet. */
export const actionWords = (action: string) => words[action]?.() ?? action.replaceAll("_", " ");

/** Whose account it was, or how much of a person was changed. */
export function detailWords(detail: unknown): string {
  const { name, fields, left } = (detail ?? {}) as { name?: unknown; fields?: unknown; left?: unknown };
  if (typeof name === "string") return name;
  if (typeof left === "number") return m.audit_codes({ n: left });
  return Array.isArray(fields) ? m.audit_fields({ n: fields.length }) : "";
}
