import { ask, Refused } from "../../api";
import { problem } from "../../words";
import type { MarcAnswer, MarcField, MarcProblem, Subfield, TitleView } from "./types";

const PAUSE = 1_200;

/** A blank indicator as it is shown. */
const BLANK = "␣";

/** A field as it is typed: subfields in one text, "‡a Moon ‡v Fiction". */
export type Row = { key: number; tag: string; ind: string; text: string; means: string; fixed: boolean };

const control = (tag: string): boolean => tag.startsWith("00");

/** Subfields as one text. */
export function written(subfields: readonly Subfield[]): string {
  return subfields.map(({ code, value }) => `‡${code} ${value}`).join(" ");
}

/**
 * A text as subfields. A subfield begins with ‡ and its code; $ and a code count, too, when a blank follows ("$3.95" is a price), and so does the sign
 * by which files part subfields, which comes along when a record is pasted. Text before the first sign is ‡a.
 */
export function parted(text: string): Subfield[] {
  const parts = text.replace(/(^|\s)\$([a-z0-9])(?=\s)/g, "$1‡$2").replace(/\u001f/g, "‡").split(/‡([!-~])/);
  const first = parts[0]!.trim();
  const subfields: Subfield[] = first ? [{ code: "a", value: first }] : [];
  for (let i = 1; i < parts.length; i += 2) subfields.push({ code: parts[i]!, value: (parts[i + 1] ?? "").trim() });
  return subfields;
}

/** Indicators as they are typed: a blank may be written as a blank, _, # or \. */
export function indicators(text: string): string {
  return [...text].slice(0, 2).map((c) => (/[\s_#\\]/.test(c) ? BLANK : c)).join("");
}

/** The record of a title, field by field. It saves by itself once every field is whole. */
export class Marc {
  leader = $state("");
  rows = $state<Row[]>([]);
  problems = $state.raw<MarcProblem[]>([]);
  versions = $state(0);
  loading = $state("");
  trouble = $state("");
  saving = $state(false);
  savedAt = $state.raw<Date | null>(null);
  /** What somebody else saved since, while this was typed. */
  theirs = $state.raw<MarcAnswer | null>(null);
  updated = "";
  dirty = $state(false);
  #kept = new Map<number, MarcField>();
  #sent: number[] = [];
  #next = 0;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #again = false;

  constructor(readonly id: string, readonly sitting: string, readonly saved: (updated: string) => void) {}

  load = async () => {
    try {
      this.#take(await ask<MarcAnswer>(`titles/${this.id}/marc`));
      this.loading = "";
    } catch (error) {
      this.loading = problem(error);
    }
  };

  #take(answer: MarcAnswer) {
    this.updated = answer.updated;
    this.leader = answer.leader;
    this.versions = answer.versions;
    this.#kept.clear();
    this.rows = answer.fields.map((field) => this.#rowOf(field));
    this.#sent = this.rows.map(({ key }) => key);
    this.problems = answer.problems;
    this.dirty = false;
    this.theirs = null;
  }

  #rowOf(field: MarcField): Row {
    const key = this.#next++;
    this.#kept.set(key, field);
    return { key, tag: field.tag, ...this.#shown(field), means: field.means, fixed: field.fixed ?? false };
  }

  #shown(field: MarcField): { ind: string; text: string } {
    if (control(field.tag)) return { ind: "", text: field.value ?? "" };
    return { ind: indicators(`${field.ind1 || " "}${field.ind2 || " "}`), text: written(field.subfields ?? []) };
  }

  /** The field that a row says; a row that was not touched says what it said, with every blank of it. */
  #field(row: Row): Omit<MarcField, "means"> {
    const kept = this.#kept.get(row.key);
    if (kept && kept.tag === row.tag && this.#shown(kept).ind === row.ind && this.#shown(kept).text === row.text) return { ...kept };
    if (control(row.tag)) return { tag: row.tag, ind1: "", ind2: "", value: row.text };
    const [ind1 = " ", ind2 = " "] = [...row.ind].map((c) => (c === BLANK ? " " : c));
    return { tag: row.tag, ind1, ind2, subfields: parted(row.text) };
  }

  /** What is wrong with a row, the worst first. */
  said(row: Row): MarcProblem | undefined {
    const at = this.#sent.indexOf(row.key);
    const mine = this.problems.filter((p) => p.at === `fields.${at}` || p.at.startsWith(`fields.${at}.`));
    return at < 0 ? undefined : (mine.find(({ hard }) => hard) ?? mine[0]);
  }

  /** What is wrong with the record as a whole. */
  get whole(): MarcProblem[] {
    return this.problems.filter(({ at }) => at === "fields" || at === "leader");
  }

  touch() {
    this.dirty = true;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => void this.save(), PAUSE);
  }

  /** A new row behind another one; its key. */
  add(after?: Row): number {
    const at = after ? this.rows.findIndex(({ key }) => key === after.key) + 1 : this.rows.length;
    const row: Row = { key: this.#next++, tag: "", ind: BLANK + BLANK, text: "", means: "", fixed: false };
    this.rows.splice(at, 0, row);
    return row.key;
  }

  /** Takes a row away; the answer puts it back where it was. */
  remove(row: Row): () => void {
    const at = this.rows.findIndex(({ key }) => key === row.key);
    this.rows.splice(at, 1);
    this.touch();
    return () => {
      this.rows.splice(at, 0, row);
      this.touch();
    };
  }

  flush = () => {
    clearTimeout(this.#timer);
    if (this.dirty) void this.save();
  };

  async save(): Promise<void> {
    clearTimeout(this.#timer);
    if (this.saving) {
      this.#again = true;
      return;
    }
    const whole = this.rows.filter(({ tag, text }) => tag.trim() || text.trim());
    if (whole.some(({ tag, text }) => tag.length < 3 || !text.trim())) return; // somebody is still typing
    this.saving = true;
    this.#sent = whole.map(({ key }) => key);
    const texts = new Map(whole.map((row) => [row.key, row.text]));
    const leader = this.leader;
    try {
      const answer = await ask<MarcAnswer>(`titles/${this.id}/marc`, {
        method: "PUT",
        body: { updated: this.updated, sitting: this.sitting, leader, fields: whole.map((row) => this.#field(row)) },
      });
      this.#done(answer, texts, leader);
    } catch (error) {
      await this.#refused(error);
    } finally {
      this.saving = false;
      if (this.#again) {
        this.#again = false;
        void this.save();
      }
    }
  }

  #done(answer: MarcAnswer, texts: Map<number, string>, leader: string) {
    this.trouble = "";
    this.savedAt = new Date();
    this.updated = answer.updated;
    this.versions = answer.versions;
    this.problems = answer.problems;
    if (this.leader === leader) this.leader = answer.leader;
    this.dirty = false;
    this.#sent.forEach((key, i) => {
      const row = this.rows.find((one) => one.key === key);
      const field = answer.fields[i];
      if (!row || !field) return;
      this.#kept.set(key, field);
      row.means = field.means;
      if (row.text === texts.get(key)) Object.assign(row, this.#shown(field));
      else this.#again = true;
    });
    this.saved(answer.updated);
  }

  async #refused(error: unknown) {
    if (error instanceof Refused && error.code === "changed") {
      const current = error.data.current as TitleView;
      this.theirs = await ask<MarcAnswer>(`titles/${this.id}/marc`).catch(() => null);
      this.trouble = current ? "" : problem(error);
      return;
    }
    if (error instanceof Refused && error.code === "bad_marc") {
      this.problems = [{ at: error.field, code: error.code, message: problem(error), hard: true }];
      return;
    }
    this.trouble = problem(error);
  }

  /** The fields in which what is typed here differs from what somebody else saved. */
  get differences(): { tag: string; was: string; is: string }[] {
    if (!this.theirs) return [];
    const show = (tag: string, ind: string, text: string) => `${tag}\u0000${`${ind} ${text}`.trim()}`;
    const mine = this.rows.map((row) => show(row.tag, row.ind, row.text));
    const other = this.theirs.fields.map((field) => show(field.tag, this.#shown(field).ind, this.#shown(field).text));
    const only = (a: string[], b: string[]) => a.filter((line) => !b.includes(line)).map((line) => line.split("\u0000") as [string, string]);
    const came = only(mine, other);
    const pairs = only(other, mine).map(([tag, was]) => {
      const at = came.findIndex(([one]) => one === tag);
      return { tag, was, is: at < 0 ? "" : came.splice(at, 1)[0]![1] };
    });
    return [...pairs, ...came.map(([tag, is]) => ({ tag, was: "", is }))];
  }

  /** Decides between what is typed here and what somebody else saved. */
  choose(mine: boolean) {
    const theirs = this.theirs;
    if (!theirs) return;
    if (!mine) {
      this.#take(theirs);
      this.saved(theirs.updated);
      return;
    }
    this.updated = theirs.updated;
    this.theirs = null;
    void this.save();
  }
}
