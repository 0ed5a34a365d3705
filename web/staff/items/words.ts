import { stampDay } from "../../shared/dates";
import type { IconName } from "../../shared/icons";
import { locale } from "../../shared/locale.svelte";
import { m } from "../../shared/paraglide/messages";
import type { Item, Mark, Status } from "./types";

const looks: Record<Status, { icon: IconName; tone: string; word: () => string }> = {
  available: { icon: "okc", tone: "ok", word: m.items_is_available },
  on_loan: { icon: "right", tone: "info", word: m.items_is_on_loan },
  on_hold: { icon: "bookmark", tone: "info", word: m.items_is_on_hold },
  missing: { icon: "search", tone: "warn", word: m.items_is_missing },
  lost: { icon: "minus", tone: "danger", word: m.items_is_lost },
  damaged: { icon: "warn", tone: "warn", word: m.items_is_damaged },
  incomplete: { icon: "warn", tone: "warn", word: m.items_is_incomplete },
  repair: { icon: "scissors", tone: "help", word: m.items_is_repair },
  transit: { icon: "box", tone: "info", word: m.items_is_transit },
  withdrawn: { icon: "trash", tone: "", word: m.items_is_withdrawn },
};

/** How the state of an item looks: an icon, a tone and a word, with the class that has it. */
export function lookOf({ status, homeroom }: Pick<Item, "status" | "homeroom">) {
  const { icon, tone, word } = looks[status] ?? looks.available;
  return { icon, tone, text: status === "on_loan" && homeroom ? m.items_is_on_loan_to({ room: homeroom }) : word() };
}

export const dueText = (day: string) => m.items_due({ day: stampDay(day, locale.current) });

/** A long number in groups of five, as labels print it. */
export const grouped = (code: string) => (/^\d{10,}$/.test(code) ? code.replace(/(\d{5})(?=\d)/g, "$1 ") : code);

/** What can be said of an item in this state. What is out is spoken of at the desk, where the person is known. */
export function marksOf(status: Status): Mark[] {
  switch (status) {
    case "available":
      return ["missing", "lost", "repair", "damaged", "withdraw"];
    case "on_hold":
      return ["missing", "repair", "damaged"];
    case "on_loan":
      return [];
    case "transit":
      return ["arrive", "missing"];
    case "withdrawn":
      return ["found"];
  }
  return ["found", "withdraw"];
}

const markWords: Record<Mark, () => string> = {
  found: m.items_mark_found,
  arrive: m.items_mark_arrive,
  missing: m.items_mark_missing,
  lost: m.items_mark_lost,
  repair: m.items_mark_repair,
  damaged: m.items_mark_damaged,
  withdraw: m.items_mark_withdraw,
};
export const markWord = (mark: Mark) => markWords[mark]();

/** A price as the school's language writes it. */
export function priceText({ price, currency }: Pick<Item, "price" | "currency">): string {
  if (!price) return "";
  if (!currency) return price;
  try {
    return new Intl.NumberFormat(locale.current, { style: "currency", currency, currencyDisplay: "narrowSymbol" }).format(Number(price));
  } catch {
    return `${price} ${currency}`; // a currency the browser does not know
  }
}
