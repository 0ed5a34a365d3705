import { m } from "../../shared/paraglide/messages";
import { ask, Refused, type CalendarEntry } from "../api";
import { toasts } from "../toasts.svelte";
import { problem } from "../words";
import { school } from "./school.svelte";
import type { Room } from "./types";
import { readVisits, unfit, writeVisits, type Visit } from "./visits";

type Named = { name: string; teacher: string; grade: string };

/** One homeroom being changed, or a new one when it has no id. */
export class RoomForm {
  draft = $state<Named>({ name: "", teacher: "", grade: "" });
  visits = $state<Visit[]>([]);
  trouble = $state("");
  field = $state("");
  working = $state(false);
  readonly id: string;
  #base: Named & { visits: Visit[] };

  constructor(room?: Room) {
    this.id = room?.id ?? "";
    const { name = "", teacher = "", grade = "" } = room ?? {};
    this.#base = { name, teacher, grade, visits: readVisits(room?.visits ?? "", room?.library_days ?? "") };
    this.draft = { name, teacher, grade };
    this.visits = this.#base.visits.map((visit) => ({ ...visit }));
  }

  get changed(): boolean {
    return (["name", "teacher", "grade"] as const).some((key) => this.draft[key] !== this.#base[key]);
  }
  get changedVisits(): boolean {
    return JSON.stringify(this.visits) !== JSON.stringify(this.#base.visits);
  }

  /** Makes or renames; answers the id, or "" when the server said no. */
  save = async (): Promise<string> => {
    let id = "";
    await this.#try(async () => {
      const body = { name: this.draft.name.trim(), teacher: this.draft.teacher.trim(), grade: this.draft.grade };
      if (this.id) await ask(`homerooms/${this.id}`, { method: "PATCH", body });
      id = this.id || newId(await ask("homerooms", { method: "POST", body }));
      this.#base = { ...this.#base, ...body };
      this.draft = body;
      toasts.say(this.id ? m.rooms_saved({ name: body.name }) : m.rooms_added({ name: body.name }));
      await school.load();
    });
    return id;
  };

  saveVisits = () =>
    this.#try(async () => {
      const fault = unfit(this.visits);
      this.field = fault ? "visits" : "";
      this.trouble = fault === "mixed" ? m.rooms_hours_mixed() : fault ? m.rooms_hours_order() : "";
      if (fault) return;
      for (const body of writeVisits(this.visits)) await ask(`homerooms/${this.id}`, { method: "PATCH", body });
      this.#base = { ...this.#base, visits: this.visits.map((visit) => ({ ...visit })) };
      this.visits = [...this.visits];
      toasts.say(m.rooms_saved({ name: this.draft.name }));
      await school.load();
    });

  add = () => {
    const last = this.visits.at(-1);
    this.visits.push({ day: last?.day ?? "mon", from: last?.from ?? "09:00", until: last?.until ?? "09:40" });
  };
  drop = (index: number) => void this.visits.splice(index, 1);

  /** Deletes an empty homeroom; true when it is gone. */
  remove = async (): Promise<boolean> => {
    let gone = false;
    await this.#try(async () => {
      await ask(`homerooms/${this.id}`, { method: "DELETE" });
      gone = true;
      toasts.say(m.rooms_deleted({ name: this.#base.name }));
      await school.load();
    });
    return gone;
  };

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

const newId = (answer: unknown): string => {
  const { id, homeroom } = answer as { id?: string; homeroom?: { id: string } };
  return homeroom?.id ?? id ?? "";
};

/** The labels of the days of the school's cycle, "A", "B". */
export async function cycleLabels(): Promise<string[]> {
  const { entries } = await ask<{ entries: (CalendarEntry & { labels?: string })[] }>("calendar");
  return [...new Set(entries.filter(({ kind }) => kind === "cycle").flatMap(({ labels }) => (labels ?? "").split(",").map((label) => label.trim())))].filter(Boolean);
}
