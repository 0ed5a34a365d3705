import { Away, type Answer } from "../shared/http";
import { newKey } from "../shared/key";
import { Line } from "../shared/line.svelte";
import { locale } from "../shared/locale.svelte";
import { isCard, Repeats } from "../shared/scan";
import type { Cue } from "../shared/sound";
import { Countdown } from "./countdown.svelte";
import type { Act, Back, Child, Door, Lent, Refusal, State } from "./door";

export type Screen = "starting" | "pair" | "welcome" | "return" | "you" | "books" | "finish";

/** The one big answer to the last scan: what came of it, and whether a card, a book or a return was scanned. */
export type Result = {
  kind: "done" | "back" | "again" | "wait" | "help";
  about: "card" | "book" | "return" | "asked";
  title?: string;
  due?: string;
};

export type Taken = { item: string; title: string; due: string };

/** What is waiting for the server's answer. */
type Waiting = "card" | "book" | "return" | "";

const MORE_TIME = 60;
/** How long the last allowed book stays on the screen before the session closes, in seconds. */
const LAST_BOOK = 5;

/**
 * The kiosk as a machine: which screen is shown, which child stands before it, and what the server
 * said. Nothing is shown as done before the server said so; an act without an answer is sent again
 * with its own key until one comes. When a session ends nothing of the child is left in here.
 */
export class Station {
  screen = $state<Screen>("starting");
  state = $state<State | null>(null);
  child = $state<Child | null>(null);
  taken = $state<Taken[]>([]);
  result = $state<Result | null>(null);
  /** Books scanned before a card: they are lent as soon as their child is known. */
  held = $state<string[]>([]);
  busy = $state<Waiting>("");
  line = new Line();
  idle = new Countdown();

  #door: Door;
  #play: (cue: Cue) => void;
  #repeats = new Repeats();
  #tail: Promise<void> = Promise.resolve();
  #closing: Promise<unknown> = Promise.resolve();

  constructor(door: Door, play: (cue: Cue) => void) {
    this.#door = door;
    this.#play = play;
  }

  /** Asks the server who this kiosk is. Also called now and then while nobody stands here. */
  refresh(): Promise<void> {
    return this.#then(async () => {
      const answer = await this.line.reach(async () => {
        const answer = await this.#door.state();
        if (answer.status !== 200 && answer.status !== 401) throw new Away(`status ${answer.status}`);
        return answer;
      });
      if (answer.status === 401) return this.#unpaired();
      this.state = answer.data;
      if (this.screen === "starting" || this.screen === "pair") this.#welcome();
    });
  }

  /** Trades the one-time code for this device's own key. Returns the status the server answered. */
  async pair(code: string, name: string): Promise<number> {
    const answer = await this.line.reach(() => this.#door.pair(code.trim(), name.trim()));
    if (answer.status < 300) await this.refresh();
    return answer.status;
  }

  /** Takes a scanned or typed code. Codes are worked off one after the other. */
  scan(raw: string): Promise<void> {
    const code = raw.trim();
    if (!code || this.screen === "starting" || this.screen === "pair") return this.#tail;
    if (this.line.away) {
      this.#play("again");
      return this.#tail;
    }
    if (this.#repeats.again(code, Date.now())) return this.#tail;
    return this.#then(() => this.#handle(code));
  }

  sayYes = () => this.#then(() => this.#yes());
  sayNo = () => this.leave();

  /** The child is done: the session ends at once, the list stays in view a little longer. */
  finish = () => this.#then(() => this.#finish());

  /** Back to the first screen, with nothing left of the child. */
  leave = () => this.#then(() => this.#welcome());

  returnBook = () =>
    this.#then(() => {
      this.#end();
      this.screen = "return";
      this.#wait();
    });

  askHelp() {
    this.result = { kind: "help", about: "asked" };
    this.#wait();
  }

  /** Closes the answer that covers the screen. */
  understood() {
    this.result = null;
    this.#wait();
  }

  /** A child's choice of language; it ends with the session, or when nobody scans. */
  speak(language: string) {
    locale.set(language);
    if (!this.busy && !this.line.away) this.idle.start(this.#seconds(), this.leave);
  }

  moreTime() {
    this.idle.add(MORE_TIME);
  }

  async #handle(code: string): Promise<void> {
    this.idle.stop();
    if (isCard(code)) return this.#nextCard(code);
    if (this.screen === "return") return this.#giveBack(code);
    if (this.child && this.screen !== "finish") return this.#book(code);
    if (this.state?.old_barcodes && (await this.#card(code, true))) return;
    this.#hold(code);
  }

  /** A card ends the session before it at once, also when the new one is refused; the server does the same. */
  async #nextCard(card: string): Promise<void> {
    const held = this.held;
    this.#forget();
    this.screen = "welcome";
    this.held = held;
    await this.#card(card);
  }

  /** Opens a session and ends the one before it. With maybe, an unknown card changes nothing and gives false. */
  async #card(card: string, maybe = false): Promise<boolean> {
    const held = this.held;
    await this.#closing;
    const answer = await this.#ask("card", () => this.#door.open(card));
    if (answer.status === 201) {
      this.#forget();
      this.child = answer.data as Child;
      this.screen = "you";
      this.#wait();
      if (held.length) this.#yes();
      for (const item of held) await this.#book(item);
      return true;
    }
    if (maybe && this.#tryAgain(answer)) return false;
    this.#refused(answer, "card");
    return true;
  }

  async #book(item: string): Promise<void> {
    const before = this.taken.find((book) => book.item === item);
    if (before) return this.#done({ kind: "done", about: "book", title: before.title, due: before.due });
    const child = this.child!;
    const act = this.#act(item);
    const answer = await this.#ask("book", () => this.#door.lend(child.session, act));
    if (answer.status === 410) return this.#hold(item);
    if (answer.status >= 300) {
      if (this.state?.old_barcodes && this.#tryAgain(answer) && (await this.#card(item, true))) return;
      this.screen = "books";
      return this.#refused(answer, "book");
    }
    const lent = answer.data as Lent;
    this.taken = [{ item, title: lent.title, due: lent.due }, ...this.taken];
    this.child = { ...child, left: lent.left };
    this.screen = "books";
    this.#done({ kind: "done", about: "book", title: lent.title, due: lent.due });
    if (lent.left === 0) this.idle.start(LAST_BOOK, () => this.finish());
  }

  async #giveBack(item: string): Promise<void> {
    const act = this.#act(item);
    const answer = await this.#ask("return", () => this.#door.giveBack(act));
    if (answer.status >= 300) return this.#refused(answer, "return");
    this.#done({ kind: "back", about: "return", title: (answer.data as Back).title });
  }

  /** A book without a child, or with one whose session is over: keep it and ask for the card. */
  #hold(item: string) {
    const held = this.held.includes(item) ? this.held : [...this.held, item];
    this.#end();
    this.screen = "welcome";
    this.held = held;
    this.#wait();
  }

  #act(item: string): Act {
    return { item, key: newKey(), at: new Date().toISOString() };
  }

  #done(result: Result) {
    this.result = result;
    this.#play("done");
    this.#wait();
  }

  #tryAgain(answer: Answer): boolean {
    return answer.status === 409 && (answer.data as Refusal).outcome === "try_again";
  }

  #refused(answer: Answer, about: "card" | "book" | "return") {
    if (answer.status === 401) return this.#unpaired();
    this.#repeats.forget();
    const kind = this.#tryAgain(answer) ? "again" : answer.status === 429 ? "wait" : "help";
    this.result = { kind, about };
    this.#play(kind === "help" ? "help" : "again");
    this.#wait();
  }

  #unpaired() {
    this.#end();
    this.state = null;
    this.screen = "pair";
  }

  #yes() {
    this.screen = "books";
    this.#wait();
  }

  #finish() {
    if (!this.child) return;
    this.#close(this.child.session);
    this.result = null;
    this.held = [];
    this.screen = "finish";
    this.#play("finished");
    this.#wait();
  }

  #welcome() {
    this.#end();
    this.screen = "welcome";
    locale.set(this.state?.language);
  }

  /** Ends the session here and, as far as it can be reached, at the server; that one ends it by itself in time. */
  #end() {
    if (this.child && this.screen !== "finish") this.#close(this.child.session);
    this.#forget();
  }

  #forget() {
    this.idle.stop();
    if (this.child) locale.set(this.state?.language);
    this.child = null;
    this.taken = [];
    this.result = null;
    this.held = [];
  }

  /**
   * Ends a session at the server as far as it can be reached; it ends idle ones by itself. The next
   * card waits for this, because an ending that comes late could end the session after it.
   */
  #close(session: string) {
    this.#closing = this.#door.close(session).catch(() => {});
  }

  #seconds(): number {
    return this.state?.idle_seconds || 20;
  }

  /** Counts down to the end of whatever this screen shows; the welcome screen alone has no end. */
  #wait() {
    if (this.screen === "welcome" && !this.result && !this.held.length) return this.idle.stop();
    this.idle.start(this.#seconds(), this.leave);
  }

  /** Does one thing after the other, so that an answer never meets a screen it was not meant for. */
  #then(work: () => Promise<void> | void): Promise<void> {
    this.#tail = this.#tail.then(work).catch((error) => {
      console.error(error);
      this.result = { kind: "help", about: "asked" };
    });
    return this.#tail;
  }

  async #ask<T>(waiting: Waiting, send: () => Promise<Answer<T>>): Promise<Answer<T>> {
    this.busy = waiting;
    try {
      return await this.line.reach(send);
    } finally {
      this.busy = "";
    }
  }
}
