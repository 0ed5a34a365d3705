import { newKey } from "../../shared/key";
import { Line } from "../../shared/line.svelte";
import { m } from "../../shared/paraglide/messages";
import { play, type Cue } from "../../shared/sound";
import { account } from "../account.svelte";
import { live } from "../live.svelte";
import { ask, type Decision, type PatronAnswer, type Question, type Resolved } from "../api";
import { problem } from "../words";

/** A question answered in this session. Its key undoes the decision, where that changed no loan. */
export type Decided = { key: string; question: Question; decision: Decision; undone: boolean };

/** What a scan said the unknown thing was: its code, and a name to show. */
export type Given = { item?: { code: string; name: string }; patron?: { code: string; name: string } };

/** How often the questions are asked for, in milliseconds: kiosks come back from being alone at any time. */
const WATCH = 60_000;
/** The list of what was decided keeps this many. */
const KEPT = 50;

/** Whether a decision can be taken back here. One that changed a loan is corrected at the desk. */
export const undoable = (decision: Decision) => decision === "keep" || decision === "dismiss";

/** What a question needs to know before it can be recorded as a loan or a return. */
export function missing(question: Question): { item: boolean; patron: boolean } {
  if (!question.decisions.includes("lend")) return { item: false, patron: false };
  return { item: !question.item, patron: !question.patron && question.kind === "check_out" };
}

/** The open questions, the one being answered, and what was decided. It outlives its page, so that the rail can count. */
export class Questions {
  open = $state.raw<Question[] | null>(null);
  decided = $state.raw<Decided[]>([]);
  given = $state.raw<Given>({});
  trouble = $state("");
  line = new Line();
  #chosen = $state("");
  #play: (cue: Cue) => void;

  readonly current = $derived(this.open?.find((question) => question.id === this.#chosen) ?? this.open?.[0] ?? null);
  /** Whether a scan would tell something that is still missing. */
  readonly listening = $derived.by(() => {
    if (!this.current) return false;
    const { item, patron } = missing(this.current);
    return (item && !this.given.item) || (patron && !this.given.patron);
  });
  #working = false;

  constructor(sound: (cue: Cue) => void = play) {
    this.#play = sound;
  }

  /** Asks for the questions now, whenever one comes up, and from time to time. Returns the function that stops it. */
  watch(): () => void {
    const look = () => this.#load().catch(() => {});
    void this.load();
    const timer = setInterval(look, WATCH);
    const deaf = live.on(["questions"], look);
    return () => {
      clearInterval(timer);
      deaf();
    };
  }

  reset() {
    this.open = null;
    this.decided = [];
    this.#turn("");
  }

  async load(): Promise<void> {
    try {
      await this.#load();
    } catch (error) {
      this.trouble = problem(error);
    }
  }

  choose(question: Question) {
    this.#turn(question.id);
  }

  /** The question comes back after all others. */
  later() {
    const open = this.open ?? [];
    const at = open.findIndex((question) => question.id === this.current?.id);
    this.#turn(open[(at + 1) % open.length]?.id ?? "");
  }

  /** A scan says which item or whose card it was. */
  scan = (code: string) =>
    this.#try(async () => {
      if (!this.listening) return this.#play("again");
      const needs = missing(this.current!);
      const { kind, barcode = code } = await this.line.reach(() => ask<Resolved & { barcode?: string }>(`resolve?code=${encodeURIComponent(code)}`));
      if (kind === "patron" && needs.patron) {
        const { patron } = await this.line.reach(() => ask<PatronAnswer>(`patrons/${encodeURIComponent(code)}`));
        this.given = { ...this.given, patron: { code, name: patron.name } };
      } else if (kind === "item" && needs.item) {
        this.given = { ...this.given, item: { code, name: barcode } };
      } else {
        this.trouble = needs.item && !this.given.item ? m.questions_not_book({ code }) : m.questions_not_card({ code });
        return this.#play("again");
      }
      this.#play("done");
    });

  decide = (decision: Decision) =>
    this.#try(async () => {
      const question = this.current;
      if (!question || (decision === "lend" && this.listening)) return this.#play("again");
      const { item, patron } = decision === "lend" ? this.given : {};
      const body = { key: newKey(), decision, item: item?.code, patron: patron?.code };
      await this.line.reach(() => ask(`questions/${question.id}/decide`, { method: "POST", body }));
      this.decided = [{ key: body.key, question, decision, undone: false }, ...this.decided].slice(0, KEPT);
      this.later();
      this.#play("done");
      await this.line.reach(() => this.#load());
    });

  undo = (decided: Decided) =>
    this.#try(async () => {
      await this.line.reach(() => ask("undo", { method: "POST", body: { key: decided.key } }));
      this.decided = this.decided.map((other) => (other.key === decided.key ? { ...other, undone: true } : other));
      await this.line.reach(() => this.#load());
      this.#turn(decided.question.id);
    });

  undoLast() {
    const last = this.decided.find(({ undone, decision }) => !undone && undoable(decision));
    if (last) void this.undo(last);
  }

  async #load(): Promise<void> {
    this.open = (await ask<{ questions: Question[] }>("questions")).questions;
  }

  #turn(id: string) {
    this.#chosen = id;
    this.given = {};
    this.trouble = "";
  }

  /** Does one thing at a time: a second press of a key must not decide the next question. */
  async #try(work: () => Promise<void> | void): Promise<void> {
    if (this.#working) return this.#play("again");
    this.trouble = "";
    this.#working = true;
    try {
      await work();
    } catch (error) {
      this.trouble = problem(error);
      this.#play("again");
      await this.#load().catch(() => {}); // somebody else may have been quicker
    } finally {
      this.#working = false;
    }
  }
}

export const questions = new Questions();
account.onLeave(() => questions.reset());
