import { ask, Refused } from "../api";
import { m } from "../../shared/paraglide/messages";
import { toasts } from "../toasts.svelte";
import { problem } from "../words";
import type { Choice, Mode, Scope } from "./types";

type Answer = { restrictions: Choice[] };

/** What the family of one child asked for. */
export class Choices {
  list = $state.raw<Choice[] | null>(null);
  mode = $state<Mode>("deny");
  scope = $state<Scope>("title");
  value = $state("");
  note = $state("");
  trouble = $state("");
  field = $state("");
  working = $state(false);

  constructor(readonly barcode: string) {}

  get #path(): string {
    return `patrons/${encodeURIComponent(this.barcode)}/restrictions`;
  }

  load = () => this.#try(async () => void (this.list = (await ask<Answer>(this.#path)).restrictions));

  /** Adds what the form says, and empties it. What was refused stays to be mended. */
  add = () =>
    this.#try(async () => {
      const { mode, scope } = this;
      const value = scope === "all" ? {} : { value: this.value.trim() };
      this.list = (await ask<Answer>(this.#path, { method: "POST", body: { mode, scope, ...value, note: this.note.trim() } })).restrictions;
      this.value = this.note = "";
      toasts.say(m.choices_added());
    });

  /** Takes one away; the toast puts it back. */
  remove = (choice: Choice) =>
    this.#try(async () => {
      await ask(`restrictions/${choice.id}`, { method: "DELETE" });
      this.list = this.list?.filter(({ id }) => id !== choice.id) ?? null;
      toasts.say(m.choices_removed(), () => this.#restore(choice));
    });

  #restore = ({ mode, scope, title, value, note }: Choice) =>
    this.#try(async () => {
      const what = scope === "title" ? { title: title?.id } : scope === "all" ? {} : { value };
      this.list = (await ask<Answer>(this.#path, { method: "POST", body: { mode, scope, ...what, note } })).restrictions;
    });

  async #try(work: () => Promise<void>): Promise<void> {
    this.trouble = this.field = "";
    this.working = true;
    try {
      await work();
    } catch (error) {
      this.trouble = problem(error);
      this.field = error instanceof Refused ? error.field : "";
    } finally {
      this.working = false;
    }
  }
}
