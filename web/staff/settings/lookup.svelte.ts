import { m } from "../../shared/paraglide/messages";
import { ask } from "../api";
import { problem } from "../words";
import { Setting } from "./setting.svelte";

export type Place = { id: string; name: string; kind: "sru" | "openlibrary"; url: string; database?: string; on: boolean };
export type Lookup = { on: boolean; sources: Place[] };
type Tested = { state: "online" | "offline" | "portal" | "limited" | "broken"; title: string };

/** Where the records of new books are looked up, as it is typed. */
export const lookup = new Setting<Lookup>("settings/lookup");

/** Moves a place up (-1) or down (1) in the order in which they are asked. */
export function move(places: Place[], at: number, by: -1 | 1): Place[] {
  const to = at + by;
  if (to < 0 || to >= places.length) return places;
  const moved = [...places];
  [moved[at], moved[to]] = [moved[to]!, moved[at]!];
  return moved;
}

export const fresh = (): Place => ({ id: "", name: "", kind: "sru", url: "", database: "", on: true });

/** Asks each place for a book that every library knows, and keeps what came of it by the number of the place. */
export class Tests {
  running = $state(-1);
  said = $state<Record<number, { good: boolean; text: string }>>({});

  async run(n: number, place: Place): Promise<void> {
    if (this.running >= 0) return;
    this.running = n;
    delete this.said[n];
    try {
      const { state, title } = await ask<Tested>("settings/lookup/test", { method: "POST", body: place, patience: Tests.PATIENCE });
      this.said[n] = { good: state === "online", text: words(state, title) };
    } catch (error) {
      this.said[n] = { good: false, text: problem(error) };
    } finally {
      this.running = -1;
    }
  }

  /** How long a place may take, in milliseconds: a little more than the server waits for it. */
  static readonly PATIENCE = 25_000;
}

function words(state: Tested["state"], title: string): string {
  if (state === "online") return title ? m.lookup_test_found({ title }) : m.lookup_test_nothing();
  return { offline: m.lookup_test_offline, portal: m.lookup_test_portal, limited: m.lookup_test_limited, broken: m.lookup_test_broken }[state]();
}
