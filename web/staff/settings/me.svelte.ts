import { m } from "../../shared/paraglide/messages";
import { account } from "../account.svelte";
import { ask } from "../api";
import { toasts } from "../toasts.svelte";
import { Attempt } from "./attempt.svelte";

type Answer = { name: string; language: string; token?: string };

/** The own account: what one is called, in which language one reads, and the password. */
export class Me {
  kept = $state.raw<{ name: string; language: string } | null>(null);
  name = $state("");
  language = $state("");
  old = $state("");
  password = $state("");
  readonly loading = new Attempt();
  readonly attempt = new Attempt();
  readonly secret = new Attempt();
  readonly changed = $derived(this.kept !== null && (this.name !== this.kept.name || this.language !== this.kept.language));

  open = () => this.loading.run(async () => this.#take(await ask<Answer>("me")));

  discard() {
    if (this.kept) [this.name, this.language] = [this.kept.name, this.kept.language];
    this.attempt.clear();
  }

  async save(): Promise<boolean> {
    const before = this.kept;
    const saved = await this.#patch({ name: this.name, language: this.language });
    if (saved && before) toasts.say(m.settings_saved(), () => void this.#patch(before));
    return saved;
  }

  /** A new password ends every other session of the account; this one goes on with the new token. */
  async newPassword(): Promise<boolean> {
    const done = await this.secret.run(async () => {
      const answer = await ask<Answer>("me", { method: "PATCH", body: { old_password: this.old, password: this.password } });
      if (answer.token) account.store.authStore.save(answer.token, account.store.authStore.record);
    });
    if (!done) return false;
    this.old = this.password = "";
    toasts.say(m.me_password_saved());
    return true;
  }

  #patch(fields: { name: string; language: string }): Promise<boolean> {
    return this.attempt.run(async () => {
      this.#take(await ask<Answer>("me", { method: "PATCH", body: fields }));
      if (fields.language) account.speak(fields.language);
      await account.refresh();
    });
  }

  #take({ name, language }: Answer) {
    this.kept = { name, language };
    [this.name, this.language] = [name, language];
  }
}
