import { newKey } from "../../shared/key";
import { m } from "../../shared/paraglide/messages";
import { ask } from "../api";
import { router } from "../router.svelte";
import { Attempt } from "../settings/attempt.svelte";
import { toasts } from "../toasts.svelte";
import { Autosave } from "./autosave.svelte";
import type { Acted, Lesson, Material, Session, Standard } from "./types";

const written = ["title", "goal", "grades_from", "grades_to", "subject", "kind", "minutes", "language", "steps", "materials", "standards", "reusable"] as const;

/** What is written in a lesson. */
export type Written = Pick<Lesson, (typeof written)[number]>;

const read = (lesson: Lesson) => structuredClone(Object.fromEntries(written.map((name) => [name, lesson[name] ?? []]))) as unknown as Written;
/** A step without words is one that somebody is about to write. */
const clean = (fields: Written): Written => ({ ...fields, steps: fields.steps.filter(({ text }) => text.trim()), minutes: Number(fields.minutes) || 0 });

/** A lesson that is open, with its sessions and the one that is looked at. */
export class OpenLesson {
  sessions = $state.raw<Session[]>([]);
  /** The session that is looked at, by its id. */
  chosen = $state("");
  readonly loading = new Attempt();
  readonly attempt = new Attempt();
  readonly plan = new Autosave<Lesson, Written>({
    read,
    clean,
    loose: ["title", "goal", "subject", "steps"],
    send: async (kept, { standards, ...fields }) => {
      const body = { ...fields, ...(standards ? { standards: standards.map(({ id }) => id) } : {}), updated: kept.updated };
      return (await ask<{ lesson: Lesson }>(`lessons/${this.id}`, { method: "PATCH", body })).lesson;
    },
  });
  readonly notes = new Autosave<Session, { notes: string }>({
    read: ({ notes = "" }) => ({ notes }),
    loose: ["notes"],
    send: async (kept, fields) => {
      const { sessions = [] } = await ask<Acted>(`teaching/sessions/${kept.id}`, { method: "PATCH", body: { key: newKey(), updated: kept.updated, ...fields } });
      const now = sessions.find(({ id }) => id === kept.id) ?? kept;
      this.sessions = this.sessions.map((one) => (one.id === now.id ? now : one));
      return now;
    },
  });

  constructor(readonly id: string) {}

  readonly lesson = $derived(this.plan.kept);
  /** The one that is looked at: the chosen, or else the next to come, or else the last. */
  readonly session = $derived.by<Session | null>(() => {
    const stand = this.sessions.filter(({ state }) => state === "planned" || state === "taught");
    const next = stand.filter(({ state }) => state === "planned").at(-1);
    return this.sessions.find(({ id }) => id === this.chosen) ?? next ?? stand[0] ?? null;
  });
  readonly sum = $derived((this.plan.typed?.steps ?? []).reduce((sum, step) => sum + (Number(step.minutes) || 0), 0));

  load = () =>
    this.loading.read(async () => {
      const { lesson, sessions } = await ask<{ lesson: Lesson; sessions: Session[] }>(`lessons/${this.id}`);
      this.sessions = sessions;
      this.plan.take(lesson);
      this.look();
    });

  /** Opens a session's notes beside the plan. */
  look(id = this.chosen): void {
    if (id !== this.chosen) this.notes.leave();
    this.chosen = id;
    const { session } = this;
    if (session && this.notes.kept?.id !== session.id) this.notes.reset();
    if (session) this.notes.take(session);
  }

  leave(): void {
    this.plan.leave();
    this.notes.leave();
  }

  /** Says whether a session took place. */
  mark(session: Session, state: "taught" | "cancelled"): Promise<boolean> {
    return this.#act(session, { state }, state === "taught" ? m.teach_did() : m.teach_did_not());
  }

  #act(session: Session, fields: object, said: string): Promise<boolean> {
    return this.attempt.run(async () => {
      await this.notes.save();
      const updated = this.sessions.find(({ id }) => id === session.id)?.updated ?? session.updated;
      const { undo } = await ask<Acted>(`teaching/sessions/${session.id}`, { method: "PATCH", body: { key: newKey(), updated, ...fields } });
      await this.load();
      toasts.say(said, undo ? () => void this.#undo(undo) : undefined);
    });
  }

  async #undo(key: string): Promise<void> {
    await this.attempt.run(() => ask("teaching/undo", { method: "POST", body: { key } }));
    await this.load();
  }

  standards(list: Standard[]): void {
    if (!this.plan.typed) return;
    this.plan.typed.standards = list;
    this.plan.later();
  }

  /** Puts something beside the plan; false when the server does not take it, and then it is not there. */
  async addMaterial(material: Omit<Material, "id">): Promise<boolean> {
    const { typed } = this.plan;
    if (!typed || !(await this.plan.save())) return false;
    const before = $state.snapshot(this.plan.typed!.materials) as Material[];
    this.plan.typed!.materials = [...before, { id: "", ...material }];
    const saved = await this.plan.save();
    if (!saved) this.plan.typed!.materials = before;
    return saved;
  }

  addFile(file: File): Promise<boolean> {
    return this.attempt.run(async () => {
      await this.plan.save();
      const { lesson } = await ask<{ lesson: Lesson }>(`lessons/${this.id}/files?${new URLSearchParams({ name: file.name })}`, { method: "PUT", body: file, patience: 300_000 });
      this.plan.take(lesson);
    });
  }

  dropMaterial(material: Material): Promise<boolean> {
    return this.attempt.run(async () => {
      await this.plan.save();
      if (material.kind === "file") this.plan.take((await ask<{ lesson: Lesson }>(`lessons/${this.id}/files/${material.id}`, { method: "DELETE" })).lesson);
      else if (this.plan.typed) {
        this.plan.typed.materials = this.plan.typed.materials.filter(({ id }) => id !== material.id);
        await this.plan.save();
      }
    });
  }

  /** A lesson of one's own with this one as its origin. */
  copy(): Promise<boolean> {
    return this.attempt.run(async () => {
      await this.plan.save();
      const { lesson } = await ask<{ lesson: Lesson }>(`lessons/${this.id}/copy`, { method: "POST", body: { key: newKey() } });
      toasts.say(m.lesson_copied({ title: lesson.title }));
      router.go("teaching", "lessons", lesson.id);
    });
  }

  /** Puts the lesson away, or takes it out again. */
  archive(archived: boolean): Promise<boolean> {
    return this.attempt.run(async () => {
      await this.plan.save();
      const { lesson } = await ask<{ lesson: Lesson }>(`lessons/${this.id}`, { method: "PATCH", body: { updated: this.lesson!.updated, archived } });
      this.plan.take(lesson);
      toasts.say(archived ? m.lesson_archived({ title: lesson.title }) : m.lesson_back({ title: lesson.title }), () => void this.archive(!archived));
    });
  }

  remove(): Promise<boolean> {
    return this.attempt.run(async () => {
      await ask(`lessons/${this.id}`, { method: "DELETE" });
      toasts.say(m.lesson_deleted({ title: this.lesson?.title ?? "" }));
      router.go("teaching", "lessons");
    });
  }
}
