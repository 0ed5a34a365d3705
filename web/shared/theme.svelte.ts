export const themes = ["light", "dark", "contrast"] as const;
export type Theme = (typeof themes)[number];

const KEY = "carrel.theme";
const wants = (query: string) => matchMedia(query).matches;

function fromDevice(): Theme {
  if (wants("(prefers-contrast: more)")) return "contrast";
  return wants("(prefers-color-scheme: dark)") ? "dark" : "light";
}

let current = $state<Theme>("light");

/** The colours of this device: a person's choice kept in the browser, else what the device asks for. */
export const theme = {
  get current(): Theme {
    return current;
  },
  start() {
    const kept = localStorage.getItem(KEY) as Theme | null;
    apply(kept && themes.includes(kept) ? kept : fromDevice());
  },
  choose(next: Theme) {
    localStorage.setItem(KEY, next);
    apply(next);
  },
};

function apply(next: Theme) {
  current = next;
  document.documentElement.dataset.theme = next;
}
