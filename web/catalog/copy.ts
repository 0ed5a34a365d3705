/**
 * Copies what an element shows, with its italics and as plain text. A school's own address is often plain HTTP, where browsers have no clipboard
 * for scripts: there the element is selected and copied as a person would do it. False when the browser refuses.
 */
export async function copy(element: HTMLElement): Promise<boolean> {
  if (navigator.clipboard && "ClipboardItem" in window) {
    const part = (type: string, text: string) => [type, new Blob([text], { type })] as const;
    const item = new ClipboardItem(Object.fromEntries([part("text/html", element.innerHTML), part("text/plain", element.innerText)]));
    try {
      await navigator.clipboard.write([item]);
      return true;
    } catch {
      // not allowed just now: by hand
    }
  }
  const selection = getSelection();
  if (!selection) return false;
  const range = document.createRange();
  range.selectNodeContents(element);
  selection.removeAllRanges();
  selection.addRange(range);
  const done = document.execCommand("copy");
  selection.removeAllRanges();
  return done;
}
