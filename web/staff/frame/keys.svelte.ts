/** Where it is kept whether single keys do something on this device. */
const KEPT = "carrel.keys";
/** A scanner types the next key of a code sooner than this, in milliseconds; fingers do not. */
const ALONE = 60;

let single = $state(localStorage.getItem(KEPT) !== "off");

/** Single keys, such as / for the search. They can be switched off (WCAG 2.1.4), and a scanner's keys are never taken for one. */
export const keys = {
  get single(): boolean {
    return single;
  },
  choose(on: boolean) {
    single = on;
    localStorage.setItem(KEPT, on ? "on" : "off");
  },
};

const typing = (target: EventTarget | null) => target instanceof Element && target.closest("input, textarea, select, dialog, [contenteditable]") !== null;

/** Calls press when the key was struck by itself, outside of fields and dialogs or where it is heard instead. Returns the function that stops listening. */
export function onSingleKey(name: string, press: () => void, heard = (target: EventTarget | null) => !typing(target)): () => void {
  let timer: ReturnType<typeof setTimeout> | undefined;
  let last = -Infinity;
  function keydown(event: KeyboardEvent) {
    clearTimeout(timer);
    const alone = event.timeStamp - last > ALONE;
    last = event.timeStamp;
    if (!single || !alone || event.key.toLowerCase() !== name || event.ctrlKey || event.altKey || event.metaKey || !heard(event.target)) return;
    event.preventDefault();
    timer = setTimeout(press, ALONE);
  }
  window.addEventListener("keydown", keydown);
  return () => {
    clearTimeout(timer);
    window.removeEventListener("keydown", keydown);
  };
}
