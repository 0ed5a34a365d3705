import { locale } from "../shared/locale.svelte";

const KEY = "carrel.catalog.language";

/** The language in which this device shows the catalogue: a child's choice, else the browser's. */
export const language = {
  start() {
    locale.set(localStorage.getItem(KEY) ?? navigator.language);
  },
  other() {
    locale.set(locale.current === "en" ? "es" : "en");
    localStorage.setItem(KEY, locale.current);
  },
};
