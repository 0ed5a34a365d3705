import { locale } from "../../shared/locale.svelte";

/** Numbers as the schools of the United States write them, in both languages. */
const tongue = () => (locale.current === "es" ? "es-US" : "en-US");

/** How many digits a currency has behind its point: two, but none for the yen. */
export function decimals(currency: string): number {
  try {
    return new Intl.NumberFormat("en", { style: "currency", currency }).resolvedOptions().maximumFractionDigits ?? 2;
  } catch {
    return 2; // a currency the browser does not know
  }
}

function written(cents: number, currency: string, digits: number): string {
  const value = cents / 10 ** decimals(currency);
  const style = { minimumFractionDigits: digits, maximumFractionDigits: digits };
  try {
    return new Intl.NumberFormat(tongue(), { style: "currency", currency, currencyDisplay: "narrowSymbol", ...style }).format(value);
  } catch {
    return `${new Intl.NumberFormat(tongue(), style).format(value)} ${currency}`.trim();
  }
}

/** An amount as it stands in a column: "$1,010.00". */
export const money = (cents: number, currency: string) => written(cents, currency, decimals(currency));

/** An amount to be read at a glance: whole ones go without their cents, "$2,962", "$412.60". */
export const brief = (cents: number, currency: string) => written(cents, currency, cents % 10 ** decimals(currency) ? decimals(currency) : 0);

/** An amount at the side of a drawing, without its sign: "2k", "500". */
export function short(cents: number, currency: string): string {
  const value = cents / 10 ** decimals(currency);
  const number = new Intl.NumberFormat(tongue(), { maximumFractionDigits: 1 });
  return value >= 1000 ? `${number.format(value / 1000)}k` : number.format(value);
}

/** An amount as it is typed into a field: "1228.50". */
export function typed(cents: number, currency: string): string {
  const digits = decimals(currency);
  const text = String(Math.abs(cents)).padStart(digits + 1, "0");
  return (cents < 0 ? "-" : "") + (digits ? `${text.slice(0, -digits)}.${text.slice(-digits)}` : text);
}

/** Above this it is a slip of the finger, in whole units; the server says the same. */
const MOST = 1_000_000;

const POINT = /^([1-9]\d{0,2}(?:,\d{3})+|\d*)(?:\.(\d+))?$/;
const COMMA = /^([1-9]\d{0,2}(?:\.\d{3})+|\d*),(\d+)$/;

/**
 * Reads an amount as people write it: "12", "12.5", "12,50", "$1,228", "1.234,50 €"; null for what is none. No fraction is ever counted with.
 * Three digits behind a comma are thousands; behind a point they may be meant either way and are none, but where the currency has no cents.
 * signed takes a minus, for corrections.
 */
export function readAmount(text: string, currency: string, signed = false): number | null {
  let bare = text.replaceAll(/[\s\u00a0\u202f]/g, "");
  const minus = signed && /^[-−]/.test(bare);
  if (minus) bare = bare.slice(1);
  bare = bare.replace(/^(?:[$€£¥]|[A-Z]{3})|(?:[$€£¥]|[A-Z]{3})$/, "");
  const digits = decimals(currency);
  if (digits === 0) bare = /^[1-9]\d{0,2}([.,]\d{3})+$/.test(bare) ? bare.replaceAll(/[.,]/g, "") : bare;
  const match = POINT.exec(bare) ?? COMMA.exec(bare);
  const whole = (match?.[1] ?? "").replaceAll(/[.,]/g, "");
  const rest = match?.[2] ?? "";
  if (!match || whole + rest === "" || whole.length > 9 || rest.length > digits) return null;
  const cents = Number(whole + rest.padEnd(digits, "0"));
  if (cents > MOST * 10 ** digits) return null;
  return minus ? -cents : cents;
}
