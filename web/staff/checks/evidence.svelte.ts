import { m } from "../../shared/paraglide/messages";
import { ask } from "../api";
import { Attempt } from "../settings/attempt.svelte";
import { toasts } from "../toasts.svelte";
import type { Evidence } from "./types";

/** What the checks before and after show of one class: by a lesson, or by a check itself. */
export class Shown {
  evidence = $state.raw<Evidence | null>(null);
  readonly loading = new Attempt();
  readonly marking = new Attempt();
  #asked = "";

  /** Reads it for a class; an answer that comes after another class was chosen is not shown. */
  async load(of: { lesson?: string; check?: string; homeroom: string }): Promise<void> {
    const query = new URLSearchParams(Object.entries(of).filter(([, value]) => value)).toString();
    if (this.#asked !== query) this.evidence = null;
    this.#asked = query;
    await this.loading.read(async () => {
      const asked = this.#asked;
      const found = await ask<Evidence>(`evidence?${asked}`);
      if (asked === this.#asked) this.evidence = found;
    });
  }

  /** Shows it to the principal, or no longer. */
  async mark(inReport: boolean): Promise<void> {
    const { check, homeroom } = this.evidence ?? {};
    if (!check || !homeroom) return;
    const done = await this.marking.run(async () => {
      this.evidence = await ask<Evidence>("evidence", { method: "PATCH", body: { check: check.id, homeroom: homeroom.id, in_report: inReport } });
    });
    if (done) toasts.say(inReport ? m.evidence_added({ room: homeroom.name }) : m.evidence_taken({ room: homeroom.name }), () => this.mark(!inReport));
  }
}
