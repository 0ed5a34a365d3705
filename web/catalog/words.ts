import { stampDay, weekday } from "../shared/dates";
import { locale } from "../shared/locale.svelte";
import { m } from "../shared/paraglide/messages";
import type { IconName } from "../shared/icons";
import { at } from "./route.svelte";
import type { Hit, Kind, Place, Topic } from "./api";

/** What kind of book it is, as children say it. */
export function kindWord(kind: Kind | undefined): string {
  const words: Record<string, () => string> = {
    picture: m.pupil_kind_picture, fiction: m.pupil_kind_fiction, nonfiction: m.pupil_kind_nonfiction, graphic: m.pupil_kind_graphic, biography: m.pupil_kind_biography,
  };
  return words[kind ?? ""]?.() ?? "";
}

export const kindIcon: Record<string, IconName> = { picture: "star", fiction: "bookmark", nonfiction: "book", graphic: "grid", biography: "person" };

/** "Back Fri" this week, "Back Apr 21" later. */
export function backOn(day: string, today = new Date()): string {
  const days = (Date.parse(`${day}T00:00:00Z`) - Date.parse(`${today.toISOString().slice(0, 10)}T00:00:00Z`)) / 86_400_000;
  if (days < 0) return m.pupil_back_late();
  return m.pupil_back({ day: days < 7 ? weekday(day, locale.current, "short") : stampDay(day, locale.current).replace(/^\S+ /, "") });
}

/** Whether a book can be had now, in two or three words. */
export function standing(book: Pick<Hit, "available" | "items" | "waiting" | "out">): { here: boolean; text: string } {
  if (book.available > 0) return { here: true, text: m.pupil_here() };
  if (book.waiting) return { here: false, text: m.pupil_waiting({ n: book.waiting }) };
  if (book.out) return { here: false, text: backOn(book.out) };
  return { here: false, text: m.pupil_away() };
}

/** The name of a list, in the language of the page when it has one. */
export const nameOf = (list: Topic): string => (locale.current === "es" && list.name_es) || list.name;
export const noteOf = (list: Topic): string => (locale.current === "es" && list.note_es) || list.note || "";

export const addressOf = (topic: Topic): string => (topic.id ? at.list(topic.id) : at.search(new URLSearchParams(topic.search)));

/** "Science wall, bay 4, shelf 2", or the name of the room's part where the library has no map. */
export function placeName({ here, location }: Place): string {
  if (!here) return location;
  const name = (locale.current === "es" && here.name_es) || here.name || location;
  return [name, here.bay ? m.pupil_bay({ n: here.bay }) : "", here.shelf ? m.pupil_board({ n: here.shelf }) : ""].filter(Boolean).join(", ");
}
