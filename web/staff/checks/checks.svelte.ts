import { newKey } from "../../shared/key";
import { m } from "../../shared/paraglide/messages";
import { ask, type Homeroom } from "../api";
import { router } from "../router.svelte";
import { Attempt } from "../settings/attempt.svelte";
import { toasts } from "../toasts.svelte";
import type { Check, Run, When } from "./types";
import { titleOf } from "./words";

/** All checks of the library, the one that is open with its runs, and what is done to them. */
export class Checks {
  all = $state.raw<Check[] | null>(null);
  check = $state.raw<Check | null>(null);
  runs = $state.raw<Run[]>([]);
  homerooms = $state.raw<Homeroom[]>([]);
  readonly loading = new Attempt();
  readonly opening = new Attempt();
  readonly attempt = new Attempt();
  readonly starting = new Attempt();
  #open = "";

  load = () =>
    this.loading.read(async () => {
      this.all = (await ask<{ checks: Check[] }>("checks")).checks;
    });

  async open(id: string): Promise<void> {
    if (this.#open !== id) {
      this.check = null;
      this.runs = [];
    }
    this.#open = id;
    if (!id) return;
    await this.opening.read(async () => {
      const asked = this.#open;
      const { check, runs } = await ask<{ check: Check; runs: Run[] }>(`checks/${asked}`);
      if (asked !== this.#open) return;
      this.check = check;
      this.runs = runs;
    });
  }

  async rooms(): Promise<void> {
    if (this.homerooms.length) return;
    await this.loading.read(async () => {
      this.homerooms = (await ask<{ homerooms: Homeroom[] }>("homerooms")).homerooms;
    });
  }

  copy(check: Check): Promise<boolean> {
    return this.attempt.run(async () => {
      const { check: copied } = await ask<{ check: Check }>(`checks/${check.id}/copy`, { method: "POST", body: { key: newKey(), title: m.checks_copy_of({ title: check.title }) } });
      await this.load();
      router.go("teaching", "checks", copied.id, "edit");
    });
  }

  /** Deletes a check that no class did; the way back brings it under its address. */
  remove(check: Check): Promise<boolean> {
    return this.attempt.run(async () => {
      await ask(`checks/${check.id}`, { method: "DELETE" });
      router.go("teaching", "checks");
      await this.load();
      toasts.say(m.checks_deleted({ title: titleOf(check) }), () => this.#bring(check));
    });
  }

  async #bring(check: Check) {
    await this.attempt.run(() => ask("checks", { method: "POST", body: { ...check, key: newKey() } }));
    await this.load();
    router.go("teaching", "checks", check.id);
  }

  /** Opens the check to a class and shows its code. The same attempt again is the same run. */
  start(check: Check, plan: { key: string; when: When; homeroom: string; session: string; names: boolean }): Promise<boolean> {
    return this.starting.run(async () => {
      const { run } = await ask<{ run: Run }>(`checks/${check.id}/runs`, { method: "POST", body: plan });
      router.go("teaching", "checks", check.id, "run", run.id);
    });
  }
}
