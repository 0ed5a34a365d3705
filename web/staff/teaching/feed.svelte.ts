import { m } from "../../shared/paraglide/messages";
import { ask } from "../api";
import { Attempt } from "../settings/attempt.svelte";
import { toasts } from "../toasts.svelte";

/** The secret address under which other calendars read this one. */
export class Feed {
  url = $state<string | null>(null);
  madeAt = $state("");
  readonly attempt = new Attempt();

  load = () => this.attempt.run(async () => this.#take(await ask("teaching/feed")));
  /** A new secret: whoever has the old address reads nothing any more. */
  renew = () => this.attempt.run(async () => this.#take(await ask("teaching/feed", { method: "POST", body: {} })));
  revoke = () =>
    this.attempt.run(async () => {
      await ask("teaching/feed", { method: "DELETE" });
      this.url = "";
      toasts.say(m.teach_feed_gone());
    });

  async copy(): Promise<void> {
    try {
      await navigator.clipboard.writeText(this.url ?? "");
      toasts.say(m.teach_feed_copied());
    } catch {
      toasts.say(this.url ?? ""); // a browser without a clipboard: the address to copy by hand
    }
  }

  #take({ url, made_at }: { url: string; made_at: string }) {
    this.url = url && new URL(url, location.href).href;
    this.madeAt = made_at;
  }
}
