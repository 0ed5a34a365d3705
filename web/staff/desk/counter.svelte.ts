import { newKey } from "../../shared/key";
import { Line } from "../../shared/line.svelte";
import { m } from "../../shared/paraglide/messages";
import { Repeats } from "../../shared/scan";
import { play, type Cue } from "../../shared/sound";
import { ask, Refused } from "../api";
import { problem } from "../words";
import { ofPerson, type Borrower, type Code, type LentAnswer, type MarkAnswer, type Pass, type PersonAnswer, type ReturnAnswer, type Stopped } from "./answers";
import { session as shared, type Event, type Kind, type Session } from "./session.svelte";
import { Standing } from "./standing.svelte";

/** What came of the last act, in the strip above the loans. */
export type Flash = {
  tone: "ok" | "info" | "warn" | "danger";
  lead: string;
  /** For whom; left away where they stand beside the strip. */
  to?: string;
  title?: string;
  due?: string;
  note?: string;
  /** The key of the act, which undoes it. */
  key?: string;
  /** Words to look for in the catalogue. */
  search?: string;
  /** The barcode of a book that goes on the hold shelf with a slip. */
  slip?: string;
  /** Something else that may have been meant. */
  instead?: { name: string; act: () => void };
};

type Lending = Pass & { due?: string; guess?: boolean };
type Returning = { mode?: "return" | "book_drop"; at?: string; guess?: boolean };

/**
 * Where books go over the counter, for one person or a class: hears scans one after the other, sends the acts, and says what came of
 * them. Whatever is not answered is sent again, in its order, until it is.
 */
export abstract class Counter {
  flash = $state.raw<Flash | null>(null);
  stopped = $state.raw<Stopped | null>(null);
  /** What was scanned or pressed and is not answered yet. */
  pending = $state(0);
  line = new Line();
  readonly standing = new Standing();
  readonly session: Session;

  protected repeats = new Repeats();
  #tail: Promise<void> = Promise.resolve();
  #play: (cue: Cue) => void;
  /** Refusals passed until the next card, and why. */
  #passed = new Set<string>();
  #reason: string | undefined;

  constructor(sound: (cue: Cue) => void = play, session: Session = shared) {
    this.#play = sound;
    this.session = session;
  }

  /** Does what a code means here. */
  protected abstract handle(code: string): Promise<void>;

  /** An act was done. */
  protected changed() {
    this.standing.changed();
  }

  /** A book was lent. */
  protected lent(answer: LentAnswer, to: Borrower) {
    this.standing.lent(answer, to);
  }

  get person(): PersonAnswer | null {
    return this.standing.answer;
  }

  /** A question stands open, and scans have to wait. */
  get asking(): boolean {
    return this.stopped !== null;
  }

  scan(raw: string): Promise<void> {
    const code = raw.trim();
    if (!code) return this.#tail;
    if (this.asking) {
      this.#play("again");
      return this.#tail;
    }
    if (this.repeats.again(code, Date.now())) return this.#tail;
    return this.then(() => this.handle(code));
  }

  undo = (event: Pick<Event, "key" | "title">) => this.then(() => this.#undo(event));

  undoLast() {
    const last = this.session.last;
    if (last) void this.undo(last);
  }

  /** Passes the rules on purpose; the server keeps who did it, and why. onward passes them until another card. */
  allow = (reason: string, onward: boolean) =>
    this.then(async () => {
      const stopped = this.stopped;
      if (!stopped) return;
      this.stopped = null;
      const override = stopped.refusals.map(({ code }) => code);
      if (onward) {
        for (const code of override) if (ofPerson.includes(code)) this.#passed.add(code);
        this.#reason = reason;
      }
      await stopped.again({ override, reason: reason || undefined });
    });

  keep() {
    this.stopped = null;
    this.repeats.forget();
  }

  /** The book is the person's already: one of these was meant. */
  instead(act: (item: string) => unknown) {
    const item = this.stopped?.item;
    this.keep();
    if (item) act(item);
  }

  renew = (item: string) => this.then(() => this.extend(item));
  giveBack = (item: string) => this.then(async () => void (await this.takeBack(item)));

  /** What a person says of a book that is out; empty takes it back. */
  claim = (item: string, claim: "returned" | "never_had" | "", name: string, title: string) => this.then(() => this.#claim({ item, claim, name, title }));

  /** charge is in the school's money, "12.50"; undefined for what the rules say. */
  mark = (item: string, as: "lost" | "damaged" | "pieces", name: string, charge?: string) =>
    this.then(async () => {
      const key = newKey();
      const answer = await this.reach(() => ask<MarkAnswer>("marks", { method: "POST", body: { item, as, charge, key } }));
      this.session.note(as, key, name, answer.item.title);
      this.standing.gone(item);
      this.say("done", { tone: "info", lead: answer.message, key });
      this.changed();
    });

  /** Sets the due date of books by hand, and says why a day will not do. */
  setDue = async (items: string[], due: string, title: string): Promise<string> => {
    let trouble = "";
    await this.then(async () => {
      const key = newKey();
      try {
        await this.reach(() => ask("dues", { method: "POST", body: { items, due, key } }));
      } catch (error) {
        if (!(error instanceof Refused) || error.field !== "due") throw error;
        trouble = problem(error);
        return;
      }
      this.session.note("due", key, "", title);
      this.say("done", { tone: "ok", lead: m.desk_due_set(), title, due, key });
      this.changed();
    });
    return trouble;
  };

  protected async lend(to: Borrower, item: string, how: Lending = {}): Promise<void> {
    const body = { patron: to.barcode, item, key: newKey(), ...how };
    const again = ({ override = [], reason }: Pass) => this.lend(to, item, { due: how.due, override: [...(how.override ?? []), ...override], reason });
    const answer = await this.#send<LentAnswer>("checkouts", body, { kind: "loan", name: to.first_name, item, again });
    if (!answer) return;
    const { title } = answer.loan.item;
    if (answer.returned) this.session.note("in", body.key, answer.returned.name, title);
    const passed = how.override?.some((code) => code !== "item_on_loan");
    this.session.note(passed ? "allowed" : "out", body.key, answer.loan.patron.name, title);
    const found = answer.returned ? m.desk_back_first() : foundWords(answer.found);
    this.say("done", { tone: "ok", lead: m.desk_lent(), to: m.desk_lent_to({ name: to.first_name }), title, due: answer.loan.due, note: found || answer.why_due, key: body.key });
    this.lent(answer, to);
    this.changed();
  }

  protected async extend(item: string, pass: Pass = {}): Promise<void> {
    const body = { item, key: newKey(), ...pass };
    const answer = await this.#send<LentAnswer>("renewals", body, { kind: "renewal", name: "", item, again: (pass) => this.extend(item, pass) });
    if (!answer) return;
    const { title } = answer.loan.item;
    this.session.note(pass.override ? "allowed" : "renewed", body.key, answer.loan.patron.name, title);
    this.say("done", { tone: "ok", lead: m.desk_renewed(), title, due: answer.loan.due, note: answer.why_due, key: body.key });
    this.standing.renewed(answer);
    this.changed();
  }

  protected async takeBack(item: string, { mode = "return", at, guess }: Returning = {}): Promise<{ answer: ReturnAnswer; key: string }> {
    const body = { item, key: newKey(), mode, at, guess };
    const answer = await this.reach(() => ask<ReturnAnswer>("returns", { method: "POST", body }));
    const { loan, next, message } = answer;
    const title = answer.item?.title ?? loan?.item.title ?? "";
    const kind: Kind = next === "hold" ? "hold" : "in";
    if (loan || next === "hold") this.session.note(kind, body.key, loan?.patron.name ?? "", title);
    const who = loan?.patron.name;
    this.say(next === "shelve" ? "done" : "help", {
      tone: next !== "shelve" ? "warn" : loan ? "ok" : "info",
      lead: who ? m.desk_returned({ name: who }) : loan ? m.desk_returned_by_nobody() : m.desk_was_in(),
      title,
      note: [foundWords(answer.found), message].filter(Boolean).join(" "),
      key: loan || next === "hold" ? body.key : undefined,
      slip: next === "hold" ? (answer.item?.barcode ?? item) : undefined,
    });
    if (loan) this.standing.gone(loan.item.barcode);
    this.changed();
    return { answer, key: body.key };
  }

  protected say(cue: Cue, flash: Flash) {
    this.flash = flash;
    this.#play(cue);
  }

  protected sound(cue: Cue) {
    this.#play(cue);
  }

  protected reach<T>(send: () => Promise<T>): Promise<T> {
    return this.line.reach(send);
  }

  /** Another person: what was allowed for the one before is not. */
  protected forgetPasses() {
    this.#passed.clear();
    this.#reason = undefined;
  }

  /** Does one thing after the other; what goes wrong is said in the strip and stops nothing that comes after. */
  protected then(work: () => Promise<void> | void): Promise<void> {
    this.pending++;
    this.#tail = this.#tail
      .then(work)
      .catch((error) => {
        this.repeats.forget();
        this.say("again", { tone: "danger", lead: problem(error) });
      })
      .finally(() => this.pending--);
    return this.#tail;
  }

  async #claim(wish: { item: string; claim: "returned" | "never_had" | ""; name: string; title: string }, pass: Pass = {}): Promise<void> {
    const { item, claim, name, title } = wish;
    const key = newKey();
    const again = (pass: Pass) => this.#claim(wish, pass);
    const answer = await this.#send("claims", { item, claim, key, ...pass }, { kind: "claim", name, item, again });
    if (!answer) return;
    this.session.note(claim ? "claimed" : "unclaimed", key, name, title);
    this.say("done", { tone: "info", lead: claim ? m.desk_claimed() : m.desk_unclaimed(), title, key });
    this.changed();
  }

  async #undo({ key, title }: Pick<Event, "key" | "title">): Promise<void> {
    await this.reach(() => ask("undo", { method: "POST", body: { key } }));
    this.session.undone(key);
    this.repeats.forget();
    this.say("done", { tone: "info", lead: m.desk_undone(), title });
    this.changed();
  }

  /** Sends an act that the rules may refuse. A refusal opens the dialog and gives nothing, unless all of it was passed for this person before. */
  async #send<T>(path: string, body: Pass & Record<string, unknown>, stop: Omit<Stopped, "refusals" | "thing">): Promise<T | undefined> {
    try {
      return await this.reach(() => ask<T>(path, { method: "POST", body }));
    } catch (error) {
      if (!(error instanceof Refused) || !error.refusals.length) throw error;
      const override = error.refusals.map(({ code }) => code);
      if (override.every((code) => this.#passed.has(code) && !body.override?.includes(code))) {
        await stop.again({ override, reason: this.#reason });
        return undefined;
      }
      this.stopped = { ...stop, refusals: error.refusals, thing: error.data.item as Stopped["thing"] };
      this.#play("help");
      return undefined;
    }
  }
}

/** What a code is, when the answer to a guess is that it is no book. */
export function notABook(error: unknown): Code | null {
  return error instanceof Refused && error.code === "not_an_item" ? (error.data.is as Code) : null;
}

function foundWords(was: string | undefined): string {
  if (was === "missing") return m.desk_found_missing();
  return was === "lost" ? m.desk_found_lost() : "";
}
