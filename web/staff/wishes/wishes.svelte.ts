import { newKey } from "../../shared/key";
import { m } from "../../shared/paraglide/messages";
import { account } from "../account.svelte";
import { ask } from "../api";
import { Attempt } from "../settings/attempt.svelte";
import { toasts } from "../toasts.svelte";
import type { Wish, WishState } from "./types";

/** What people ask the library to get: a teacher sees their own, the librarian all. */
export class Wishes {
  all = $state.raw<Wish[]>([]);
  loaded = $state(false);
  readonly loading = new Attempt();
  readonly attempt = new Attempt();

  constructor() {
    account.onLeave(() => this.reset());
  }

  reset() {
    this.all = [];
    this.loaded = false;
    this.loading.clear();
    this.attempt.clear();
  }

  load = (state = "") =>
    this.loading.read(async () => {
      this.all = (await ask<{ requests: Wish[] }>(`budget/requests${state ? `?state=${state}` : ""}`)).requests;
      this.loaded = true;
    });

  /** Answers a request; another state can be taken back by the toast. A stale one shows what the other person said. */
  async answer(wish: Wish, state: WishState, answer: string): Promise<boolean> {
    const done = await this.attempt.run(async () => void this.#put((await ask<{ request: Wish }>(`budget/requests/${wish.id}`, { method: "PATCH", body: { updated: wish.updated, state, answer } })).request));
    if (done) toasts.say(m.wishes_answered({ name: wish.name }), () => void this.#back(wish));
    else if (this.attempt.code === "changed" && this.attempt.data.current) this.#put(this.attempt.data.current as Wish);
    return done;
  }

  async #back({ id, state, answer }: Wish) {
    const now = this.all.find((one) => one.id === id);
    if (now) await this.attempt.run(async () => void this.#put((await ask<{ request: Wish }>(`budget/requests/${id}`, { method: "PATCH", body: { updated: now.updated, state, answer } })).request));
  }

  #put(wish: Wish) {
    this.all = this.all.map((one) => (one.id === wish.id ? wish : one));
  }
}

export const wishes = new Wishes();

export type Asked = { name: string; author: string; isbn: string; why: string; for: string };
const blank = (): Asked => ({ name: "", author: "", isbn: "", why: "", for: "" });

/** A request as it is typed; it stays until it is sent or the person leaves. */
class AskForm {
  typed = $state<Asked>(blank());
  readonly attempt = new Attempt();
  #key = newKey();

  constructor() {
    account.onLeave(() => this.reset());
  }

  reset() {
    this.typed = blank();
    this.#key = newKey();
    this.attempt.clear();
  }

  async send(): Promise<boolean> {
    const { name, author, isbn, why, for: whom } = $state.snapshot(this.typed);
    if (!name.trim()) {
      Object.assign(this.attempt, { field: "name", text: m.wishes_name_needed() });
      return false;
    }
    const done = await this.attempt.run(() => ask("budget/requests", { method: "POST", body: { key: this.#key, name: name.trim(), author: author.trim(), isbn: isbn.trim(), why: why.trim(), for: whom.trim() } }));
    if (!done) return false;
    this.reset();
    toasts.say(m.wishes_sent({ name: name.trim() }));
    await wishes.load();
    return true;
  }
}

export const asking = new AskForm();
