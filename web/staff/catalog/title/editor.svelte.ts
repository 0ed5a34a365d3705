import { m } from "../../../shared/paraglide/messages";
import { newKey } from "../../../shared/key";
import { account } from "../../account.svelte";
import { ask, Refused } from "../../api";
import { toasts, type Toast } from "../../toasts.svelte";
import { problem } from "../../words";
import { fieldLabel } from "./labels";
import { fieldNames, noFields, type FieldName, type Fields, type TitleView } from "./types";

/** How long after the last letter what was typed is saved, in milliseconds. */
const PAUSE = 1_000;

/** A field in which two people wrote something different. */
export type Conflict = { name: FieldName; theirs: string; mine: string };

const text = (value: string | string[]): string => (Array.isArray(value) ? value.join("; ") : value);
const same = (a: string | string[], b: string | string[]): boolean => JSON.stringify(a) === JSON.stringify(b);
const copy = (fields: Fields): Fields => ({ ...fields, isbn: [...fields.isbn], subjects: [...fields.subjects] });

/** What says that something was saved: the next save takes its place. */
let lastSaved: Toast | undefined;

/** One title that is being edited in the simple form. It saves by itself; what was refused stays as it was typed, and the rest is saved without it. */
export class Editor {
  view = $state.raw<TitleView | null>(null);
  draft = $state<Fields>(copy(noFields));
  loading = $state("");
  trouble = $state("");
  saving = $state(false);
  savedAt = $state.raw<Date | null>(null);
  /** What was refused, by field: "isbn.0". */
  errors = $state<Record<string, string>>({});
  conflicts = $state.raw<Conflict[]>([]);
  /** All changes until the form is left are one version. */
  readonly sitting = newKey();
  /** The field that has the focus: nothing is changed under somebody's fingers. */
  focus: FieldName | "" = "";
  #base = $state.raw<Fields>(copy(noFields));
  #timer: ReturnType<typeof setTimeout> | undefined;
  #again = false;

  constructor(readonly id: string) {}

  get changed(): FieldName[] {
    return fieldNames.filter((name) => !same(this.draft[name], this.#base[name]));
  }

  /** What stands beside a field: why it was refused, else what is odd about it. */
  said(name: string): string {
    return this.errors[name] ?? this.view?.problems.find(({ field }) => field === name && !this.#stale(name))?.message ?? "";
  }

  /** A remark is about what was saved, not about what is being typed. */
  #stale(name: string): boolean {
    const [field] = name.split(".") as [FieldName];
    return !same(this.draft[field], this.#base[field]);
  }

  load = async () => {
    try {
      const view = await ask<TitleView>(`titles/${this.id}`);
      this.loading = "";
      this.#meet(view);
    } catch (error) {
      this.loading = problem(error);
    }
  };

  /** Takes the newest state, but never over what was typed. */
  #meet(view: TitleView) {
    const mine = this.changed;
    const typed = copy(this.draft);
    this.view = view;
    this.#base = copy(view.title.fields);
    if (this.#first) this.#first = false;
    else if (mine.length) {
      this.draft = { ...copy(view.title.fields), ...Object.fromEntries(mine.map((name) => [name, typed[name]])) };
      return;
    }
    this.draft = copy(view.title.fields);
  }
  #first = true;

  /** Something was typed: it is saved a moment after the last letter. */
  touch(name: FieldName) {
    for (const field of Object.keys(this.errors)) if (field.split(".")[0] === name) delete this.errors[field];
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => void this.save(), PAUSE);
  }

  /** Saves now, when there is something to save. */
  flush = () => {
    clearTimeout(this.#timer);
    if (this.changed.length) void this.save();
  };

  /** The fields that can be sent: those that were refused wait for another letter. */
  get #ready(): FieldName[] {
    const held = new Set(Object.keys(this.errors).map((field) => field.split(".")[0]));
    return this.changed.filter((name) => !held.has(name) && !this.conflicts.some((conflict) => conflict.name === name));
  }

  async save(): Promise<void> {
    clearTimeout(this.#timer);
    if (this.saving) {
      this.#again = true;
      return;
    }
    const names = this.#ready;
    if (!names.length || !this.view) return;
    this.saving = true;
    const sent = Object.fromEntries(names.map((name) => [name, $state.snapshot(this.draft[name])])) as Partial<Fields>;
    const before = Object.fromEntries(names.map((name) => [name, this.#base[name]])) as Partial<Fields>;
    try {
      const view = await this.#send(sent);
      this.#saved(view, sent);
      this.#offerUndo(names, before);
    } catch (error) {
      this.#refused(error, sent);
    } finally {
      this.saving = false;
      if (this.#again) {
        this.#again = false;
        void this.save();
      }
    }
  }

  #send(fields: Partial<Fields>): Promise<TitleView> {
    return ask<TitleView>(`titles/${this.id}`, { method: "PATCH", body: { updated: this.view!.title.updated, sitting: this.sitting, fields } });
  }

  /** A field that was not typed in since shows what was kept of it, once it is left; one that was keeps what is typed. */
  #saved(view: TitleView, sent: Partial<Fields>) {
    this.trouble = "";
    this.savedAt = new Date();
    const open = fieldNames.filter((name) => !same(this.draft[name], sent[name] ?? this.#base[name]));
    const typed = copy(this.draft);
    const at = this.focus && sent[this.focus] && !open.includes(this.focus) ? { [this.focus]: sent[this.focus] } : {};
    this.view = view;
    this.#base = { ...copy(view.title.fields), ...at };
    this.draft = { ...copy(view.title.fields), ...at, ...Object.fromEntries(open.map((name) => [name, typed[name]])) };
    if (open.length) this.#again = true;
  }

  /** A field is left: it is saved, and shows what was kept of it. */
  leave(name: FieldName) {
    this.focus = "";
    if (!same(this.draft[name], this.#base[name])) return this.flush();
    if (!this.view) return;
    (this.#base as Record<FieldName, unknown>)[name] = this.view.title.fields[name];
    (this.draft as Record<FieldName, unknown>)[name] = $state.snapshot(this.#base[name]);
  }

  #refused(error: unknown, sent: Partial<Fields>) {
    if (error instanceof Refused && error.code === "changed" && error.data.current) {
      this.#join(error.data.current as TitleView);
      return;
    }
    const [name] = error instanceof Refused ? error.field.split(".") : [""];
    if (error instanceof Refused && name && name in sent) {
      this.errors[error.field] = problem(error);
      this.#again = true; // the others need not wait
      return;
    }
    this.trouble = problem(error);
  }

  /** Two who wrote in different fields do not disturb each other; of the same field a person chooses. */
  #join(theirs: TitleView) {
    const mine = this.changed;
    const fields = theirs.title.fields;
    this.conflicts = mine
      .filter((name) => !same(fields[name], this.#base[name]) && !same(fields[name], this.draft[name]))
      .map((name) => ({ name, theirs: text(fields[name]), mine: text(this.draft[name]) }));
    this.#meet(theirs);
    if (!this.conflicts.length) this.#again = true;
  }

  /** Decides a field that two people changed. */
  choose(name: FieldName, mine: boolean) {
    if (!mine) (this.draft as Record<FieldName, unknown>)[name] = Array.isArray(this.#base[name]) ? [...this.#base[name]] : this.#base[name];
    this.conflicts = this.conflicts.filter((conflict) => conflict.name !== name);
    void this.save();
  }

  #offerUndo(names: FieldName[], before: Partial<Fields>) {
    if (lastSaved) toasts.close(lastSaved);
    toasts.say(m.title_saved_fields({ fields: names.map(fieldLabel).join(", ") }), () => {
      Object.assign(this.draft, before);
      void this.save();
    });
    lastSaved = toasts.shown.at(-1);
  }

  /** The title as it is after something else of it was saved: its cover, its record. */
  newer(updated: string, cover?: string) {
    if (!this.view) return;
    this.view = { ...this.view, title: { ...this.view.title, updated, cover: cover ?? this.view.title.cover } };
  }

  /** Shows another state of the whole title. */
  take(view: TitleView) {
    this.draft = copy(this.#base);
    this.errors = {};
    this.#meet(view);
  }
}

/** Titles with something unsaved in them, by id: they stay while the person looks elsewhere. */
const open = new Map<string, Editor>();
account.onLeave(() => open.clear());

export function editorOf(id: string): Editor {
  const kept = open.get(id);
  if (kept) return kept;
  const made = new Editor(id);
  open.set(id, made);
  return made;
}

/** Nobody looks at the form any more; it is kept only with something unsaved in it. */
export function release(editor: Editor) {
  editor.flush();
  if (!editor.changed.length || editor.saving) open.delete(editor.id);
}
