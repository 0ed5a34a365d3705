import { baseLocale, isLocale, overwriteGetLocale, type Locale } from "./paraglide/runtime";

let current = $state<Locale>(baseLocale);
overwriteGetLocale(() => current);

/** The language of the page. Messages read it, so setting it repaints every sentence in place. */
export const locale = {
  get current(): Locale {
    return current;
  },
  /** Takes any language tag; what Carrel does not speak becomes English. */
  set(tag: string | null | undefined) {
    const base = tag?.slice(0, 2);
    current = isLocale(base) ? base : baseLocale;
    document.documentElement.lang = current;
  },
};
