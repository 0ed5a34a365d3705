import { newKey } from "../../shared/key";
import { m } from "../../shared/paraglide/messages";
import { account } from "../account.svelte";
import { ask, Refused } from "../api";
import { Attempt } from "../settings/attempt.svelte";
import { toasts } from "../toasts.svelte";
import type { Check, Item, Kind, Option } from "./types";
import { titleOf } from "./words";

/** What is typed of checks and not saved yet, by their ids; "" is a new one. */
const drafts = new Map<string, Check>();
account.onLeave(() => drafts.clear());

/** An id that no other part of a check has. */
export const partId = () => newKey().replaceAll("-", "").slice(0, 10);

const option = (): Option => ({ id: partId(), text: "", text_es: "" });

/** An empty question of a kind, with as many parts as it needs. */
export function blankItem(kind: Kind): Item {
  const item: Item = { id: partId(), kind, skill: "", skill_es: "", prompt: "", prompt_es: "", points: 1 };
  if (kind === "choice") item.choices = [{ ...option(), right: true }, option(), option()];
  if (kind === "short") item.rubric = [{ points: 2, text: "" }, { points: 1, text: "" }];
  if (kind === "sort") {
    item.bins = [option(), option()];
    item.sources = [{ ...option(), bin: item.bins[0]!.id }, { ...option(), bin: item.bins[1]!.id }];
  }
  return item;
}

export const blank = (lesson = ""): Check => ({ id: "", updated: "", title: "", title_es: "", lesson, items: [blankItem("choice")], language: "en", kit: "", runs: 0 });

/** Takes one part of a list to another place in it. */
export function moved<T>(list: readonly T[], from: number, to: number): T[] {
  const rest = list.filter((_, i) => i !== from);
  const one = list[from];
  if (one === undefined || to < 0 || to >= list.length) return [...list];
  return [...rest.slice(0, to), one, ...rest.slice(to)];
}

/** A check that is being written. What is typed outlives the screen until it is saved or given up. */
export class Editor {
  typed = $state<Check>(blank());
  /** What somebody else saved meanwhile. */
  theirs = $state.raw<Check | null>(null);
  /** Students have answered its questions: only a copy can have others. */
  answered = $state(false);
  /** The lessons it may belong to. */
  lessons = $state.raw<{ id: string; title: string }[]>([]);
  readonly attempt = new Attempt();
  readonly #before: string;
  readonly #key = newKey();

  constructor(check: Check) {
    this.#before = JSON.stringify(check);
    this.typed = structuredClone(drafts.get(check.id) ?? check);
  }

  get dirty(): boolean {
    return JSON.stringify(this.typed) !== this.#before;
  }

  /** A check may belong to a lesson; without the list it keeps the one it has. */
  async choose(): Promise<void> {
    try {
      this.lessons = (await ask<{ lessons: { id: string; title: string }[] }>("lessons?perPage=200")).lessons;
    } catch (error) {
      this.attempt.fail(error);
    }
  }

  /** Called when the screen goes: keeps what is typed. */
  park() {
    if (this.dirty) drafts.set(this.typed.id, $state.snapshot(this.typed));
  }

  discard() {
    this.typed = JSON.parse(this.#before) as Check;
    drafts.delete(this.typed.id);
    this.attempt.clear();
    this.theirs = null;
    this.answered = false;
  }

  add(kind: Kind) {
    this.typed.items.push(blankItem(kind));
  }

  /** Saves; answers the check, or null when it was refused, and why is in attempt. */
  async save(): Promise<Check | null> {
    this.theirs = null;
    this.answered = false;
    let saved: Check | null = null;
    await this.attempt.run(async () => {
      try {
        const body = $state.snapshot(this.typed);
        const path = body.id ? `checks/${body.id}` : "checks";
        saved = (await ask<{ check: Check }>(path, { method: body.id ? "PATCH" : "POST", body: { ...body, key: this.#key } })).check;
      } catch (error) {
        if (error instanceof Refused && error.code === "changed") this.theirs = error.data.current as Check;
        if (error instanceof Refused && error.code === "answered") this.answered = true;
        throw error;
      }
    });
    if (saved) this.#saved(saved);
    return saved;
  }

  /** What is typed goes over what somebody else saved. */
  insist(): Promise<Check | null> {
    if (this.theirs) this.typed.updated = this.theirs.updated;
    return this.save();
  }

  take() {
    if (this.theirs) this.typed = structuredClone(this.theirs);
    this.theirs = null;
    this.attempt.clear();
  }

  /** Keeps what is typed as a check of its own, beside the one that students answered. */
  asCopy(): Promise<Check | null> {
    drafts.delete(this.typed.id);
    this.typed.id = this.typed.updated = "";
    this.typed.title = m.checks_copy_of({ title: this.typed.title });
    return this.save();
  }

  #saved(check: Check) {
    drafts.delete(check.id);
    drafts.delete("");
    this.typed = structuredClone(check);
    toasts.say(m.checks_saved({ title: titleOf(check) }));
  }
}
