import { m } from "../../shared/paraglide/messages";
import { ask, type Title } from "../api";
import { Attempt } from "../settings/attempt.svelte";
import { toasts } from "../toasts.svelte";

/** A title that a session used, with the loans of that class in the weeks before and after; null where the class is too small for numbers. */
export type UsedTitle = { id: string; title: string; call_number: string; before: number | null; after: number | null };
type Uses = { titles: UsedTitle[]; weeks: number; class_loans: { before: number | null; after: number | null }; enough: boolean };

/** What a session used, and what its class borrowed after it. */
export class Used {
  uses = $state.raw<Uses | null>(null);
  readonly loading = new Attempt();
  readonly attempt = new Attempt();

  constructor(readonly session: string) {}

  load = () =>
    this.loading.read(async () => {
      this.uses = await ask<Uses>(`teaching/sessions/${this.session}/uses`);
    });

  has = ({ id }: Pick<Title, "id">) => this.#ids().includes(id);
  add = (title: Pick<Title, "id" | "title">) => this.#put([...this.#ids(), title.id], m.lesson_used_added({ title: title.title }));
  drop = (title: UsedTitle) => this.#put(this.#ids().filter((id) => id !== title.id), m.lesson_used_dropped({ title: title.title }));

  #ids = () => (this.uses?.titles ?? []).map(({ id }) => id);

  async #put(ids: string[], said: string): Promise<boolean> {
    const before = this.#ids();
    const done = await this.#send(ids);
    if (done) toasts.say(said, () => void this.#send(before));
    return done;
  }

  #send(ids: string[]): Promise<boolean> {
    return this.attempt.run(async () => {
      await ask(`teaching/sessions/${this.session}/titles`, { method: "PUT", body: { titles: ids.map((title) => ({ title })) } });
      await this.load();
    });
  }
}
