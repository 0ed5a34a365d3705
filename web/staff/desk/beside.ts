/** Attachment for a popover: opens it below the button, or above where there is no room, inside the window. */
export function besideOf(button: () => HTMLElement | undefined) {
  return (menu: HTMLElement) => {
    function place(event: Event) {
      const anchor = button()?.getBoundingClientRect();
      const opens = (event as ToggleEvent).newState === "open";
      menu.style.opacity = opens ? "1" : "0"; // not seen before it is in its place
      if (!opens || !anchor) return;
      const { width, height } = menu.getBoundingClientRect();
      const below = anchor.bottom + 4 + height <= innerHeight;
      menu.style.left = `${Math.max(8, Math.min(anchor.right, innerWidth - 8) - width)}px`;
      menu.style.top = `${Math.max(8, below ? anchor.bottom + 4 : anchor.top - 4 - height)}px`;
    }
    menu.style.opacity = "0";
    menu.addEventListener("toggle", place);
    return () => menu.removeEventListener("toggle", place);
  };
}

/** Attachment for what has the focus as soon as its popover opens. */
export const first = (element: HTMLElement) => element.setAttribute("autofocus", "");
