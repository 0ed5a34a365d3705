import { m } from "../../shared/paraglide/messages";
import { ask } from "../api";
import { router } from "../router.svelte";
import { Attempt } from "../settings/attempt.svelte";
import { toasts } from "../toasts.svelte";
import type { Frameworks } from "./standards.svelte";
import type { Preview } from "./types";

/** A large framework takes a small computer a while, in milliseconds. */
const PATIENCE = 120_000;

/** A file of standards: looked at first, brought in when a person has looked. */
export class StandardsFile {
  name = $state("");
  preview = $state.raw<Preview | null>(null);
  readonly attempt = new Attempt();
  #file: File | null = null;
  #frameworks: Frameworks;

  constructor(frameworks: Frameworks) {
    this.#frameworks = frameworks;
  }

  /** Whether the framework is here already, and the file brings a newer state of it. */
  get newer(): boolean {
    return Boolean(this.preview?.framework.id);
  }

  /** Whether the file brings anything. */
  get changes(): boolean {
    const changes = this.preview?.changes;
    return Boolean(changes && changes.added + changes.changed + changes.gone);
  }

  read(file: File): Promise<boolean> {
    this.#file = file;
    this.name = file.name;
    this.preview = null;
    return this.attempt.run(async () => (this.preview = await this.#send(true)));
  }

  async apply(): Promise<void> {
    const added = !this.newer;
    await this.attempt.run(async () => {
      const { framework } = await this.#send(false);
      await this.#frameworks.load();
      await this.#frameworks.show(framework.id, true);
      router.go("teaching", "standards", framework.id);
      toasts.say(m.standards_in({ name: framework.title, n: framework.statements }), added ? () => void this.#frameworks.remove(framework.id) : undefined);
      this.close();
    });
  }

  close() {
    this.preview = this.#file = null;
    this.name = "";
    this.attempt.clear();
  }

  #send(look: boolean): Promise<Preview> {
    const query = new URLSearchParams({ file: this.name, ...(look && { dry_run: "1" }) });
    return ask<Preview>(`standards?${query}`, { method: "POST", body: this.#file, patience: PATIENCE });
  }
}
