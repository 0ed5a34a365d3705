import { m } from "../../shared/paraglide/messages";
import { ask } from "../api";
import { router } from "../router.svelte";
import { Attempt } from "../settings/attempt.svelte";
import { toasts } from "../toasts.svelte";
import type { Draft, List, Listed } from "./types";

/** All lists of the library, and what is done to whole lists. */
export class Lists {
  all = $state.raw<List[] | null>(null);
  readonly loading = new Attempt();
  readonly attempt = new Attempt();

  load = () =>
    this.loading.read(async () => {
      this.all = (await ask<{ lists: List[] }>("lists")).lists;
    });

  of(kind: List["kind"]): List[] {
    return (this.all ?? []).filter((list) => list.kind === kind);
  }

  /** Makes a list and opens it. */
  add(draft: Draft): Promise<boolean> {
    return this.attempt.run(async () => {
      const { list } = await ask<{ list: List }>("lists", { method: "POST", body: draft });
      await this.load();
      router.go("catalog", "lists", list.id);
    });
  }

  /** Deletes a list; the way back brings it with its titles and under its address. */
  remove(list: List, titles: Listed[]): Promise<boolean> {
    return this.attempt.run(async () => {
      await ask(`lists/${list.id}`, { method: "DELETE" });
      router.go("catalog", "lists");
      await this.load();
      toasts.say(m.lists_deleted({ name: list.name }), () => this.#bring(list, titles));
    });
  }

  async #bring(list: List, titles: Listed[]) {
    const chosen = list.search ? [] : titles.map(({ id }) => id);
    await this.attempt.run(() => ask("lists", { method: "POST", body: { ...list, titles: chosen } }));
    await this.load();
    router.go("catalog", "lists", list.id);
  }

  /** Puts a list one place up or down among those of its kind. */
  async move(list: List, by: -1 | 1): Promise<void> {
    const order = this.of(list.kind);
    const at = order.findIndex(({ id }) => id === list.id);
    const other = order[at + by];
    if (!other) return;
    const next = [...order];
    [next[at], next[at + by]] = [other, list];
    await this.attempt.run(async () => {
      for (const [i, one] of next.entries()) {
        if (one.position !== i + 1) await ask(`lists/${one.id}`, { method: "PATCH", body: { updated: one.updated, position: i + 1 } });
      }
    });
    await this.load();
  }
}
