import { account } from "../account.svelte";
import { ask } from "../api";
import type { Word } from "./types";

/** What the forms of items choose from: kinds of items and places. */
class Shelves {
  locations = $state.raw<Word[]>([]);
  types = $state.raw<Word[]>([]);

  /** Asks anew. Without an answer the forms show what they know. */
  async load(): Promise<void> {
    await ask<{ item_types: Word[]; locations: Word[] }>("vocabulary").then(
      ({ item_types, locations }) => {
        this.types = item_types;
        this.locations = locations;
      },
      () => {},
    );
  }

  reset() {
    this.locations = this.types = [];
  }
}

export const shelves = new Shelves();
account.onLeave(() => shelves.reset());
