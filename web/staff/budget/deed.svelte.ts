import { newKey } from "../../shared/key";
import { ask, Refused } from "../api";
import { Attempt } from "../settings/attempt.svelte";

type Body = Record<string, unknown>;
/** What the server wants to know before it goes on: a fund would fall short, or an invoice asks for another amount than what came costs. */
export type Question = { kind: "short" | "differs"; text: string };

/**
 * An act about money. It keeps its key until it is done, so that sent again after no answer it is the same act, and it takes the server's
 * questions: what it said stays to be sent again with the answer.
 */
export class Deed {
  readonly attempt = new Attempt();
  question = $state.raw<Question | null>(null);
  #key = "";
  #again: ((answer: Body) => Promise<boolean>) | null = null;

  /** Sends the act; done hears the answer and the act's key. False when it is not done (yet). */
  send<T>(path: string, body: Body, done: (answer: T, key: string) => unknown, method: "POST" | "PATCH" | "PUT" = "POST"): Promise<boolean> {
    this.question = null;
    this.#again = (answer) => this.send<T>(path, { ...body, ...answer }, done, method);
    return this.attempt.run(async () => {
      this.#key ||= newKey();
      const key = this.#key;
      let answer: T;
      try {
        answer = await ask<T>(path, { method, body: { ...body, key } });
      } catch (error) {
        if (error instanceof Refused) this.#asked(error);
        throw error;
      }
      this.#key = "";
      this.#again = null;
      await done(answer, key);
    });
  }

  /** A refused act was never written: mended, it is another one. */
  #asked({ code, message }: Refused) {
    this.#key = "";
    if (code === "fund_short") this.question = { kind: "short", text: message };
    if (code === "invoice_differs") this.question = { kind: "differs", text: message };
  }

  /** Goes on all the same: with a reason where money is short. */
  goOn(reason = ""): Promise<boolean> {
    if (!this.question || !this.#again) return Promise.resolve(false);
    return this.#again(this.question.kind === "short" ? { override: true, reason } : { accept: true });
  }

  /** Leaves it: what was typed stays where it was typed. */
  leave() {
    this.question = null;
    this.attempt.clear();
  }
}
