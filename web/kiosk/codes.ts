/**
 * What this kiosk can tell about a scanned code by itself. The server knows better and is asked while it answers; these rules are
 * for the time without it, and for what no scanner of a library ever means.
 */

/** The longest code of an item or a card; anything longer is a document. The server has the same limit. */
const LONGEST = 64;
const LETTERS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
const CARD = /^CARREL[^A-Z0-9]P[^A-Z0-9]([A-Z0-9]{17})$/u;

/** A code in upper case without blanks and without what scanners add: AIM prefixes, the asterisks of Code 39, the letters of Codabar. */
export function plain(raw: string): string {
  let code = raw.replace(/[\s\p{Cc}]/gu, "").toUpperCase();
  for (let before = ""; before !== code; ) {
    before = code;
    code = code.replace(/^\][A-Z].(?=.)/, "").replace(/^\*(.+)\*$/, "$1").replace(/^[A-D]([0-9\-$:/.+]{4,})[A-D]$/, "$1");
  }
  return code;
}

/** False for what can be neither item nor card: an address out of a phone's QR code, a burst of letters, a sentence. */
export function mayBeLabel(raw: string): boolean {
  return [...raw].length <= LONGEST && /[\p{L}\p{N}]/u.test(raw) && !/:\/\/|^(https?|mailto|tel|wifi|sms):|^www\./i.test(raw);
}

/** The token of a Carrel card as it was printed, or null when its check character does not fit. */
export function cardToken(raw: string): string | null {
  const body = CARD.exec(plain(raw))?.[1]?.replaceAll("O", "0").replace(/[IL]/g, "1");
  if (!body || [...body].some((letter) => !LETTERS.includes(letter)) || remainder(body) !== 0) return null;
  return `carrel:p:${body}`;
}

/** What the number of an old label says by itself: library codes of 14 digits begin with 2 for patrons and 3 for items. */
export function oldLabel(raw: string): "card" | "item" | "unclear" {
  const code = plain(raw);
  if (/^97[89]\d{10}$/.test(code)) return "item"; // the ISBN on a back cover
  if (!/^[23]\d{13}$/.test(code) || !luhn(code)) return "unclear";
  return code.startsWith("2") ? "card" : "item";
}

/** The value at α of the polynomial over GF(32), x⁵ + x² + 1, whose coefficients are the characters; 0 for a whole token. */
function remainder(body: string): number {
  return [...body].reduce((sum, letter) => {
    const doubled = sum << 1;
    return (doubled & 0x20 ? doubled ^ 0x25 : doubled) ^ LETTERS.indexOf(letter);
  }, 0);
}

/** The mod 10 check of ISO/IEC 7812-1, annex B. */
function luhn(code: string): boolean {
  const sum = [...code].reverse().reduce((sum, digit, i) => {
    const value = i % 2 ? Number(digit) * 2 : Number(digit);
    return sum + (value > 9 ? value - 9 : value);
  }, 0);
  return sum % 10 === 0;
}
