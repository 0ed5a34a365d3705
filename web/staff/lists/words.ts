import { m } from "../../shared/paraglide/messages";
import { locale } from "../../shared/locale.svelte";
import type { List } from "./types";

/** This day where the device is, as YYYY-MM-DD. */
export function today(): string {
  const now = new Date();
  return new Date(now.getTime() - now.getTimezoneOffset() * 60_000).toISOString().slice(0, 10);
}

const written = (day: string) => new Intl.DateTimeFormat(locale.current, { month: "short", day: "numeric", timeZone: "UTC" }).format(new Date(`${day}T00:00:00Z`));

/** When students see a list, in words. */
export function whenShown(list: Pick<List, "shown" | "from" | "until">): string {
  if (!list.shown) return m.lists_hidden();
  if (list.from && list.until) return m.lists_shown_between({ from: written(list.from), until: written(list.until) });
  if (list.from) return m.lists_shown_from({ from: written(list.from) });
  if (list.until) return m.lists_shown_until({ until: written(list.until) });
  return m.lists_shown_always();
}

/** A list under the language's own name for it. */
export const nameIn = (list: Pick<List, "name" | "name_es">, language: string) => (language === "es" && list.name_es) || list.name;
export const noteIn = (list: Pick<List, "note" | "note_es">, language: string) => (language === "es" && list.note_es) || list.note;
