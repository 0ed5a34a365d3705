import { ScanReader } from "./scan";

type Field = HTMLInputElement | HTMLTextAreaElement;

/** In the scan box, keys that follow within this many milliseconds belong to the same code, however slow the device is. */
const SAME_CODE = 3000;

const isField = (node: unknown): node is Field => node instanceof HTMLInputElement || node instanceof HTMLTextAreaElement;

const isScanBox = (field?: Field) => field?.dataset.scanBox !== undefined;

/**
 * Hears every scan made on the page, wherever the focus is. A burst that ran into a field is taken
 * out of it again, and its keys press no button. Returns the function that stops listening.
 */
export function listen(onScan: (code: string) => void): () => void {
  const reader = new ScanReader();
  /** The field the keys go to, as it was before them. */
  let before: { field: Field; value: string } | null = null;
  let last = -Infinity;

  function remember(target: unknown, goesOn: boolean): typeof before {
    if (!isField(target)) return null;
    if (!goesOn || !isScanBox(target)) return { field: target, value: target.value };
    return before?.field === target ? before : { field: target, value: "" };
  }

  function keydown(event: KeyboardEvent) {
    if (event.ctrlKey || event.altKey || event.metaKey || event.isComposing) return;
    const target = event.target;
    const reading = reader.key(event.key, event.timeStamp);
    const goesOn = event.timeStamp - last < SAME_CODE;
    last = event.timeStamp;
    if (reading === "first" || !before) before = remember(target, goesOn);
    if (reading === "burst" && !isField(target)) event.preventDefault();
    if (typeof reading === "string") return;
    event.preventDefault();
    event.stopImmediatePropagation();
    let code = reading.code;
    if (before) {
      if (isScanBox(before.field)) code = before.field.value.slice(before.value.length);
      before.field.value = isScanBox(before.field) ? "" : before.value;
      before.field.dispatchEvent(new Event("input", { bubbles: true }));
    }
    before = null;
    onScan(code);
  }

  window.addEventListener("keydown", keydown, { capture: true });
  return () => window.removeEventListener("keydown", keydown, { capture: true });
}

/**
 * Attachment for the scan box: the focus comes back to it after every click and whenever it would
 * be nowhere. Tab moves on as usual, and other fields and dialogs keep the focus they are given.
 */
export function holdFocus(box: HTMLInputElement): () => void {
  const take = () => box.focus({ preventScroll: true });
  const busy = () => document.activeElement?.closest("input, select, textarea, dialog, [data-keeps-focus]");

  const click = () => setTimeout(() => busy() || take());
  const home = () => document.hasFocus() && document.activeElement === document.body && take();
  const later = () => setTimeout(home); // Tab into the page ends on its own target
  const lost = (event: FocusEvent) => event.relatedTarget || later();
  // A button that goes away with the focus tells nobody: the next key finds the way back. Tab goes round the page.
  const key = (event: KeyboardEvent) => event.key === "Tab" || home();

  window.addEventListener("click", click);
  window.addEventListener("focus", later);
  window.addEventListener("keydown", key, { capture: true });
  document.addEventListener("focusout", lost);
  take();
  return () => {
    window.removeEventListener("click", click);
    window.removeEventListener("focus", later);
    window.removeEventListener("keydown", key, { capture: true });
    document.removeEventListener("focusout", lost);
  };
}
