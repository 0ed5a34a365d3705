import { stampDay } from "../../shared/dates";
import type { IconName } from "../../shared/icons";
import { locale } from "../../shared/locale.svelte";
import { m } from "../../shared/paraglide/messages";
import { to } from "../address";
import type { Need } from "./today.svelte";

/** How a need stands in the list: what, why, and the one thing to do about it. */
export type Line = { icon: IconName; tone: "help" | "info" | "warn" | "ok"; what: string; why: string; action: string; href?: string; pdf?: string };

const day = (on: string) => stampDay(on, locale.current);

const reasonWords: Record<string, (words: { n: number }) => string> = {
  on_loan: m.today_reason_on_loan,
  rule: m.today_reason_rule,
  late: m.today_reason_late,
  overlap: m.today_reason_late,
  unknown_item: m.today_reason_unknown_item,
  unknown_patron: m.today_reason_unknown_patron,
  unreadable: m.today_reason_unreadable,
};

function reasons(counted: Record<string, number>): string {
  return Object.entries(counted)
    .map(([reason, n]) => reasonWords[reason]?.({ n }) ?? "")
    .filter(Boolean)
    .join(" ");
}

function lateWhy({ last, next }: { last: string; next: string }): string {
  return [last ? m.today_late_last({ day: day(last) }) : m.today_late_never(), next ? m.today_late_next({ day: day(next) }) : ""].filter(Boolean).join(" ");
}

function importWhy(state: string): string {
  if (state === "stopped") return m.today_import_stopped();
  return state === "unreadable" ? m.today_import_unreadable() : m.today_import_ready();
}

/** The words of a need. */
export function line(need: Need): Line {
  switch (need.kind) {
    case "questions":
      return { icon: "bell", tone: "help", what: m.today_questions({ n: need.n }), why: reasons(need.reasons), action: m.today_decide(), href: to("today", "questions") };
    case "pull": {
      const first = need.rooms[0];
      return { icon: "bookmark", tone: "info", what: m.today_pull({ n: need.n }), why: first ? m.today_pull_room({ n: first.n, room: first.name, from: first.from }) : m.today_pull_why(), action: m.today_pull_print(), pdf: "pull-list.pdf" };
    }
    case "shelf":
      return { icon: "box", tone: "info", what: m.today_shelf({ n: need.n }), why: m.today_shelf_why(), action: m.today_shelf_print(), pdf: "hold-slips.pdf" };
    case "late":
      return { icon: "clock", tone: "warn", what: m.today_late({ n: need.n, rooms: m.today_rooms({ n: need.rooms }) }), why: lateWhy(need), action: m.today_late_preview(), href: to("people", "late") };
    case "notices_failed":
      return { icon: "mail", tone: "warn", what: m.today_failed({ n: need.n }), why: m.today_failed_why(), action: m.today_look(), href: to("people", "late", "history") };
    case "notices_paper":
      return { icon: "print", tone: "info", what: m.today_paper({ n: need.n }), why: m.today_paper_why(), action: m.today_look(), href: to("people", "late") };
    case "kiosk_locked":
      return { icon: "lock", tone: "warn", what: m.today_locked({ name: need.name }), why: m.today_locked_why(), action: m.today_look(), href: to("settings", "kiosks") };
    case "import":
      return { icon: "ul", tone: "info", what: m.today_import({ file: need.file }), why: importWhy(need.state), action: m.today_look(), href: to("people", "roster") };
    case "job_failed":
      return { icon: "warn", tone: "warn", what: m.today_job(), why: need.error, action: m.today_look(), href: to("settings", "jobs") };
    case "doctor":
      return { icon: "shield", tone: "warn", what: m.today_doctor(), why: need.message, action: m.today_look(), href: to("settings", "doctor") };
    case "lesson_asks":
      return { icon: "teach", tone: "info", what: m.today_asks({ n: need.n }), why: [need.name, need.room].filter(Boolean).join(" · "), action: m.today_review(), href: to("teaching", "calendar") };
    case "lesson_happened":
      return {
        icon: "teach", tone: "info", what: m.today_happened({ n: need.n }), why: m.today_happened_why({ name: [need.name, need.room].filter(Boolean).join(" · "), day: day(need.day) }),
        action: m.today_say(), href: need.lesson ? to("teaching", "lessons", need.lesson) : to("teaching", "calendar"),
      };
    case "grant_ends":
      return { icon: "money", tone: "warn", what: m.today_grant({ name: need.name, n: need.days }), why: need.message, action: m.today_look(), href: to("budget", "funds", need.id) };
    case "report_due":
      return { icon: "money", tone: "warn", what: need.days < 0 ? m.today_report_was({ name: need.name }) : m.today_report_due({ name: need.name, n: need.days }), why: need.message, action: m.today_report(), href: to("budget", "grants", need.id) };
    case "order_late":
      return { icon: "money", tone: "warn", what: m.today_order({ number: need.name, n: need.days }), why: need.message, action: m.today_follow(), href: to("budget", "orders", need.id) };
    case "fund_below":
      return { icon: "money", tone: "warn", what: m.today_below({ name: need.name }), why: need.message, action: m.today_look(), href: to("budget", "funds", need.id) };
    case "wishes":
      return { icon: "star", tone: "info", what: m.today_wishes({ n: need.n }), why: m.today_wishes_why(), action: m.today_review(), href: to("budget", "wishes") };
    case "setup":
      return { icon: "star", tone: "ok", what: m.today_setup(), why: m.today_setup_why(), action: m.today_setup_go(), href: to("setup", need.at) };
  }
}
