import { newKey } from "../../shared/key";
import { m } from "../../shared/paraglide/messages";
import { ask, openPdf, Refused, type OpenLoan } from "../api";
import { forgetFace } from "../parts/Face.svelte";
import { toasts } from "../toasts.svelte";
import { problem } from "../words";
import { formOf, release, type Form } from "./form.svelte";
import { keyOf, type Hold, type Person, type PersonAnswer } from "./types";

/** How long the server is left alone, in milliseconds, when something changes elsewhere: each look at a person is noted. */
const CALM = 15_000;

/** The person who is open: what they have, what is known of them, and what is done for them. */
export class OpenPerson {
  answer = $state.raw<PersonAnswer | null>(null);
  /** Nobody has this barcode. */
  gone = $state(false);
  trouble = $state("");
  working = $state(false);
  readonly form: Form;
  readonly patron = $derived(this.answer?.patron ?? null);
  #asked = 0;
  #later: ReturnType<typeof setTimeout> | undefined;

  /** barcode, or the id of somebody who has none. */
  constructor(readonly barcode: string) {
    this.form = formOf(barcode);
  }

  get #path(): string {
    return `patrons/${encodeURIComponent(this.barcode)}`;
  }

  async load(): Promise<void> {
    this.#asked = Date.now();
    try {
      this.#show(await ask<PersonAnswer>(this.#path));
    } catch (error) {
      if (error instanceof Refused && error.status === 404) this.gone = true;
      else this.trouble = problem(error);
    }
  }

  /** Something changed elsewhere. */
  heard = () => {
    clearTimeout(this.#later);
    this.#later = setTimeout(() => void this.load(), Math.max(0, this.#asked + CALM - Date.now()));
  };

  /** Nobody looks any more. */
  close() {
    clearTimeout(this.#later);
    release(this.form);
  }

  renew = (loan: OpenLoan) => this.#act("renewals", { item: loan.item.barcode }, m.people_renewed({ title: loan.item.title }));
  giveBack = (loan: OpenLoan) => this.#act("returns", { item: loan.item.barcode }, m.people_returned({ title: loan.item.title }));
  cancelHold = (hold: Hold) => this.#act(`holds/${hold.id}/cancel`, {}, m.people_hold_cancelled({ title: hold.title }));

  /** Saves the form; answers the key of the person, which may be a new one, or "" when it was not saved. */
  async save(): Promise<string> {
    const saved = await this.form.save();
    if (!saved) return "";
    toasts.say(m.people_saved({ name: saved.name }));
    if (this.answer) this.answer = { ...this.answer, patron: { ...this.answer.patron, ...saved } };
    if (keyOf(saved) === this.barcode) void this.load();
    return keyOf(saved);
  }

  newCard = () =>
    this.#try(async () => {
      await ask(`${this.#path}/card`, { method: "POST", body: {} });
      toasts.say(m.people_card_made({ name: this.patron!.name }));
    });

  printCard = () => this.#try(() => openPdf(`cards.pdf?patron=${encodeURIComponent(this.barcode)}`, "card.pdf"));

  setPicture = (file: File) =>
    this.#try(async () => {
      await ask(`${this.#path}/picture`, { method: "PUT", body: file, headers: { "Content-Type": file.type }, patience: 60_000 });
      this.#picture(true, m.people_picture_saved({ name: this.patron!.name }));
    });

  dropPicture = () =>
    this.#try(async () => {
      await ask(`${this.#path}/picture`, { method: "DELETE" });
      this.#picture(false, m.people_picture_dropped({ name: this.patron!.name }));
    });

  /** Deletes for good; true when it was done. */
  remove = async (): Promise<boolean> => {
    const { name } = this.patron!;
    const gone = await this.#try(() => ask(this.#path, { method: "DELETE" }));
    if (gone) toasts.say(m.people_deleted({ name }));
    else this.trouble = m.people_delete_why_not({ name, why: this.trouble });
    return gone;
  };

  /** Tells the answer what another part of the screen just changed. */
  patch(change: Partial<Person>) {
    if (this.answer) this.answer = { ...this.answer, patron: { ...this.answer.patron, ...change } };
  }

  #picture(picture: boolean, text: string) {
    forgetFace(this.barcode);
    this.patch({ picture: false });
    this.patch({ picture });
    toasts.say(text);
  }

  #show(answer: PersonAnswer) {
    this.answer = answer;
    this.gone = false;
    this.trouble = "";
    this.form.meet(answer.patron);
  }

  #act = (path: string, body: Record<string, unknown>, text: string) =>
    this.#try(async () => {
      const key = newKey();
      await ask(path, { method: "POST", body: { ...body, key } });
      toasts.say(text, () => this.#try(async () => void (await ask("undo", { method: "POST", body: { key } }), await this.load())).then(() => {}));
      await this.load();
    });

  async #try(work: () => Promise<unknown>): Promise<boolean> {
    this.trouble = "";
    this.working = true;
    try {
      await work();
      return true;
    } catch (error) {
      this.trouble = error instanceof Refused && error.refusals.length ? error.refusals.map(({ message }) => message).join(" ") : problem(error);
      return false;
    } finally {
      this.working = false;
    }
  }
}
