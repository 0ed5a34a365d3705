import type { IconName } from "../../shared/icons";
import { m } from "../../shared/paraglide/messages";
import type { Event, Kind } from "./session.svelte";

/** What a line of the session list says. */
export function eventWords({ kind, who }: Pick<Event, "kind" | "who">): string {
  const words: Record<Kind, () => string> = {
    out: () => m.event_out({ who }),
    in: () => (who ? m.event_in({ who }) : m.event_in_nobody()),
    hold: () => m.event_hold(),
    renewed: () => m.event_renewed({ who }),
    allowed: () => m.event_allowed({ who }),
    claimed: () => m.event_claimed({ who }),
    unclaimed: () => m.event_unclaimed({ who }),
    lost: () => m.event_lost({ who }),
    damaged: () => m.event_damaged({ who }),
    pieces: () => m.event_pieces({ who }),
    due: () => m.event_due(),
    many: () => m.event_many({ who }),
  };
  return words[kind]();
}

export const eventIcons: Record<Kind, IconName> = {
  out: "right", in: "undo", hold: "bookmark", renewed: "redo", allowed: "warn", claimed: "search", unclaimed: "undo", lost: "minus", damaged: "box", pieces: "box", due: "today", many: "people",
};

/** The icon of a refusal, by what it is about. */
export function refusalIcon(code: string): IconName {
  if (code === "patron_overdue") return "clock";
  if (code === "item_on_hold") return "bookmark";
  if (code === "restricted") return "bell";
  return code.startsWith("item_on_loan") ? "right" : "stop";
}

/** The reasons that are one tap away; what is sent is the sentence, so that anybody can read it in the record. */
export const reasons = () => [m.stopped_reason_hold(), m.stopped_reason_project(), m.stopped_reason_tomorrow()];
