import { m } from "../../shared/paraglide/messages";
import { ask } from "../api";
import { router } from "../router.svelte";
import { Attempt } from "../settings/attempt.svelte";
import { toasts } from "../toasts.svelte";
import type { Run, RunView, Written } from "./types";

/** One run of a check while a class does it, and afterwards. */
export class OpenRun {
  view = $state.raw<RunView | null>(null);
  readonly loading = new Attempt();
  readonly attempt = new Attempt();

  constructor(readonly id: string) {}

  load = () =>
    this.loading.read(async () => {
      this.view = await ask<RunView>(`runs/${this.id}`);
    });

  setState(state: Run["state"]): Promise<boolean> {
    return this.attempt.run(async () => {
      await ask(`runs/${this.id}`, { method: "PATCH", body: { state } });
      await this.load();
    });
  }

  remove(): Promise<boolean> {
    const run = this.view?.run;
    return this.attempt.run(async () => {
      await ask(`runs/${this.id}`, { method: "DELETE" });
      router.go("teaching", "checks", run?.check ?? "");
      toasts.say(m.checks_run_deleted({ room: run?.homeroom.name ?? "" }), async () => {
        await ask(`runs/${this.id}/restore`, { method: "POST" });
        router.go("teaching", "checks", run?.check ?? "", "run", this.id);
      });
    });
  }

  /** Says which of two sheets with one seat counts. */
  decide(sheet: string): Promise<boolean> {
    return this.attempt.run(async () => {
      await ask(`runs/${this.id}/decide`, { method: "POST", body: { sheet } });
      await this.load();
    });
  }
}

/** Short answers to one question, scored one after the other; nothing says whose they are. */
export class Scoring {
  at = $state(0);
  texts = $state.raw<Written[]>([]);
  readonly attempt = new Attempt();
  #tail: Promise<void> = Promise.resolve();
  readonly left = $derived(this.texts.filter(({ points }) => points === null).length);
  readonly now = $derived(this.texts[this.at]);

  constructor(readonly run: string, readonly item: string, texts: Written[]) {
    // those that nobody has scored come first
    this.texts = [...texts].sort((a, b) => Number(a.points !== null) - Number(b.points !== null));
  }

  /** Gives points at once and goes on to the next, however fast the keys come; what the server refuses is unscored and in view again. */
  give(points: number): Promise<void> {
    const one = this.now;
    if (!one) return Promise.resolve();
    const at = this.at;
    this.#put(one.id, points);
    this.step(1);
    this.#tail = this.#tail.then(async () => {
      try {
        await ask(`runs/${this.run}/scores`, { method: "POST", body: { answer: one.id, item: this.item, points } });
        this.attempt.clear();
      } catch (error) {
        this.attempt.fail(error);
        this.#put(one.id, one.points);
        this.at = at;
      }
    });
    return this.#tail;
  }

  step(by: number) {
    this.at = Math.max(0, Math.min(this.texts.length - 1, this.at + by));
  }

  #put(id: string, points: number | null) {
    this.texts = this.texts.map((text) => (text.id === id ? { ...text, points } : text));
  }
}
