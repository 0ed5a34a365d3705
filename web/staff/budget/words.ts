import type { IconName } from "../../shared/icons";
import { locale } from "../../shared/locale.svelte";
import { m } from "../../shared/paraglide/messages";
import type { ActKind, Approval, Entry, Fund, FundKind, Order, OrderState } from "./types";

const tongue = () => (locale.current === "es" ? "es-US" : "en-US");

/** "Jun 30", "30 jun". */
export const shortDay = (day: string) => written(day, { month: "short", day: "numeric" });
/** "Jun 30, 2026". */
export const fullDay = (day: string) => written(day, { year: "numeric", month: "short", day: "numeric" });
/** "Apr" of "2026-04". */
export const monthName = (month: string) => written(`${month.slice(0, 7)}-01`, { month: "short" }).replace(".", "");
export const monthAndYear = (month: string) => written(`${month.slice(0, 7)}-01`, { month: "long", year: "numeric" });

function written(day: string, options: Intl.DateTimeFormatOptions): string {
  const at = new Date(`${day.slice(0, 10)}T00:00:00Z`);
  return Number.isNaN(at.getTime()) ? day : new Intl.DateTimeFormat(tongue(), { ...options, timeZone: "UTC" }).format(at);
}

export const count = (n: number) => new Intl.NumberFormat(tongue()).format(n);

/** How old an order is. */
export const ageOf = (days: number) => (days ? m.budget_days({ n: days }) : m.budget_today());

const kinds: Record<FundKind, () => string> = { allocation: m.budget_kind_allocation, grant: m.budget_kind_grant, gift: m.budget_kind_gift, fundraiser: m.budget_kind_fundraiser };
export const kindName = (kind: FundKind) => kinds[kind]();

/** What stands below the name of a fund: what it is for, or by when it must be spent, which comes first. */
export function fundNote(fund: Fund, ends: string): string {
  if (fund.spend_by) return m.budget_spend_by({ day: shortDay(fund.spend_by) });
  if (fund.purpose) return fund.purpose;
  return fund.kind === "allocation" && ends ? m.budget_ends({ day: shortDay(ends) }) : m.budget_no_end();
}

const states: Record<OrderState, () => string> = {
  draft: m.budget_state_draft, approved: m.budget_state_approved, sent: m.budget_state_sent, partly_received: m.budget_state_partly, received: m.budget_state_received,
  closed: m.budget_state_closed, cancelled: m.budget_state_cancelled,
};
export const stateName = (state: OrderState) => states[state]();

const looks: Record<OrderState, { tone: string; icon: IconName }> = {
  draft: { tone: "", icon: "edit" }, approved: { tone: "info", icon: "check" }, sent: { tone: "info", icon: "right" }, partly_received: { tone: "ok", icon: "box" },
  received: { tone: "ok", icon: "okc" }, closed: { tone: "", icon: "lock" }, cancelled: { tone: "", icon: "x" },
};

/** Where an order is, in a word with its colour and its drawing. */
export function whereIs(order: Pick<Order, "state" | "late" | "waits" | "pieces" | "received">): { tone: string; icon: IconName; text: string } {
  if (order.late) return { tone: "warn", icon: "clock", text: m.budget_late() };
  if (order.state === "draft" && order.waits) return { ...looks.draft, text: m.budget_waits({ whom: waitsFor(order.waits) }) };
  if (order.state === "partly_received") return { ...looks.partly_received, text: m.budget_partly({ n: order.received, of: order.pieces }) };
  return { ...looks[order.state], text: stateName(order.state) };
}

/** A role by its name; the server may name the person instead. */
export function waitsFor(role: string): string {
  const roles: Record<string, () => string> = { principal: m.budget_role_principal, coordinator: m.budget_role_coordinator, librarian: m.budget_role_librarian };
  return roles[role]?.() ?? role;
}

const approvals: Record<Approval, () => string> = { none: m.budget_approval_none, principal: m.budget_approval_principal, coordinator: m.budget_approval_coordinator };
export const approvalName = (approval: Approval) => approvals[approval]();

const entries: Record<Entry["kind"], () => string> = {
  allocate: m.budget_entry_allocate, transfer_in: m.budget_entry_in, transfer_out: m.budget_entry_out, encumber: m.budget_entry_encumber, disencumber: m.budget_entry_disencumber,
  spend: m.budget_entry_spend, refund: m.budget_entry_refund, adjust: m.budget_entry_adjust,
};
export const entryName = (kind: Entry["kind"]) => entries[kind]();

const acts: Record<ActKind, () => string> = {
  approve: m.budget_did_approve, send: m.budget_did_send, receive: m.budget_did_receive, invoice: m.budget_did_invoice, close: m.budget_did_close, cancel: m.budget_did_cancel,
  roll: m.budget_did_roll, undo: m.budget_did_undo,
};
export const actName = (kind: ActKind) => acts[kind]?.() ?? kind;
