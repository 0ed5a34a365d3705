import { newKey } from "../../shared/key";
import { m } from "../../shared/paraglide/messages";
import { ask, type Title } from "../api";
import { toasts } from "../toasts.svelte";

export type Group = { why: "isbn" | "lccn" | "title"; titles: Title[] };
export type Merge = { id: string; keep: string; name: string; titles: string[]; items: number; holds: number; at: string; undo_until: string; undone: boolean };

/** Makes one title of several; the toast takes it back. */
export async function merge(keep: string, titles: string[], changed: () => void): Promise<void> {
  const { merge: made } = await ask<{ merge: Merge }>("merges", { method: "POST", body: { key: newKey(), keep, titles } });
  toasts.say(m.finder_merged({ title: made.name, n: made.items }), async () => {
    await part(made.id);
    changed();
  });
}

export const part = (id: string) => ask(`merges/${id}/undo`, { method: "POST", body: { key: newKey() } });
