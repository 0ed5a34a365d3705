import { account } from "../account.svelte";
import { ask } from "../api";
import type { PatronType, Room } from "./types";

/** What lists and forms of people choose from: homerooms and kinds of patrons. */
class School {
  rooms = $state.raw<Room[]>([]);
  types = $state.raw<PatronType[]>([]);
  /** Whether the library charges money. */
  fees = $state(false);

  /** Asks anew. What cannot be had is left as it is: the lists work without. */
  async load(): Promise<void> {
    await Promise.all([
      ask<{ homerooms: Room[] }>("homerooms").then(({ homerooms }) => (this.rooms = homerooms), () => {}),
      ask<{ fees?: boolean }>("me").then(({ fees }) => (this.fees = fees ?? false), () => {}),
      ask<{ patron_types: PatronType[] }>("vocabulary").then(({ patron_types }) => (this.types = patron_types), () => {}),
    ]);
  }

  reset() {
    this.rooms = [];
    this.types = [];
  }
}

export const school = new School();
account.onLeave(() => school.reset());
