/** The keys of a scan come this close on average, in milliseconds. Nobody types four letters that fast. */
const SCAN_PACE = 35;
/** A busy device may hold one key of a scan back for this long; a longer pause starts anew. */
const SCAN_PAUSE = 150;
const SCAN_LENGTH = 4;
/** Scanning one barcode twice within this many milliseconds is one scan. */
const REPEAT = 2000;
/** A code that comes again and again with less than this between, in milliseconds, is still being held under the light. */
const HELD = 1100;

/** What one key means: a finished scan, the first key after a pause, a key inside a burst, or a finger on the keyboard. */
export type Reading = { code: string } | "first" | "burst" | "typing";

/** Tells a scanner, which types in a burst that ends with Enter or Tab, from fingers. */
export class ScanReader {
  #text = "";
  #start = 0;
  #last = -Infinity;

  /** Reads one key at a time given in milliseconds. Keys that type nothing (Shift) are passed over. */
  key(key: string, at: number): Reading {
    const ends = key === "Enter" || key === "Tab";
    if (!ends && [...key].length !== 1) return "typing";
    const gap = at - this.#last;
    this.#last = at;
    if (ends) return this.#end(gap, at);
    if (gap > SCAN_PAUSE || !this.#text) {
      this.#text = key;
      this.#start = at;
      return "first";
    }
    this.#text += key;
    return gap <= SCAN_PACE ? "burst" : "typing";
  }

  #end(gap: number, at: number): Reading {
    const pace = (at - this.#start) / this.#text.length;
    const code = this.#text.trim();
    this.#text = "";
    if (gap > SCAN_PAUSE || pace > SCAN_PACE || code.length < SCAN_LENGTH) return "typing";
    return { code };
  }
}

/** Notices that the barcode just scanned is the one before it. */
export class Repeats {
  #code = "";
  #counted = -Infinity;
  #seen = -Infinity;

  /** True when the same code counted less than two seconds ago, or never left the light since. */
  again(code: string, at: number): boolean {
    const same = code === this.#code && (at - this.#counted < REPEAT || at - this.#seen < HELD);
    this.#seen = at;
    if (same) return true;
    this.#code = code;
    this.#counted = at;
    return false;
  }

  /** The last scan was refused: it may be tried again as soon as it has left the light. */
  refused() {
    this.#counted = -Infinity;
  }

  /** Lets the next scan count whatever it is. */
  forget() {
    this.#code = "";
  }
}

/**
 * Tells whether a scanned code is meant as a patron card ("carrel:p:" and a token). A scanner set
 * for another keyboard types some other sign for the colon; the server reads those, too.
 */
export function isCard(code: string): boolean {
  return /^(\][a-z]\d)?\s*carrel[^a-z0-9]p[^a-z0-9]/i.test(code);
}
