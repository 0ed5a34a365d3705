import { newKey } from "../../shared/key";
import { m } from "../../shared/paraglide/messages";
import { ask } from "../api";
import { Attempt } from "../settings/attempt.svelte";
import type { Calendar } from "./calendar.svelte";
import type { Acted, Session } from "./types";
import { entryName } from "./words";

/** What teachers asked for: for the librarian all that wait, for a teacher the own with their answers. */
export class Asks {
  list = $state.raw<Session[] | null>(null);
  readonly loading = new Attempt();
  /** What is typed as the answer to each, by id. */
  answers = $state<Record<string, string>>({});

  constructor(readonly calendar: Calendar) {}

  load = () =>
    this.loading.read(async () => {
      this.list = (await ask<{ asks: Session[] }>("teaching/asks")).asks;
    });

  /** Says no, with the reason the teacher reads. */
  async decline(one: Session): Promise<void> {
    const answer = this.answers[one.id]?.trim() ?? "";
    if (!answer) {
      [this.loading.text, this.loading.field] = [m.teach_answer_needed(), one.id];
      return;
    }
    this.loading.clear();
    if (await this.calendar.change(one, { state: "declined", answer }, false, m.teach_declined({ name: entryName(one) }))) await this.load();
  }
}

/** What a teacher asks for. */
export class NewAsk {
  typed = $state({ homeroom: "", name: "", day: "", from: "", until: "", notes: "" });
  rooms = $state.raw<{ id: string; name: string }[]>([]);
  #key = newKey();

  constructor(readonly calendar: Calendar) {}

  load = () =>
    this.calendar.attempt.run(async () => {
      this.rooms = (await ask<{ homerooms?: { id: string; name: string }[] }>("me")).homerooms ?? [];
      this.typed.homeroom ||= this.rooms[0]?.id ?? "";
    });

  send = () => this.calendar.act(() => ask<Acted>("teaching/asks", { method: "POST", body: { key: this.#key, ...$state.snapshot(this.typed) } }), m.teach_ask_sent());
}
