import { locale } from "../../shared/locale.svelte";
import { m } from "../../shared/paraglide/messages";
import type { Kind, Thing } from "../../shared/room";

/** What a kind of thing is called. */
export function kindName(kind: Kind): string {
  return { shelf: m.map_kind_shelf, door: m.map_kind_door, desk: m.map_kind_desk, rug: m.map_kind_rug, table: m.map_kind_table, wall: m.map_kind_wall, stairs: m.map_kind_stairs }[kind]();
}

export const nameOf = (thing: Thing) => (locale.current === "es" && thing.name_es) || thing.name || kindName(thing.kind);

/** Units of 10 cm as metres. */
export const metres = (units: number) => new Intl.NumberFormat(locale.current, { maximumFractionDigits: 1 }).format(units / 10);
