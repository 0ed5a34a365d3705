import { m } from "../../shared/paraglide/messages";
import { isCard } from "../../shared/scan";
import { account } from "../account.svelte";
import { openPdf, Refused } from "../api";
import { problem } from "../words";
import type { Code } from "./answers";
import { both, type Meant } from "./both";
import { Counter, notABook } from "./counter.svelte";
import { Drop } from "./drop.svelte";
import { lookUp } from "./standing.svelte";

/** A note as it was left: theirs is what somebody else saved meanwhile, and updated when. */
export type Draft = { text: string; updated?: string; theirs: string | null };

export type Mode = "checkout" | "return" | "book_drop";

/**
 * The desk for one person: what a scan does, who stands there, and what they have. It outlives the page that shows it, so looking
 * something up in the catalogue loses nothing.
 */
export class Desk extends Counter {
  mode = $state<Mode>("checkout");
  /** A person and a book have this code; a person at the desk decides. */
  unclear = $state.raw<Code | null>(null);
  drop = new Drop();
  /** Notes that were typed and not saved, by the barcode of the person. */
  drafts = new Map<string, Draft>();

  override get asking(): boolean {
    return this.stopped !== null || this.unclear !== null;
  }

  /** Opens a person who was found by name. */
  open = (barcode: string) => this.then(() => this.#load(barcode));

  clearPerson() {
    this.standing.clear();
    this.flash = null;
    this.forgetPasses();
  }

  /** Decides what a code with two meanings is, now and for the next time. */
  decide = (meant: Meant) =>
    this.then(() => {
      const code = this.unclear;
      this.unclear = null;
      if (!code) return;
      both.keep(this.person !== null, meant);
      return this.#meant(code, meant);
    });

  dismiss() {
    this.unclear = null;
    this.repeats.forget();
  }

  choose(mode: Mode) {
    this.mode = mode;
    this.drop.over = false;
  }

  /** The scanning of the drop is over. */
  endDrop() {
    if (this.drop.rows.length) this.drop.over = true;
    else this.choose("checkout");
    this.flash = null;
  }

  /** The results of the drop were seen. */
  leaveDrop() {
    this.drop.clear();
    this.choose("checkout");
  }

  endSession() {
    this.session.clear();
    this.clearPerson();
  }

  reset() {
    this.endSession();
    this.drop.clear();
    this.drafts.clear();
    this.stopped = null;
    this.unclear = null;
    this.mode = "checkout";
  }

  /** Prints what the person has, with the due dates. */
  slip = () =>
    this.then(async () => {
      const patron = this.person?.patron;
      if (!patron) return this.say("again", { tone: "info", lead: m.desk_slip_nobody() });
      await openPdf(`patrons/${encodeURIComponent(patron.barcode)}/receipt.pdf`, "receipt.pdf");
    });

  protected async handle(code: string): Promise<void> {
    if (this.mode === "book_drop") return this.#intoDrop(code);
    if (this.mode === "return" && isCard(code)) return this.say("again", { tone: "warn", lead: m.desk_card_in_return() });
    if (this.mode === "return") return void (await this.takeBack(code));
    if (isCard(code)) return this.#load(code);
    try {
      await this.#book(code, true);
    } catch (error) {
      const is = notABook(error);
      if (!is) throw error;
      await this.#other(is);
    }
  }

  /** A book goes to whoever is at the desk; with nobody there it came back. */
  async #book(code: string, guess?: boolean): Promise<void> {
    if (this.person) await this.lend(this.person.patron, code, { guess });
    else await this.takeBack(code, { guess });
  }

  async #other(is: Code): Promise<void> {
    if (is.also) {
      const meant = both.of(this.person !== null);
      if (meant) return this.#meant(is, meant, true);
      this.unclear = is;
      return this.sound("help");
    }
    if (is.kind === "patron") return this.#load(is.code);
    this.say("again", { tone: "warn", lead: is.kind === "isbn" ? m.desk_is_isbn() : m.desk_unknown({ code: is.code }), search: is.code });
  }

  async #meant(is: Code, meant: Meant, remembered = false): Promise<void> {
    const somebody = this.person !== null;
    if (meant === "patron") await this.#load(is.code);
    else await this.#book(is.code);
    if (!remembered || this.stopped) return;
    const act = () => {
      both.forget(somebody);
      this.unclear = is;
    };
    const flash = this.flash ?? { tone: "info", lead: m.desk_both_taken({ code: is.code }) };
    this.flash = { ...flash, instead: { name: m.desk_both_again(), act } };
  }

  async #load(card: string): Promise<void> {
    const answer = await this.reach(() => lookUp(card));
    if (answer.patron.id !== this.person?.patron.id) this.forgetPasses();
    this.standing.show(answer);
    this.flash = null;
    this.sound("done");
  }

  async #intoDrop(code: string): Promise<void> {
    this.drop.over = false;
    try {
      const { answer, key } = await this.takeBack(code, { mode: "book_drop", at: this.drop.at });
      this.drop.take(key, code, answer);
    } catch (error) {
      if (!(error instanceof Refused)) throw error;
      this.drop.fail(code, problem(error));
      throw error;
    }
  }
}

export const desk = new Desk();
account.onLeave(() => desk.reset());
