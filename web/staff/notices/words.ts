import type { IconName } from "../../shared/icons";
import { clock } from "../../shared/dates";
import { locale } from "../../shared/locale.svelte";
import { m } from "../../shared/paraglide/messages";
import type { Audience, KindSettings, Level, Notice, NoticeKind, NoticeState, Preview } from "./types";

export const stateIcons: Record<NoticeState, IconName> = { queued: "clock", sending: "right", sent: "okc", failed: "warn", unknown: "help", printed: "print", cancelled: "x" };
export const stateTones: Record<NoticeState, string> = { queued: "info", sending: "info", sent: "ok", failed: "danger", unknown: "help", printed: "", cancelled: "" };
export const stateNames: Record<NoticeState, () => string> = {
  queued: m.notice_queued, sending: m.notice_sending, sent: m.notice_sent, failed: m.notice_failed, unknown: m.notice_unknown, printed: m.notice_printed, cancelled: m.notice_cancelled,
};

export const kindNames: Record<NoticeKind | "teacher", () => string> = {
  overdue: m.notices_overdue, recall: m.notice_recall, due_soon: m.notice_due_soon, hold_ready: m.notice_hold_ready, hold_expired: m.notice_hold_expired,
  claim: m.notice_claim, fee: m.notice_fee, teacher: m.notices_teacher,
};
export const kindHints: Record<NoticeKind, () => string> = {
  overdue: m.notices_overdue_hint, recall: m.notices_recall_hint, due_soon: m.notices_due_soon_hint, hold_ready: m.notices_hold_ready_hint, hold_expired: m.notices_hold_expired_hint,
  claim: m.notices_claim_hint, fee: m.notices_fee_hint,
};

/** What a notice in the history is about; only late books have steps worth a word. */
export function about(notice: Notice): string {
  return notice.kind === "overdue" ? m.notice_step({ step: notice.step }) : (kindNames[notice.kind]?.() ?? notice.kind);
}

export const levelNames: Record<Level, () => string> = { count: m.notices_count, type: m.notices_type, title: m.notices_title };
export const levelSamples: Record<Level, () => string> = { count: m.notices_count_sample, type: m.notices_type_sample, title: m.notices_title_sample };
export const audienceNames: Record<Audience, () => string> = { guardians: m.notices_guardians, patron: m.notices_patron, teacher: m.notices_to_teacher };

/** Several things in a sentence: "a, b and c". */
export const listed = (parts: string[]) => new Intl.ListFormat(locale.current, { type: "conjunction" }).format(parts);

/** The hour of the school's clock as people write it: "7:00 AM". */
export const hourName = (hour: number) => clock(new Date(2000, 0, 1, hour), locale.current);

/** When a kind goes out by itself, in one sentence. */
export function schedule(kind: NoticeKind, is: KindSettings): string {
  if (!is.on) return m.notices_off();
  const hour = hourName(is.hour);
  if (kind === "overdue") return m.notices_when_overdue({ hour, steps: listed((is.steps ?? []).map(String)) });
  if (kind === "due_soon") return m.notices_when_soon({ hour, steps: listed((is.steps ?? []).map(String)) });
  return m.notices_when({ hour });
}

/** What Carrel says nothing of on its own, and why. */
export function leftOut(look: Preview, unreachable: number): string {
  const { claimed, left, back, opted_out } = look.left_out;
  const parts = [
    left && m.notices_left_moved({ n: left }), claimed && m.notices_left_claimed({ n: claimed }), back && m.notices_left_back({ n: back }),
    opted_out && m.notices_left_opted({ n: opted_out }),
  ].filter((part) => typeof part === "string");
  return [parts.length ? m.notices_left({ parts: listed(parts) }) : "", unreachable ? m.notices_left_address({ n: unreachable }) : ""].filter(Boolean).join(" ");
}
