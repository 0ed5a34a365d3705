import { clock } from "../../shared/dates";
import type { IconName } from "../../shared/icons";
import { locale } from "../../shared/locale.svelte";
import { m } from "../../shared/paraglide/messages";
import type { Row, Source, SourceState, State } from "./types";

/** 978 006269119 4: the digits in groups that an eye can compare with the back of a book. */
export const spaced = (isbn: string) => (isbn.length === 13 ? `${isbn.slice(0, 3)} ${isbn.slice(3, 6)} ${isbn.slice(6, 9)} ${isbn.slice(9, 12)} ${isbn.slice(12)}` : isbn);

/** What a source is called on the screen: the own catalogue and a person's hand have no name of their own. */
export function sourceName(name: string): string {
  if (name === "own") return m.adds_source_own();
  if (name === "box") return m.adds_source_box();
  return name === "hand" ? m.adds_source_hand() : name;
}

type Look = { icon: IconName; tone: string; words: (row: Row) => string };
export const looks: Record<State, Look> = {
  ready: { icon: "okc", tone: "ok", words: (row) => (row.copy > 1 ? m.adds_state_ready_copy({ n: row.copy }) : m.adds_state_ready()) },
  own: { icon: "copy", tone: "info", words: (row) => m.adds_state_own({ n: row.copy }) },
  choose: { icon: "warn", tone: "warn", words: (row) => m.adds_state_choose({ n: row.found.length }) },
  waiting: { icon: "clock", tone: "", words: () => m.adds_state_waiting() },
  needs: { icon: "edit", tone: "warn", words: () => m.adds_state_needs() },
};

/** The line below the state: where the record is from, or what happens next. */
export function beneath(row: Row): string {
  if (row.state === "waiting") return m.adds_by_itself();
  if (row.state === "needs") return row.tried.length ? m.adds_tried({ n: row.tried.length }) : "";
  const names = row.state === "choose" ? row.found.flatMap(({ sources }) => sources) : (row.found[row.chosen - 1]?.sources ?? []);
  return [...new Set(names)].map(sourceName).join(", ");
}

/** How a source is doing, in two words. */
export function sourceState(source: Source): string {
  if (!source.on) return m.adds_source_off();
  const at = source.at ? clock(new Date(source.at), locale.current) : "";
  const words: Record<SourceState, () => string> = {
    always: m.adds_source_always, unasked: m.adds_source_online, online: () => m.adds_source_answers(), offline: () => m.adds_source_offline({ at }),
    portal: () => m.adds_source_portal(), limited: () => m.adds_source_limited(), broken: () => m.adds_source_broken(),
  };
  return words[source.state]();
}

export const sourceLooks: Record<SourceState, IconName> = { always: "okc", unasked: "clock", online: "okc", offline: "wifioff", portal: "warn", limited: "clock", broken: "warn" };

/** Since when no source on the internet can be reached; "" while one can, or none was asked. */
export function awaySince(sources: Source[]): string {
  const far = sources.filter(({ kind, on }) => on && (kind === "sru" || kind === "openlibrary"));
  const away = far.filter(({ state }) => state === "offline" || state === "portal");
  if (!far.length || away.length < far.length) return "";
  return clock(new Date(away.map(({ at }) => at).sort().at(-1)!), locale.current);
}
