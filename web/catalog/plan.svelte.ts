import type { Plan } from "../shared/room";
import { Reader } from "./reader.svelte";

/** The map of the library: read once, when the first title is opened. */
class PlanStore extends Reader<{ map: Plan | null }> {
  override async read() {
    if (!this.data && !this.busy) await super.read("/catalog/map");
  }
}

export const plan = new PlanStore();
