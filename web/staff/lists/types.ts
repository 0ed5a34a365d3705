import type { IconName } from "../../shared/icons";
import type { Title } from "../api";

/** A list of titles as the staff door tells it. search is the query string of one that fills itself. */
export type List = {
  id: string;
  name: string;
  name_es: string;
  note: string;
  note_es: string;
  kind: "collection" | "display" | "topic";
  icon: string;
  shown: boolean;
  from: string;
  until: string;
  position: number;
  search: string;
  titles: number;
  updated: string;
};

/** A title in a list; cover is empty without one. */
export type Listed = Title & { cover?: string; isbn?: string };

/** What was selected on another screen. */
export type Selection = { titles: string[] } | { items: string[] } | { search: string };

/** What is typed of a list before it is kept. */
export type Draft = Omit<List, "id" | "titles" | "updated" | "position">;

export const blank = (): Draft => ({ name: "", name_es: "", note: "", note_es: "", kind: "display", icon: "", shown: false, from: "", until: "", search: "" });

/** The pictures a topic can have. */
export const topicIcons: IconName[] = ["star", "book", "spark", "grid", "globe", "eye", "school", "cube", "flag", "home", "teach"];

/** Whether students see a list on a day. */
export const onShow = (list: Pick<List, "shown" | "from" | "until">, day: string) =>
  list.shown && list.from <= day && (!list.until || list.until >= day);

/** Moves one entry of an order to another place, from 0. */
export function moved<T>(order: readonly T[], from: number, to: number): T[] {
  const rest = order.filter((_, i) => i !== from);
  const at = Math.max(0, Math.min(to, rest.length));
  return [...rest.slice(0, at), order[from]!, ...rest.slice(at)];
}
