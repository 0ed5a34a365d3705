import { account } from "../account.svelte";
import { ask } from "../api";
import { m } from "../../shared/paraglide/messages";
import { toasts } from "../toasts.svelte";
import { Attempt } from "./attempt.svelte";

const same = (a: unknown, b: unknown) => JSON.stringify(a) === JSON.stringify(b);

/**
 * What the school decided about one thing, and what is typed over it. What is typed outlives the screen until it is saved or the person
 * leaves, and only the fields that were changed are sent.
 */
export class Setting<T extends object> {
  /** As the server keeps it. */
  kept = $state.raw<T | null>(null);
  typed = $state<T | null>(null);
  readonly attempt = new Attempt();
  readonly loading = new Attempt();
  readonly changed = $derived(this.kept && this.typed ? (Object.keys(this.typed) as (keyof T)[]).filter((name) => !same(this.typed![name], this.kept![name])) : []);

  /** besides are fields that only go in, such as a password, with what they are while nothing is typed. */
  constructor(
    readonly path: string,
    readonly besides: Partial<T> = {},
  ) {
    account.onLeave(() => this.forget());
  }

  open = () => this.loading.run(async () => this.#take(await ask<T>(this.path)));

  /** Keeps what is typed; the toast takes it back. */
  async save(said: string = m.settings_saved()): Promise<boolean> {
    if (!this.kept || !this.typed || !this.changed.length) return true;
    const before = pick(this.kept, this.changed);
    const saved = await this.put(pick($state.snapshot(this.typed) as T, this.changed));
    const secret = Object.keys(before).some((name) => name in this.besides);
    if (saved) toasts.say(said, secret ? undefined : () => void this.put(before));
    return saved;
  }

  /** Sends some fields, and takes the answer as what is kept. */
  put(fields: Partial<T>): Promise<boolean> {
    return this.attempt.run(async () => {
      const answer = await ask<T>(this.path, { method: "PUT", body: fields });
      this.#take({ ...this.kept!, ...answer }, Object.keys(fields) as (keyof T)[]);
    });
  }

  discard() {
    this.typed = this.kept && structuredClone(this.kept);
    this.attempt.clear();
  }

  forget() {
    this.kept = this.typed = null;
    this.attempt.clear();
  }

  /** What was typed and not sent stays as it is typed. */
  #take(kept: T, sent: (keyof T)[] = []) {
    const own = this.typed ? pick($state.snapshot(this.typed) as T, this.changed.filter((name) => !sent.includes(name))) : {};
    this.kept = { ...kept, ...this.besides };
    this.typed = { ...structuredClone(this.kept), ...own };
  }
}

function pick<T extends object>(from: T, names: (keyof T)[]): Partial<T> {
  return Object.fromEntries(names.map((name) => [name, from[name]])) as Partial<T>;
}
