import { m } from "../../shared/paraglide/messages";
import { account } from "../account.svelte";
import { ask, Refused } from "../api";
import { toasts } from "../toasts.svelte";
import { problem } from "../words";
import type { OptOut } from "./types";

/** The addresses that want no more courtesy notices. */
export class OptOuts {
  list = $state.raw<OptOut[] | null>(null);
  /** What is being typed: an address, or the code from the subject of a family's mail. */
  asked = $state("");
  wrong = $state("");
  trouble = $state("");

  open = () => this.#try(() => this.#load());

  reset() {
    this.list = null;
    this.asked = this.wrong = this.trouble = "";
  }

  add = () =>
    this.#try(async () => {
      const out = await this.#enter(this.asked);
      this.asked = "";
      toasts.say(m.optouts_added({ address: out.address }), () => this.#try(() => this.#drop(out)));
    });

  remove = (out: OptOut) =>
    this.#try(async () => {
      await this.#drop(out);
      toasts.say(m.optouts_removed({ address: out.address }), () => this.#try(async () => void (await this.#enter(out.address))));
    });

  async #enter(asked: string): Promise<OptOut> {
    const out = await ask<OptOut>("notices/unsubscribed", { method: "POST", body: { asked } });
    await this.#load();
    return out;
  }

  async #drop(out: OptOut): Promise<void> {
    await ask(`notices/unsubscribed/${out.id}`, { method: "DELETE" });
    await this.#load();
  }

  async #load(): Promise<void> {
    this.list = (await ask<{ unsubscribed: OptOut[] }>("notices/unsubscribed")).unsubscribed;
  }

  async #try(work: () => Promise<void>): Promise<void> {
    this.wrong = this.trouble = "";
    try {
      await work();
    } catch (error) {
      if (error instanceof Refused && error.field === "asked") this.wrong = problem(error);
      else this.trouble = problem(error);
    }
  }
}

export const optOuts = new OptOuts();
account.onLeave(() => optOuts.reset());
