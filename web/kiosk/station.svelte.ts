import { Away, type Answer } from "../shared/http";
import { newKey } from "../shared/key";
import { Line } from "../shared/line.svelte";
import { locale } from "../shared/locale.svelte";
import { isCard, Repeats } from "../shared/scan";
import type { Cue } from "../shared/sound";
import { cardToken, mayBeLabel, oldLabel, plain } from "./codes";
import { Countdown } from "./countdown.svelte";
import type { Act, Back, Child, Door, Face, Lent, Refusal, State, Who } from "./door";
import { memory as deviceMemory, offsetOf } from "./memory";
import { Outbox } from "./outbox.svelte";

export type Screen = "starting" | "pair" | "locked" | "welcome" | "return" | "you" | "books" | "finish";

/** The one big answer to the last scan: what came of it, and whether a card, a book or a return was scanned. */
export type Result = {
  kind: "done" | "back" | "saved" | "again" | "wait" | "help" | "unsaved";
  about: "card" | "book" | "return" | "asked";
  title?: string;
  due?: string;
};

/** A book of this session. One that is only saved here has neither title nor date: only the server knows them. */
export type Taken = { item: string; title: string; due: string };

/** The child who stands here. The session is empty until the server has opened one; so is the name of a card it has not seen. */
export type Present = Child & { who: Who };

/** Why nothing can be done here now: the server never said what this kiosk is, it is to close without it, or nothing can be kept. */
export type Shut = "" | "unknown" | "closed" | "full";

/** What is waiting for the server's answer. */
type Waiting = "card" | "book" | "return" | "";

const MORE_TIME = 60;
/** How long the last allowed book stays on the screen before the session closes, in seconds. */
const LAST_BOOK = 5;

/**
 * The kiosk as a machine: which screen is shown, which child stands before it, and what the server said. Nothing is shown as done
 * before the server said so, or as saved before it lies on the disk. An act keeps its key from the first try to the last, whether
 * it is sent at once or out of the queue. When a session ends nothing of the child is left in here.
 */
export class Station {
  screen = $state<Screen>("starting");
  state = $state<State | null>(null);
  child = $state<Present | null>(null);
  taken = $state<Taken[]>([]);
  result = $state<Result | null>(null);
  /** Books scanned before a card: they are lent as soon as their child is known. */
  held = $state<string[]>([]);
  busy = $state<Waiting>("");
  line = new Line();
  idle = new Countdown();
  outbox: Outbox;

  #door: Door;
  #play: (cue: Cue) => void;
  #memory: typeof deviceMemory;
  /** Milliseconds from this device's clock to the server's, as last known. */
  #offset = 0;
  /** Things being done or waiting for their turn. */
  #working = $state(0);
  #repeats = new Repeats();
  #tail: Promise<void> = Promise.resolve();
  #closing: Promise<unknown> = Promise.resolve();
  #meeting: Promise<void> | null = null;

  constructor(door: Door, play: (cue: Cue) => void, outbox = new Outbox(), memory = deviceMemory) {
    this.#door = door;
    this.#play = play;
    this.outbox = outbox;
    this.#memory = memory;
  }

  get shut(): Shut {
    if (!this.line.away) return "";
    if (!this.state) return "unknown";
    if (!this.outbox.keeps) return "full";
    return this.state.away === "close" ? "closed" : "";
  }

  /** True while nobody uses this kiosk. */
  get free(): boolean {
    return this.screen === "welcome" && !this.idle.left && !this.held.length && !this.#working;
  }

  /** The time of the server as far as it is known here, in milliseconds. */
  get now(): number {
    return Date.now() + this.#offset;
  }

  /** Shows what this kiosk was when it last knew, and asks the server. */
  async start(): Promise<void> {
    const known = this.#memory.recall();
    if (known) {
      this.state = known.state;
      this.#offset = known.offset;
      this.#welcome();
    }
    await this.outbox.look();
    await this.meet();
  }

  /** Asks the server who this kiosk is and hands it what waits here; as often as it takes, but one at a time. */
  meet(): Promise<void> {
    this.#meeting ??= this.line.reach(() => this.#meet()).finally(() => (this.#meeting = null));
    return this.#meeting;
  }

  /** Called now and then. */
  beat(): void {
    if (this.state?.window && Date.parse(this.state.window.until) <= this.now) this.state.window = null;
    if (this.free || this.screen === "locked") void this.meet();
  }

  /** Trades the one-time code for this device's own key. Returns the status the server answered. */
  async pair(code: string, name: string): Promise<number> {
    const answer = await this.line.reach(() => this.#door.pair(code.trim(), name.trim()));
    if (answer.status < 300) {
      this.outbox.hold();
      await this.meet();
    }
    return answer.status;
  }

  /** Takes a scanned or typed code. Codes are worked off one after the other. */
  scan(raw: string): Promise<void> {
    const code = raw.trim();
    if (!code || this.#deaf()) return this.#tail;
    if (this.#repeats.again(code, Date.now())) return this.#tail;
    return this.#then(() => this.#handle(code));
  }

  /** A child of the class window tapped their own face: that is the card and the yes in one. */
  tap(face: Face): Promise<void> {
    return this.#then(() => this.#nextChild({ child: face.child }));
  }

  sayYes = () => this.#then(() => this.#yes());
  sayNo = () => this.leave();

  /** The child is done: the session ends at once, the list stays in view a little longer. */
  finish = () => this.#then(() => this.#finish("finished"));

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
    this.linger();
  }

  /** Somebody did something here: what they changed ends when they go. */
  linger() {
    if (!this.busy) this.idle.start(this.#seconds(), this.leave);
  }

  moreTime() {
    this.idle.add(MORE_TIME);
  }

  async #meet(): Promise<void> {
    const sent = Date.now();
    const { status, data } = await this.#door.state();
    if (status === 401) return this.#then(() => this.#unpaired());
    if (status === 423) return this.#then(() => this.#lock());
    if (status !== 200) throw new Away(`status ${status}`);
    this.#offset = offsetOf(data.now, sent, Date.now()) ?? this.#offset;
    this.state = data;
    this.#memory.remember(data, this.#offset);
    await this.outbox.send(this.#door.replay);
    if (["starting", "pair", "locked"].includes(this.screen)) return this.#then(() => this.#welcome());
  }

  #deaf(): boolean {
    if (this.shut) this.#play("again");
    return Boolean(this.shut) || ["starting", "pair", "locked"].includes(this.screen);
  }

  async #handle(code: string): Promise<void> {
    this.idle.stop();
    if (!mayBeLabel(code)) return this.#no("again", this.screen === "return" ? "return" : this.child ? "book" : "card");
    if (this.child && this.screen !== "finish" && isSame(this.child.who, code)) return this.#wait();
    if (isCard(code)) return this.#nextChild({ card: code });
    if (this.screen === "return") return this.#giveBack(code);
    if (this.child && this.screen !== "finish") return this.#bookOrCard(code);
    if (this.#mayBeOldCard(code) && (await this.#open({ card: code }, true))) return;
    this.#hold(code);
  }

  /** With the server away an old card has to be known by its number; else whatever is scanned after a card is a book. */
  async #bookOrCard(code: string): Promise<void> {
    if (this.line.away && this.state?.old_barcodes && oldLabel(code) === "card") return this.#nextChild({ card: code });
    await this.#book(code);
    this.#oneIsAll();
  }

  #mayBeOldCard(code: string): boolean {
    return Boolean(this.state?.old_barcodes) && oldLabel(code) !== "item";
  }

  /** The next child ends the session before at once, also when the new one is refused; the server does the same. */
  async #nextChild(who: Who): Promise<void> {
    const held = this.held;
    this.#forget();
    this.screen = "welcome";
    this.held = held;
    await this.#open(who);
  }

  /** Opens a session and ends the one before it. With maybe, an unknown card changes nothing and gives false. */
  async #open(who: Who, maybe = false): Promise<boolean> {
    await this.#closing;
    const answer = await this.#ask("card", () => this.#door.open(who));
    if (!answer) return this.#openAlone(who);
    if (answer.status === 201) {
      await this.#greet({ ...(answer.data as Child), who }, "child" in who);
      return true;
    }
    if (maybe && isTryAgain(answer)) return false;
    this.#refused(answer, "card");
    return true;
  }

  /** Without the server a card is believed when it can be one; a name is known of a tapped face only. */
  async #openAlone(who: Who): Promise<boolean> {
    if (this.shut) {
      this.#end();
      return true;
    }
    const card = "card" in who && isCard(who.card) ? cardToken(who.card) : undefined;
    if (card === null) {
      this.#no("again", "card");
      return true;
    }
    const face = "child" in who ? this.state?.window?.children?.find((face) => face.child === who.child) : undefined;
    await this.#greet({ who: card ? { card } : who, session: "", first_name: face?.first_name ?? "", homeroom: "", picture: face?.picture, left: null }, true);
    return true;
  }

  async #greet(child: Present, sure: boolean): Promise<void> {
    const held = this.held;
    this.#forget();
    this.child = child;
    this.screen = sure || held.length ? "books" : "you";
    this.#wait();
    for (const item of held) await this.#book(item);
    this.#oneIsAll();
  }

  async #book(item: string): Promise<void> {
    const before = this.taken.find((book) => plain(book.item) === plain(item));
    if (before) return this.#done({ kind: before.due ? "done" : "saved", about: "book", title: before.title, due: before.due });
    const act = this.#act(item);
    const answer = await this.#ask("book", () => this.#lend(act));
    if (!answer) return this.#save("check_out", act);
    if (!this.child?.session) return this.#turnedAway(answer, item);
    if (answer.status >= 300) {
      if (this.#mayBeOldCard(item) && isTryAgain(answer) && (await this.#open({ card: item }, true))) return;
      this.screen = "books";
      return this.#refused(answer, "book");
    }
    const lent = answer.data as Lent;
    this.#took({ item, title: lent.title, due: lent.due }, lent.left);
    this.#done({ kind: "done", about: "book", title: lent.title, due: lent.due });
    if (lent.left === 0) this.idle.start(LAST_BOOK, this.finish);
  }

  /** Lends to the child who stands here. A session that the server has lost, or never had, is opened by the same card first. */
  async #lend(act: Act): Promise<Answer<Lent | Refusal>> {
    const child = this.child!;
    if (child.session) {
      const answer = await this.#door.lend(child.session, act);
      if (answer.status !== 410) return answer;
      this.child = { ...child, session: "" };
    }
    const opened = await this.#door.open(child.who);
    if (opened.status !== 201) return opened as Answer<Refusal>;
    this.child = { ...(opened.data as Child), who: child.who };
    return this.#door.lend(this.child.session, act);
  }

  /** The card was believed and is not known: its books wait for another. */
  #turnedAway(answer: Answer, item: string) {
    this.#hold(item);
    this.#refused(answer, "card");
  }

  async #giveBack(item: string): Promise<void> {
    const act = this.#act(item);
    const answer = await this.#ask("return", () => this.#door.giveBack(act));
    if (!answer) return this.#save("return", act);
    if (answer.status >= 300) return this.#refused(answer, "return");
    this.#done({ kind: "back", about: "return", title: (answer.data as Back).title });
  }

  /** Keeps an act that the server did not answer; it may have heard it, and then knows it again by its key. */
  async #save(kind: "check_out" | "return", act: Act): Promise<void> {
    const about = kind === "return" ? "return" : "book";
    const who = kind === "return" ? {} : this.child!.who;
    if (!(await this.outbox.keep({ ...act, kind, offset_ms: this.#offset, ...who }))) return this.#no("unsaved", about);
    if (kind === "check_out") this.#took({ item: act.item, title: "", due: "" }, null);
    this.#done({ kind: "saved", about });
    if (!this.line.away) void this.meet(); // the server came back just now, and the queue was sent without this act
  }

  #took(book: Taken, left: number | null) {
    this.taken = [book, ...this.taken];
    this.child = { ...this.child!, left };
    this.screen = "books";
  }

  /** In kindergarten a child takes one book: it ends the session and stays in view. */
  #oneIsAll() {
    if (this.state?.kinder && this.taken.length && (this.result?.kind === "done" || this.result?.kind === "saved")) this.#finish();
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

  #refused(answer: Answer, about: "card" | "book" | "return") {
    if (answer.status === 401) return this.#unpaired();
    if (answer.status === 423) return this.#lock();
    this.#no(isTryAgain(answer) ? "again" : answer.status === 429 ? "wait" : "help", about);
  }

  #no(kind: "again" | "wait" | "help" | "unsaved", about: Result["about"]) {
    this.#repeats.refused();
    this.result = { kind, about };
    this.#play(kind === "help" || kind === "unsaved" ? "help" : "again");
    this.#wait();
  }

  /** A kiosk whose key was taken away knows nothing any more; what it kept stays, and is sent when it is paired again. */
  #unpaired() {
    this.#end();
    this.state = null;
    this.#memory.forget();
    this.screen = "pair";
  }

  /** Too many wrong cards: the librarian opens it again. */
  #lock() {
    this.#end();
    this.screen = "locked";
  }

  #yes() {
    this.screen = "books";
    this.#wait();
  }

  #finish(cue?: Cue) {
    if (!this.child) return;
    this.#close(this.child.session);
    this.result = null;
    this.held = [];
    this.screen = "finish";
    if (cue) this.#play(cue);
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
    if (session && !this.line.away) this.#closing = this.#door.close(session).catch(() => {});
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
    this.#working++;
    const stumbled = (error: unknown) => {
      console.error(error);
      this.result = { kind: "help", about: "asked" };
      this.#wait();
    };
    this.#tail = this.#tail.then(work).catch(stumbled).finally(() => this.#working--);
    return this.#tail;
  }

  /** The server's answer, or null when it gives none: then this kiosk goes on alone and keeps asking for it. */
  async #ask<T>(waiting: Waiting, send: () => Promise<Answer<T>>): Promise<Answer<T> | null> {
    if (this.line.away) return null;
    this.busy = waiting;
    try {
      return await this.line.twice(send);
    } catch (error) {
      if (!(error instanceof Away)) throw error;
      void this.meet();
      return null;
    } finally {
      this.busy = "";
    }
  }
}

const isTryAgain = (answer: Answer) => answer.status === 409 && (answer.data as Refusal).outcome === "try_again";

/** A card that is still held under the light, or scanned again by the child it belongs to. */
const isSame = (who: Who, code: string) => "card" in who && (plain(who.card) === plain(code) || cardToken(who.card) !== null && cardToken(who.card) === cardToken(code));
