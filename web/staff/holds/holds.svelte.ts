import { newKey } from "../../shared/key";
import { m } from "../../shared/paraglide/messages";
import { account } from "../account.svelte";
import { ask, openPdf } from "../api";
import { Attempt } from "../settings/attempt.svelte";
import { toasts } from "../toasts.svelte";

/** A hold with what it waits for. item and what follows is the copy kept for the person, or the one to fetch. */
export type Hold = {
  id: string;
  state: "waiting" | "ready";
  /** Among those that wait for the title, from 1; 0 for one that does not wait. */
  place: number;
  placed_at: string;
  pickup_by?: string;
  patron: string;
  name: string;
  homeroom: string;
  title_id: string;
  title: string;
  author: string;
  /** The only copy that will do. */
  wanted: string;
  item: string;
  call_number: string;
  location: string;
};
export type Queue = { id: string; title: string; author: string; holds: Hold[] };
export const views = ["all", "pull", "shelf"] as const;
export type View = (typeof views)[number];

const PAGE = 100;
/** How long a pause in typing is, in milliseconds. */
const PAUSE = 200;

/** Puts holds that came title by title together. */
export function queues(holds: readonly Hold[]): Queue[] {
  const all: Queue[] = [];
  for (const hold of holds) {
    const last = all.at(-1);
    if (last?.id === hold.title_id) last.holds.push(hold);
    else all.push({ id: hold.title_id, title: hold.title, author: hold.author, holds: [hold] });
  }
  return all;
}

/** Who waits for what, what to fetch and what lies ready. */
export class Holds {
  q = $state("");
  all = $state.raw<Hold[] | null>(null);
  total = $state(0);
  pull = $state.raw<Hold[] | null>(null);
  ready = $state.raw<Hold[] | null>(null);
  over = $state.raw<Hold[]>([]);
  readonly loading = new Attempt();
  readonly attempt = new Attempt();
  #turn = 0;
  #pages = 1;
  #timer: ReturnType<typeof setTimeout> | undefined;

  readonly queues = $derived(queues(this.all ?? []));

  /** Asks for one list anew. Of several questions on their way the last counts. */
  async load(view: View): Promise<void> {
    const turn = ++this.#turn;
    try {
      if (view === "pull") {
        const { holds } = await ask<{ holds: Hold[] }>("holds/pull");
        if (turn === this.#turn) this.pull = holds;
      } else if (view === "shelf") {
        const { ready, over } = await ask<{ ready: Hold[]; over: Hold[] }>("holds/shelf");
        if (turn === this.#turn) [this.ready, this.over] = [ready, over];
      } else {
        const { holds, totalItems } = await ask<{ holds: Hold[]; totalItems: number }>(`holds/all?perPage=${PAGE * this.#pages}&q=${encodeURIComponent(this.q.trim())}`);
        if (turn === this.#turn) [this.all, this.total] = [holds, totalItems];
      }
      if (turn === this.#turn) this.loading.clear();
    } catch (error) {
      if (turn === this.#turn) this.loading.fail(error);
    }
  }

  type(text: string) {
    this.q = text;
    this.#pages = 1;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => void this.load("all"), PAUSE);
  }

  more = () => {
    this.#pages++;
    return this.load("all");
  };

  cancel = (hold: Hold, view: View) => this.#act(hold, view, "cancel", {}, m.holds_cancelled({ name: hold.name || m.holds_somebody() }));

  move = (hold: Hold, place: number) => this.#act(hold, "all", "move", { place }, m.holds_moved({ name: hold.name || m.holds_somebody(), n: place }));

  print = (path: string) => this.attempt.run(() => openPdf(path, "holds.pdf"));

  #act = (hold: Hold, view: View, command: "cancel" | "move", more: object, said: string) =>
    this.attempt.run(async () => {
      const key = newKey();
      await ask(`holds/${hold.id}/${command}`, { method: "POST", body: { key, ...more } });
      await this.load(view);
      toasts.say(said, async () => {
        await this.attempt.run(() => ask("undo", { method: "POST", body: { key } }));
        await this.load(view);
      });
    });

  reset() {
    this.q = "";
    this.all = this.pull = this.ready = null;
    this.over = [];
    this.#pages = 1;
  }
}

export const holds = new Holds();
account.onLeave(() => holds.reset());
