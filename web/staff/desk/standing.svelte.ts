import { ask } from "../api";
import type { Borrower, LentAnswer, PersonAnswer } from "./answers";
import { withLoan, withoutLoan, withRenewal } from "./person";

/** Asks for everything the desk shows of a person. */
export const lookUp = (barcode: string) => ask<PersonAnswer>(`patrons/${encodeURIComponent(barcode)}`);

/**
 * Who stands at the counter, with what they have. What an act's own answer says is shown at once; the whole person is asked for again
 * after that was painted, because nobody waits for it.
 */
export class Standing {
  answer = $state.raw<PersonAnswer | null>(null);
  /** Barcodes lent since the person came, the latest first. */
  fresh = $state.raw<string[]>([]);
  /** Counts what happened: an answer asked for before it is out of date. */
  #acts = 0;
  #looking = false;

  show(answer: PersonAnswer) {
    if (answer.patron.id !== this.answer?.patron.id) this.fresh = [];
    this.#acts++;
    this.answer = answer;
  }

  clear() {
    this.#acts++;
    this.answer = null;
    this.fresh = [];
  }

  lent(answer: LentAnswer, to: Borrower) {
    const { barcode } = answer.loan.item;
    this.#acts++;
    if (this.answer?.patron.barcode !== to.barcode) return;
    this.answer = withLoan(this.answer, answer);
    this.fresh = [barcode, ...this.fresh.filter((other) => other !== barcode)];
  }

  gone(item: string) {
    if (this.answer) this.answer = withoutLoan(this.answer, item);
  }

  renewed(answer: LentAnswer) {
    if (this.answer) this.answer = withRenewal(this.answer, answer);
  }

  /** Something was done here: whoever is shown is looked at again. */
  changed() {
    this.#acts++;
    this.refresh();
  }

  /** Something may have changed elsewhere. */
  refresh() {
    if (!this.answer || this.#looking) return;
    this.#looking = true;
    afterPaint(() => void this.#look());
  }

  async #look(): Promise<void> {
    const [patron, acts] = [this.answer?.patron, this.#acts];
    try {
      if (!patron) return;
      const answer = await lookUp(patron.barcode);
      if (this.#acts === acts) this.answer = answer;
    } catch {
      return; // what is shown came with the acts' own answers; the next look will do
    } finally {
      this.#looking = false;
      if (this.#acts !== acts) this.refresh();
    }
  }
}

/** Calls work once the screen shows what was just said: nobody waits for it. */
export function afterPaint(work: () => void) {
  if (typeof requestAnimationFrame === "undefined") setTimeout(work);
  else requestAnimationFrame(() => setTimeout(work));
}
