import { dayOf } from "../../shared/dates";
import { newKey } from "../../shared/key";
import { Line } from "../../shared/line.svelte";
import { m } from "../../shared/paraglide/messages";
import { isCard, Repeats } from "../../shared/scan";
import { play, type Cue } from "../../shared/sound";
import { account } from "../account.svelte";
import { ask, Refused, type Loan, type LoanAnswer, type PatronAnswer, type Refusal, type Resolved, type ReturnAnswer } from "../api";
import { problem } from "../words";

export type Mode = "checkout" | "return" | "book_drop";

/** One line of the session list. Its key undoes the act. */
export type Event = { key: string; kind: "out" | "in" | "renewed" | "allowed"; who: string; title: string; at: Date; undone: boolean };

/** What came of the last act, in the strip above the loans. */
export type Flash = { tone: "ok" | "info" | "warn" | "danger"; lead: string; title?: string; due?: string; note?: string; event?: Event; search?: string };

/** An act the rules said no to, kept until a person decides. */
export type Stopped = { item: string; renewal: boolean; refusals: Refusal[] };

/** The session list keeps this many acts. */
const KEPT = 50;

/**
 * The desk: what a scan does, who stands there, and what was done in this session. It outlives the
 * page that shows it, so looking something up in the catalogue loses nothing.
 */
export class Desk {
  mode = $state<Mode>("checkout");
  /** The day books in the drop came back, "2026-04-21". */
  dropDay = $state(dayOf(new Date()));
  person = $state<PatronAnswer | null>(null);
  flash = $state<Flash | null>(null);
  events = $state<Event[]>([]);
  stopped = $state<Stopped | null>(null);
  line = new Line();

  #repeats = new Repeats();
  #tail: Promise<void> = Promise.resolve();
  #play: (cue: Cue) => void;

  constructor(sound: (cue: Cue) => void = play) {
    this.#play = sound;
  }

  scan(raw: string): Promise<void> {
    const code = raw.trim();
    if (!code) return this.#tail;
    if (this.stopped) {
      this.#play("again");
      return this.#tail;
    }
    if (this.#repeats.again(code, Date.now())) return this.#tail;
    return this.#then(() => this.#handle(code));
  }

  renew = (item: string, override?: string[]) => this.#then(() => this.#renew(item, override));
  giveBack = (item: string) => this.#then(() => this.#giveBack(item, "return"));
  undo = (event: Event) => this.#then(() => this.#undo(event));

  undoLast() {
    const last = this.events.find((event) => !event.undone);
    if (last) void this.undo(last);
  }

  /** Passes the rules on purpose; the server keeps who did it. */
  allow = () =>
    this.#then(() => {
      const stopped = this.stopped;
      if (!stopped) return;
      this.stopped = null;
      const codes = stopped.refusals.map((refusal) => refusal.code);
      return stopped.renewal ? this.#renew(stopped.item, codes) : this.#lend(stopped.item, codes);
    });

  keep() {
    this.stopped = null;
    this.#repeats.forget();
  }

  clearPerson() {
    this.person = null;
    this.flash = null;
  }

  endSession() {
    this.events = [];
    this.clearPerson();
  }

  reset() {
    this.endSession();
    this.stopped = null;
    this.mode = "checkout";
  }

  async #handle(code: string): Promise<void> {
    if (this.mode !== "checkout") return this.#giveBack(code, this.mode);
    const kind = isCard(code) ? "patron" : (await this.#reach(() => ask<Resolved>(`resolve?code=${encodeURIComponent(code)}`))).kind;
    if (kind === "patron") return this.#load(code);
    if (kind === "item") return this.person ? this.#lend(code) : this.#giveBack(code, "return");
    this.#say("again", { tone: "warn", lead: kind === "isbn" ? m.desk_is_isbn() : m.desk_unknown({ code }), search: code });
  }

  async #load(card: string): Promise<void> {
    this.person = await this.#reach(() => ask<PatronAnswer>(`patrons/${encodeURIComponent(card)}`));
    this.flash = null;
    this.#play("done");
  }

  async #lend(item: string, override?: string[]): Promise<void> {
    const patron = this.person!.patron;
    const body = { patron: patron.barcode, item, key: newKey(), override };
    const answer = await this.#act<LoanAnswer>("checkouts", body, { item, renewal: false });
    if (!answer) return;
    const event = this.#note(override ? "allowed" : "out", body.key, answer.loan);
    this.#say("done", {
      tone: "ok",
      lead: m.desk_lent({ name: patron.first_name }),
      title: answer.loan.item.title,
      due: answer.loan.due,
      note: answer.why_due,
      event,
    });
    await this.#reload();
  }

  async #renew(item: string, override?: string[]): Promise<void> {
    const body = { item, key: newKey(), override };
    const answer = await this.#act<LoanAnswer>("renewals", body, { item, renewal: true });
    if (!answer) return;
    const event = this.#note("renewed", body.key, answer.loan);
    this.#say("done", { tone: "ok", lead: m.desk_renewed(), title: answer.loan.item.title, due: answer.loan.due, note: answer.why_due, event });
    await this.#reload();
  }

  async #giveBack(item: string, mode: Exclude<Mode, "checkout">): Promise<void> {
    const body = { item, key: newKey(), mode, at: mode === "book_drop" ? this.#dropTime() : undefined };
    const { loan, item: thing, next, message } = await this.#reach(() => ask<ReturnAnswer>("returns", { method: "POST", body }));
    const event = loan ? this.#note("in", body.key, loan) : undefined;
    const tone = next === "shelve" ? (loan ? "ok" : "info") : "warn";
    const lead = loan ? m.desk_returned({ name: loan.patron.name }) : m.desk_was_in();
    this.#say(next === "shelve" ? "done" : "help", { tone, lead, title: thing?.title ?? loan?.item.title, note: message, event });
    if (loan?.patron.barcode === this.person?.patron.barcode) await this.#reload();
  }

  async #undo(event: Event): Promise<void> {
    await this.#reach(() => ask("undo", { method: "POST", body: { key: event.key } }));
    this.events = this.events.map((other) => (other.key === event.key ? { ...other, undone: true } : other));
    this.#say("done", { tone: "info", lead: m.desk_undone(), title: event.title });
    this.#repeats.forget();
    await this.#reload();
  }

  /** Sends an act that the rules may refuse; a refusal opens the dialog and gives nothing. */
  async #act<T>(path: string, body: unknown, stopped: Omit<Stopped, "refusals">): Promise<T | undefined> {
    try {
      return await this.#reach(() => ask<T>(path, { method: "POST", body }));
    } catch (error) {
      if (!(error instanceof Refused) || !error.refusals.length) throw error;
      this.stopped = { ...stopped, refusals: error.refusals };
      this.#play("help");
      return undefined;
    }
  }

  async #reload(): Promise<void> {
    const patron = this.person?.patron;
    if (!patron) return;
    const answer = await this.#reach(() => ask<PatronAnswer>(`patrons/${encodeURIComponent(patron.barcode)}`));
    if (this.person?.patron.id === patron.id) this.person = answer;
  }

  /** Today counts as now; an earlier day as its noon, which no time zone moves to another day. */
  #dropTime(): string | undefined {
    if (!this.dropDay || this.dropDay === dayOf(new Date())) return undefined;
    return new Date(`${this.dropDay}T12:00:00`).toISOString();
  }

  #note(kind: Event["kind"], key: string, loan: Loan): Event {
    const event: Event = { key, kind, who: loan.patron.name, title: loan.item.title, at: new Date(), undone: false };
    this.events = [event, ...this.events].slice(0, KEPT);
    return event;
  }

  #say(cue: Cue, flash: Flash) {
    this.flash = flash;
    this.#play(cue);
  }

  #reach<T>(send: () => Promise<T>): Promise<T> {
    return this.line.reach(send);
  }

  /** Does one thing after the other; what goes wrong is said in the strip and stops nothing that comes after. */
  #then(work: () => Promise<void> | void): Promise<void> {
    this.#tail = this.#tail.then(work).catch((error) => {
      this.#repeats.forget();
      this.#say("again", { tone: "danger", lead: problem(error) });
    });
    return this.#tail;
  }
}

export const desk = new Desk();
account.onLeave(() => desk.reset());
