import type { Snippet } from "svelte";

let title = $state("");
let extra = $state.raw<Snippet | null>(null);

/** What a screen puts into the header: another title, and controls beside it. See InTop. */
export const frame = {
  get title(): string {
    return title;
  },
  get extra(): Snippet | null {
    return extra;
  },
  /** Returns the function that takes it out again, for an effect. */
  show(text: string, snippet?: Snippet): () => void {
    title = text;
    extra = snippet ?? null;
    return () => {
      title = "";
      extra = null;
    };
  },
};
