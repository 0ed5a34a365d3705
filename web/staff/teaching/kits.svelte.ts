import { newKey } from "../../shared/key";
import { locale } from "../../shared/locale.svelte";
import { m } from "../../shared/paraglide/messages";
import { ask } from "../api";
import { router } from "../router.svelte";
import { Attempt } from "../settings/attempt.svelte";
import { toasts } from "../toasts.svelte";
import type { Lesson, LessonKind } from "./types";

/** A ready-made lesson as the gallery shows it. */
export type Kit = { id: string; title: string; goal: string; grades_from: string; grades_to: string; minutes: number; kind: LessonKind; language: string[]; steps: number; checks: number };
/** A kit as it would be, with its sheets and its check. */
export type KitAnswer = { kit: Omit<Lesson, "standards"> & { handouts: { name: string; text: string }[]; check: { title: string; title_es: string; items: unknown[] } | null } };

/** Lessons that are ready to be taken. */
export class Kits {
  all = $state.raw<Kit[] | null>(null);
  open = $state.raw<KitAnswer["kit"] | null>(null);
  /** The kit that is looked at, and its language. */
  at = $state({ id: "", language: "en" });
  readonly loading = new Attempt();
  readonly attempt = new Attempt();

  load = () => this.loading.read(async () => (this.all = (await ask<{ kits: Kit[] }>("kits")).kits));

  look(id: string, language: string = locale.current): Promise<boolean> {
    this.at = { id, language };
    return this.loading.read(async () => {
      const { kit } = await ask<KitAnswer>(`kits/${this.at.id}?${new URLSearchParams({ language: this.at.language })}`);
      this.open = kit;
    });
  }

  close(): void {
    this.open = null;
    this.attempt.clear();
  }

  /** Makes the kit a lesson of one's own, to be changed at will. */
  use(): Promise<boolean> {
    return this.attempt.run(async () => {
      const { lesson } = await ask<{ lesson: Lesson }>(`kits/${this.at.id}`, { method: "POST", body: { key: newKey(), language: this.at.language } });
      toasts.say(m.kit_used({ title: lesson.title }));
      router.go("teaching", "lessons", lesson.id);
    });
  }
}
