import { m } from "../../shared/paraglide/messages";
import { isCard } from "../../shared/scan";
import { account } from "../account.svelte";
import { ask, type Homeroom } from "../api";
import { problem } from "../words";
import type { Borrower, LentAnswer } from "./answers";
import { ClassSet } from "./classset.svelte";
import { Counter, notABook } from "./counter.svelte";
import { afterPaint, lookUp } from "./standing.svelte";

/** A child of the class, with counts and without titles. */
export type Child = {
  barcode: string;
  first_name: string;
  last_name: string;
  loans: number;
  left: number | null;
  blocked: boolean;
  picture: boolean;
  late?: number;
  /** How many were lent today. */
  today?: number;
  /** There is something to look at; for librarians. */
  note?: boolean;
};
/** A visit of today's timetable. */
export type Visit = { homeroom: string; name: string; teacher: string; from: string; to: string; patrons: number; now: boolean };
type ClassAnswer = { homeroom: { id: string; name: string }; patrons: Child[] };

/** What a due date chosen by hand is for. */
export type DueFor = "item" | "child" | "class";

export const fullName = (child: Pick<Child, "first_name" | "last_name">) => `${child.first_name} ${child.last_name}`.trim();
/** "Maya T." */
export const gridName = ({ first_name, last_name }: Child) => (last_name ? `${first_name} ${[...last_name][0]}.` : first_name);

const plain = (text: string) => text.normalize("NFD").replace(/\p{M}/gu, "").toLocaleLowerCase();

/** The desk for a whole class: one child after the other, each with their books. Who is absent is known to nobody but this page. */
export class ClassDesk extends Counter {
  visits = $state.raw<Visit[]>([]);
  rooms = $state.raw<Homeroom[]>([]);
  trouble = $state("");
  room = $state.raw<{ id: string; name: string } | null>(null);
  children = $state.raw<Child[]>([]);
  /** The barcode of the child whose turn it is. */
  turn = $state("");
  absent = $state.raw<ReadonlySet<string>>(new Set());
  /** Due dates chosen by hand; empty for what the rules say. */
  due = $state<{ child: string; class: string }>({ child: "", class: "" });
  last = $state.raw<{ barcode: string; title: string } | null>(null);
  /** The class is over, and its counts are shown. */
  over = $state(false);
  set = $state.raw<ClassSet | null>(null);
  /** Counts what happened: an answer asked for before it is out of date. */
  #acts = 0;
  #looking = false;

  readonly child = $derived(this.children.find(({ barcode }) => barcode === this.turn) ?? null);
  readonly present = $derived(this.children.filter(({ barcode }) => !this.absent.has(barcode)));
  readonly served = $derived(this.present.filter(({ today = 0 }) => today > 0));
  readonly next = $derived(this.#after(this.turn));
  readonly visit = $derived(this.visits.find(({ homeroom, now }) => homeroom === this.room?.id && now) ?? this.visits.find(({ homeroom }) => homeroom === this.room?.id) ?? null);

  /** Looks at the timetable, and opens the class that is here now unless one is open. */
  async start(): Promise<void> {
    this.trouble = "";
    const [today, rooms] = await Promise.allSettled([ask<{ classes: Visit[] }>("today"), ask<{ homerooms: Homeroom[] }>("homerooms")]);
    if (today.status === "fulfilled") this.visits = today.value.classes ?? [];
    if (rooms.status === "fulfilled") this.rooms = rooms.value.homerooms;
    else this.trouble = problem(rooms.reason);
    const here = this.visits.find(({ now }) => now);
    if (here && !this.room) await this.open(here.homeroom);
  }

  /** Opens a homeroom. */
  async open(id: string): Promise<void> {
    try {
      const { homeroom, patrons } = await ask<ClassAnswer>(`homerooms/${encodeURIComponent(id)}/class`);
      this.leave();
      this.room = homeroom;
      this.children = patrons;
      this.trouble = "";
    } catch (error) {
      this.trouble = problem(error);
    }
  }

  /** It is this child's turn. */
  select(barcode: string) {
    const child = this.children.find((one) => one.barcode === barcode);
    this.#turnTo(barcode);
    if (!child) return;
    this.sound("done");
    void lookUp(barcode)
      .then((answer) => this.turn === barcode && this.standing.show(answer))
      .catch((error) => this.turn === barcode && this.say("again", { tone: "danger", lead: problem(error) }));
  }

  skip() {
    if (this.next) this.select(this.next.barcode);
  }

  /** Marks the child whose turn it is as absent, or as here after all. */
  toggleAbsent() {
    const absent = new Set(this.absent);
    if (!absent.delete(this.turn)) absent.add(this.turn);
    this.absent = absent;
  }

  /** Sets the due date once for what it is meant for, and says why a day will not do; an empty day is what the rules say, from now on. */
  async chooseDue(day: string, what: DueFor): Promise<string> {
    const items = !day || what === "class" ? [] : what === "child" ? this.standing.fresh : this.last ? [this.last.barcode] : [];
    const title = what === "item" ? (this.last?.title ?? "") : this.child ? fullName(this.child) : "";
    const trouble = items.length ? await this.setDue([...items], day, title) : "";
    if (trouble) return trouble;
    if (what === "class") this.due = { child: "", class: day };
    if (what === "child") this.due = { ...this.due, child: day };
    return "";
  }

  /** A typed name stands for the one child it fits. */
  type(text: string) {
    const words = plain(text.trim());
    if (!words) return this.skip();
    const fit = this.children.filter((child) => plain(fullName(child)).startsWith(words) || plain(child.last_name).startsWith(words));
    if (fit.length === 1) this.select(fit[0]!.barcode);
    else void this.scan(text);
  }

  openSet() {
    this.set = new ClassSet(this.present.map((child) => ({ barcode: child.barcode, name: fullName(child) })));
    this.flash = null;
  }

  closeSet() {
    this.set = null;
  }

  /** Lends the class set. What the rules refuse stands beside its row. */
  lendSet = (override?: string[]) =>
    this.then(async () => {
      const set = this.set;
      const done = set && (await this.reach(() => set.lend(this.due.class, override)));
      if (!done) return;
      this.session.note("many", done.key, set.to === "teacher" ? (set.teacher?.name ?? "") : (this.room?.name ?? ""), m.books({ n: done.n }));
      this.set = null;
      this.say("done", { tone: "ok", lead: m.class_set_lent({ n: done.n }), key: done.key });
      this.changed();
    });

  end() {
    this.over = true;
    this.#turnTo("");
  }

  /** The class has gone; the next one may come. */
  leave() {
    this.room = null;
    this.children = [];
    this.absent = new Set();
    this.due = { child: "", class: "" };
    this.last = null;
    this.over = false;
    this.set = null;
    this.#turnTo("");
  }

  reset() {
    this.leave();
    this.stopped = null;
    this.visits = [];
    this.rooms = [];
  }

  /** Something changed elsewhere: at a kiosk beside the desk, perhaps. */
  refresh() {
    this.standing.refresh();
    if (!this.room || this.#looking) return;
    this.#looking = true;
    afterPaint(() => void this.#look(this.room?.id ?? ""));
  }

  protected override changed() {
    super.changed();
    this.#acts++;
    this.refresh();
  }

  protected override lent(answer: LentAnswer, to: Borrower) {
    super.lent(answer, to);
    this.last = { barcode: answer.loan.item.barcode, title: answer.loan.item.title };
    this.children = this.children.map((child) =>
      child.barcode === to.barcode ? { ...child, today: (child.today ?? 0) + 1, loans: child.loans + 1, left: answer.left ?? child.left } : child,
    );
  }

  protected async handle(code: string): Promise<void> {
    if (this.set) return this.#intoSet(code);
    if (isCard(code)) return this.#card(code);
    if (this.children.some(({ barcode }) => barcode === code)) return this.select(code);
    try {
      await this.#book(code);
    } catch (error) {
      const is = notABook(error);
      if (!is) throw error;
      if (is.kind === "patron") return this.#card(code);
      this.say("again", { tone: "warn", lead: is.kind === "isbn" ? m.desk_is_isbn() : m.desk_unknown({ code }) });
    }
  }

  /** The class stands here with its books: one that is still out to somebody came back. */
  async #book(code: string): Promise<void> {
    const to = this.#borrower();
    if (to) await this.lend(to, code, { guess: true, due: this.due.child || this.due.class || undefined, override: ["item_on_loan"] });
    else await this.takeBack(code, { guess: true });
  }

  #borrower(): Borrower | null {
    if (this.child) return { ...this.child, name: fullName(this.child) };
    return this.turn ? (this.person?.patron ?? null) : null;
  }

  /** A card of another class is served as well. */
  async #card(code: string): Promise<void> {
    const answer = await this.reach(() => lookUp(code));
    this.#turnTo(answer.patron.barcode);
    this.standing.show(answer);
    this.sound("done");
  }

  async #intoSet(code: string): Promise<void> {
    const set = this.set!;
    const trouble = await this.reach(() => set.take(code));
    if (trouble) this.say("again", { tone: "warn", lead: trouble });
    else {
      this.flash = null;
      this.sound("done");
    }
  }

  #turnTo(barcode: string) {
    if (barcode !== this.turn) {
      this.standing.clear();
      this.forgetPasses();
      this.due = { ...this.due, child: "" };
      this.last = null;
      this.flash = null;
      this.repeats.forget();
    }
    this.turn = barcode;
  }

  /** The next child without a book, in the order of the grid, once around. */
  #after(barcode: string): Child | null {
    const at = this.children.findIndex((child) => child.barcode === barcode);
    const order = [...this.children.slice(at + 1), ...this.children.slice(0, Math.max(at, 0))];
    return order.find((child) => !child.today && !this.absent.has(child.barcode)) ?? null;
  }

  async #look(id: string): Promise<void> {
    const acts = this.#acts;
    try {
      const { patrons } = await ask<ClassAnswer>(`homerooms/${encodeURIComponent(id)}/class`);
      if (this.room?.id === id && this.#acts === acts) this.children = patrons;
    } catch {
      return; // the counts shown came with the acts' own answers
    } finally {
      this.#looking = false;
      if (this.#acts !== acts) this.refresh();
    }
  }
}

export const classes = new ClassDesk();
account.onLeave(() => classes.reset());
