import { send } from "../shared/http";
import { Line } from "../shared/line.svelte";
import { locale } from "../shared/locale.svelte";

/** The line to the library, of all screens together. */
export const line = new Line();

/** How many answers are kept for going back and for a line that drops. Only as long as the page is open: others use the device, too. */
const KEPT = 60;
const kept = new Map<string, unknown>();

function keep(name: string, data: unknown) {
  kept.delete(name);
  kept.set(name, data);
  if (kept.size > KEPT) kept.delete(kept.keys().next().value!);
}

/** Reads one answer at a time; the newest question counts. What was read stays on the screen until something newer comes. */
export class Reader<T> {
  data = $state.raw<T | null>(null);
  /** The library does not have this, or could not say. */
  missing = $state(false);
  busy = $state(false);
  #newest: AbortController | undefined;

  async read(path: string) {
    this.#newest?.abort();
    const mine = (this.#newest = new AbortController());
    const name = `${locale.current} ${path}`;
    const before = kept.get(name) as T | undefined;
    if (before) this.data = before;
    this.missing = false;
    this.busy = true;
    try {
      const { status, data } = await line.reach(() => {
        mine.signal.throwIfAborted();
        return send<T>(path, { signal: mine.signal });
      });
      if (mine.signal.aborted) return;
      this.missing = status !== 200;
      this.busy = false;
      if (this.missing) return;
      keep(name, data);
      this.data = data;
    } catch (error) {
      if (!mine.signal.aborted) throw error;
    }
  }

  /** What was asked no longer matters. */
  stop() {
    this.#newest?.abort();
    this.busy = false;
  }
}
