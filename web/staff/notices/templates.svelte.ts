import { m } from "../../shared/paraglide/messages";
import { account } from "../account.svelte";
import { ask, Refused } from "../api";
import { toasts } from "../toasts.svelte";
import { problem } from "../words";
import type { NoticeSettings, Shown, Wording } from "./types";

/** The same words in both languages. */
export type Pair = { key: string; kind: Wording["kind"]; step: number; of: number; words: Wording[] };
export type Text = { subject: string; body: string };
/** How the words read on somebody, or what is wrong with them. */
type Look = { shown: Shown | null; field: string; trouble: string };

/** So long nobody types before the words are tried, in milliseconds. */
const REST = 250;

const keyOf = ({ kind, step }: { kind: string; step: number }) => `${kind} ${step}`;
const nameOf = (words: Wording) => `${keyOf(words)} ${words.language}`;
const asked = ({ kind, step, language }: Wording) => new URLSearchParams({ kind, step: String(step), language }).toString();

/** The words of every notice. What was typed and not saved is kept, by kind, step and language, until it is saved or discarded. */
export class Templates {
  list = $state.raw<Wording[] | null>(null);
  drafts = $state<Record<string, Text>>({});
  looks = $state<Record<string, Look>>({});
  /** On whom they are shown: a card or number; empty for somebody made up. */
  patron = $state("");
  patronTrouble = $state("");
  trouble = $state("");
  working = $state(false);
  #chosen = $state("");
  /** How many steps the schedule has, which may be more than there are words for. */
  #steps = $state.raw<Record<string, number>>({});
  #timers = new Map<string, ReturnType<typeof setTimeout>>();
  #tries = new Map<string, AbortController>();

  readonly pairs = $derived(pairsOf(this.list ?? [], this.#steps));
  readonly pair = $derived(this.pairs.find(({ key }) => key === this.#chosen) ?? this.pairs[0] ?? null);

  async open(): Promise<void> {
    try {
      const [{ templates }, { kinds }] = await Promise.all([ask<{ templates: Wording[] }>("notices/templates"), ask<NoticeSettings>("settings/notices")]);
      this.list = templates;
      this.#steps = { overdue: kinds.overdue.steps?.length ?? 0, due_soon: kinds.due_soon.steps?.length ?? 0 };
      this.trouble = "";
      this.tryAll();
    } catch (error) {
      this.trouble = problem(error);
    }
  }

  reset() {
    for (const timer of this.#timers.values()) clearTimeout(timer);
    for (const one of this.#tries.values()) one.abort();
    this.#timers.clear();
    this.#tries.clear();
    this.list = null;
    this.drafts = {};
    this.looks = {};
    this.patron = this.patronTrouble = this.trouble = this.#chosen = "";
  }

  choose(pair: Pair) {
    this.#chosen = pair.key;
    this.tryAll();
  }

  text = (words: Wording): Text => this.drafts[nameOf(words)] ?? { subject: words.subject, body: words.body };
  look = (words: Wording): Look | undefined => this.looks[nameOf(words)];
  unsaved = (words: Wording): boolean => this.drafts[nameOf(words)] !== undefined;

  /** Keeps what is typed and tries it once the hands rest. */
  type(words: Wording, part: Partial<Text>) {
    const name = nameOf(words);
    const text = { ...this.text(words), ...part };
    if (text.subject === words.subject && text.body === words.body) delete this.drafts[name];
    else this.drafts[name] = text;
    clearTimeout(this.#timers.get(name));
    this.#timers.set(name, setTimeout(() => void this.try(words), REST));
  }

  tryAll() {
    for (const words of this.pair?.words ?? []) void this.try(words);
  }

  /** Shows the words as a family would read them; what is wrong with them stands at its field. */
  async try(words: Wording): Promise<void> {
    const name = nameOf(words);
    this.#tries.get(name)?.abort();
    const mine = new AbortController();
    this.#tries.set(name, mine);
    const { kind, step, language } = words;
    const { subject, body } = this.text(words);
    try {
      // Empty words would be answered with those in use.
      const shown = await ask<Shown>("notices/templates/preview", { method: "POST", body: { kind, step, language, subject: subject || " ", body: body || " ", patron: this.patron.trim() }, signal: mine.signal });
      if (this.#tries.get(name) !== mine) return;
      this.looks[name] = { shown, field: "", trouble: "" };
      this.patronTrouble = "";
    } catch (error) {
      if (this.#tries.get(name) !== mine) return;
      const field = error instanceof Refused ? error.field : "";
      if (field === "subject" || field === "body") this.looks[name] = { shown: this.looks[name]?.shown ?? null, field, trouble: problem(error) };
      else if (error instanceof Refused && error.status < 500 && this.patron.trim()) this.patronTrouble = problem(error);
      else this.trouble = problem(error);
    }
  }

  save = (words: Wording) =>
    this.#try(words, async () => {
      const { kind, step, language, own, subject: subjectBefore, body: bodyBefore } = words;
      await this.#put({ kind, step, language, ...this.text(words) });
      delete this.drafts[nameOf(words)];
      toasts.say(m.words_saved(), () => this.#try(words, () => (own ? this.#put({ kind, step, language, subject: subjectBefore, body: bodyBefore }) : this.#drop(words))));
    });

  discard(words: Wording) {
    delete this.drafts[nameOf(words)];
    void this.try(words);
  }

  /** Back to the words as shipped. */
  ship = (words: Wording) =>
    this.#try(words, async () => {
      const { kind, step, language, subject, body } = words;
      await this.#drop(words);
      delete this.drafts[nameOf(words)];
      toasts.say(m.words_shipped_again(), () => this.#try(words, () => this.#put({ kind, step, language, subject, body })));
    });

  async #put(body: unknown): Promise<void> {
    await ask("notices/templates", { method: "PUT", body });
    await this.#reload();
  }

  async #drop(words: Wording): Promise<void> {
    await ask(`notices/templates?${asked(words)}`, { method: "DELETE" });
    await this.#reload();
  }

  async #reload(): Promise<void> {
    this.list = (await ask<{ templates: Wording[] }>("notices/templates")).templates;
  }

  async #try(words: Wording, work: () => Promise<void>): Promise<void> {
    this.trouble = "";
    this.working = true;
    try {
      await work();
      this.tryAll();
    } catch (error) {
      const field = error instanceof Refused ? error.field : "";
      if (field === "subject" || field === "body") this.looks[nameOf(words)] = { shown: this.look(words)?.shown ?? null, field, trouble: problem(error) };
      else this.trouble = problem(error);
    } finally {
      this.working = false;
    }
  }
}

/** Brings both languages together. A step of the schedule without words of its own is told in those of the last one that has some. */
export function pairsOf(list: Wording[], steps: Record<string, number>): Pair[] {
  const pairs = new Map<string, Pair>();
  const put = (words: Wording) => {
    const key = keyOf(words);
    const pair = pairs.get(key) ?? { key, kind: words.kind, step: words.step, of: 0, words: [] };
    pairs.set(key, { ...pair, words: [...pair.words, words] });
  };
  for (const kind of new Set(list.map((words) => words.kind))) {
    const mine = list.filter((words) => words.kind === kind);
    mine.forEach(put);
    for (let step = 2; step <= (steps[kind] ?? 0); step++) {
      for (const language of ["en", "es"] as const) {
        if (mine.some((words) => words.step === step && words.language === language)) continue;
        const last = mine.filter((words) => words.language === language && words.step < step).at(-1);
        if (last) put({ ...last, step, own: false });
      }
    }
  }
  const all = [...pairs.values()];
  return all.map((pair) => ({ ...pair, of: all.filter(({ kind, step }) => kind === pair.kind && step > 0).length, words: pair.words.toSorted((a, b) => a.language.localeCompare(b.language)) }));
}

export const templates = new Templates();
account.onLeave(() => templates.reset());
