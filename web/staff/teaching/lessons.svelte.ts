import { newKey } from "../../shared/key";
import { ask } from "../api";
import { Pages } from "../parts/pages.svelte";
import { router } from "../router.svelte";
import { Attempt } from "../settings/attempt.svelte";
import type { LessonRow } from "./types";

/** All lessons of the library, narrowed by words, kind and grade. */
export class Lessons {
  asked = $state({ q: "", kind: "", grade: "", archived: "" });
  readonly attempt = new Attempt();
  readonly pages = new Pages<LessonRow>(async (page, perPage, signal) => {
    const { lessons, totalItems } = await ask<{ lessons: LessonRow[]; totalItems: number }>(`lessons?${this.query}&page=${page}&perPage=${perPage}`, { signal });
    return { items: lessons, totalItems };
  });
  #key = newKey();

  /** What narrows the list, as it stands in the address. */
  readonly query = $derived(new URLSearchParams(Object.entries(this.asked).filter(([, value]) => value)));
  readonly narrowed = $derived(Boolean(this.asked.q || this.asked.kind || this.asked.grade));

  constructor(from: URLSearchParams = new URLSearchParams()) {
    for (const name of ["q", "kind", "grade", "archived"] as const) this.asked[name] = from.get(name) ?? "";
  }

  load = () => this.pages.again();

  /** Makes a lesson of a title and opens it. */
  add(title: string, language: string): Promise<boolean> {
    return this.attempt.run(async () => {
      const { lesson } = await ask<{ lesson: { id: string } }>("lessons", { method: "POST", body: { key: this.#key, title, language } });
      this.#key = newKey();
      router.go("teaching", "lessons", lesson.id);
    });
  }
}
