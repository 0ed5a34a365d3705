import { m } from "../../shared/paraglide/messages";
import { account } from "../account.svelte";
import { ask, Refused } from "../api";
import { toasts } from "../toasts.svelte";
import { problem } from "../words";
import { levels, noticeKinds, type Audience, type KindSettings, type Level, type NoticeKind, type NoticeSettings, type Told } from "./types";
import { kindNames } from "./words";

/** A kind as it is typed: steps and days may be anything until they are saved. */
export type KindDraft = Omit<KindSettings, "steps" | "every_days"> & { steps: string; every_days: string };
export type TellDraft = { profile: Level; disclosure: Told };
/** What is being looked at: a kind, or how much is told. */
export type Panel = NoticeKind | "tell";

const written = (is: KindSettings): KindDraft => ({ ...is, to: [...is.to], steps: (is.steps ?? []).join(", "), every_days: String(is.every_days ?? "") });
const same = (a: unknown, b: unknown) => JSON.stringify(a) === JSON.stringify(b);

/** "1, 14, 28" as numbers; null when something in it is no whole number. */
export function numbers(text: string): number[] | null {
  const parts = text.split(/[\s,;]+/).filter(Boolean);
  return parts.every((part) => /^\d{1,6}$/.test(part)) ? parts.map(Number) : null;
}

/** The lesser of two levels: what the profile forbids is not told, whatever was chosen. */
export const atMost = (level: Level, most: Level): Level => levels[Math.min(levels.indexOf(level), levels.indexOf(most))]!;

/** When and how much is told, kind by kind. What was typed and not saved is kept until it is saved or discarded. */
export class Schedules {
  settings = $state.raw<NoticeSettings | null>(null);
  kinds = $state<Partial<Record<NoticeKind, KindDraft>>>({});
  tell = $state<TellDraft | null>(null);
  panel = $state<Panel>("overdue");
  trouble = $state("");
  /** What the server or the page says no to, by field: "steps" of the kind that is open. */
  errors = $state.raw<Record<string, string>>({});
  working = $state(false);

  async open(): Promise<void> {
    try {
      this.settings = await ask<NoticeSettings>("settings/notices");
      this.trouble = "";
    } catch (error) {
      this.trouble = problem(error);
    }
  }

  reset() {
    this.settings = null;
    this.kinds = {};
    this.tell = null;
    this.panel = "overdue";
    this.trouble = "";
    this.errors = {};
  }

  show(panel: Panel) {
    this.panel = panel;
    this.errors = {};
  }

  /** The form of a kind: what was typed, else what is so. */
  draft(kind: NoticeKind): KindDraft {
    return this.kinds[kind] ?? written(this.settings!.kinds[kind]);
  }

  change(kind: NoticeKind, part: Partial<KindDraft>) {
    const draft = { ...this.draft(kind), ...part };
    if (same(draft, written(this.settings!.kinds[kind]))) delete this.kinds[kind];
    else this.kinds[kind] = draft;
    for (const name of Object.keys(part)) this.#right(name);
  }

  flip(kind: NoticeKind, to: Audience, wanted: boolean) {
    const others = this.draft(kind).to.filter((one) => one !== to);
    this.change(kind, { to: wanted ? [...others, to] : others });
  }

  get telling(): TellDraft {
    return this.tell ?? { profile: this.settings!.profile, disclosure: this.settings!.disclosure };
  }

  /** A profile takes along what it forbids. */
  changeTelling(part: { profile?: Level; disclosure?: Partial<Told> }) {
    const before = this.telling;
    const profile = part.profile ?? before.profile;
    const told = { ...before.disclosure, ...part.disclosure };
    const disclosure: Told = { guardians: atMost(told.guardians, profile), patron: atMost(told.patron, profile), teacher: atMost(told.teacher, profile), paper: atMost(told.paper, profile) };
    const { settings } = this;
    this.tell = settings!.profile === profile && same(settings!.disclosure, disclosure) ? null : { profile, disclosure };
  }

  readonly unsaved = (panel: Panel) => (panel === "tell" ? this.tell !== null : this.kinds[panel] !== undefined);

  discard() {
    if (this.panel === "tell") this.tell = null;
    else delete this.kinds[this.panel];
    this.errors = {};
  }

  async save(): Promise<void> {
    if (this.panel === "tell") return this.tell ? this.#put({ ...this.tell }, () => (this.tell = null), m.notices_saved_tell()) : undefined;
    const kind = this.panel;
    const settings = this.#read(kind);
    if (settings) await this.#put({ kinds: { [kind]: settings } }, () => delete this.kinds[kind], m.notices_saved({ kind: kindNames[kind]() }));
  }

  /** The form as the server wants it; null, with the reason beside the field, when something is no number. */
  #read(kind: NoticeKind): KindSettings | null {
    const { steps, every_days, ...draft } = this.draft(kind);
    const settings: KindSettings = { ...draft };
    const errors: Record<string, string> = {};
    const was = this.settings!.kinds[kind];
    if (was.steps) {
      const days = numbers(steps);
      if (days) settings.steps = days;
      else errors.steps = m.notices_steps_numbers();
    }
    if (was.every_days !== undefined) {
      const days = numbers(every_days);
      if (days?.length === 1) settings.every_days = days[0]!;
      else errors.every_days = m.notices_one_number();
    }
    this.errors = errors;
    return Object.keys(errors).length ? null : settings;
  }

  async #put(body: unknown, done: () => void, said: string): Promise<void> {
    const before = this.settings!;
    this.errors = {};
    this.trouble = "";
    this.working = true;
    try {
      this.settings = await ask<NoticeSettings>("settings/notices", { method: "PUT", body });
      done();
      toasts.say(said, () => this.#back(before));
    } catch (error) {
      const field = error instanceof Refused ? this.#place(error.field) : "";
      if (field) this.errors = { [field]: problem(error) };
      else this.trouble = problem(error);
    } finally {
      this.working = false;
    }
  }

  async #back(before: NoticeSettings): Promise<void> {
    try {
      this.settings = await ask<NoticeSettings>("settings/notices", { method: "PUT", body: before });
    } catch (error) {
      this.trouble = problem(error);
    }
  }

  /** Where the server's word for a field stands on this form: "overdue.steps" is the steps; of another kind it stands above. */
  #place(field: string): string {
    const [kind = "", name = ""] = field.includes(".") ? field.split(".") : [this.panel, field];
    return kind === this.panel || (kind === "disclosure" && this.panel === "tell") ? name : "";
  }

  #right(name: string) {
    if (!this.errors[name]) return;
    const { [name]: _, ...others } = this.errors;
    this.errors = others;
  }
}

export const schedules = new Schedules();
account.onLeave(() => schedules.reset());

/** In the order in which a librarian thinks of them. */
export const panels: readonly Panel[] = [...noticeKinds, "tell"];
