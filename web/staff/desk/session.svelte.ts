import { account } from "../account.svelte";

/** What one line of the list is about. */
export type Kind = "out" | "in" | "hold" | "renewed" | "allowed" | "claimed" | "unclaimed" | "lost" | "damaged" | "pieces" | "due" | "many";

/** One line of the session list. The key undoes its act; two lines of one act have the same key. */
export type Event = { id: number; key: string; kind: Kind; who: string; title: string; at: Date; undone: boolean };

/** The list keeps this many lines. */
const KEPT = 50;

/** What was done at this desk since the session began. One person's and one class's acts stand in the same list. */
export class Session {
  events = $state.raw<Event[]>([]);
  #next = 0;

  readonly out = $derived(this.#count("out", "allowed"));
  readonly back = $derived(this.#count("in", "hold"));

  note(kind: Kind, key: string, who: string, title: string): Event {
    const event = { id: this.#next++, key, kind, who: shortName(who), title, at: new Date(), undone: false };
    this.events = [event, ...this.events].slice(0, KEPT);
    return event;
  }

  undone(key: string) {
    this.events = this.events.map((event) => (event.key === key ? { ...event, undone: true } : event));
  }

  isUndone(key: string): boolean {
    return this.events.some((event) => event.key === key && event.undone);
  }

  get last(): Event | undefined {
    return this.events.find((event) => !event.undone);
  }

  clear() {
    this.events = [];
  }

  #count(...kinds: Kind[]): number {
    return this.events.filter((event) => !event.undone && kinds.includes(event.kind)).length;
  }
}

/** "Diego R.": enough to know who is meant, and not the whole name for whoever walks past. */
export function shortName(name: string): string {
  const words = name.split(/\s+/).filter(Boolean);
  return words.length < 2 ? name : `${words[0]} ${[...words.at(-1)!][0]}.`;
}

export const session = new Session();
account.onLeave(() => session.clear());
