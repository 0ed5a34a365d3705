/** Attachment for a popover: opens it below the button, or above where there is no room, inside the window. */
export function besideOf(button: () => HTMLElement | undefined) {
  return (menu: HTMLElement) => {
    function place(event: Event) {
      const anchor = button()?.getBoundingClientRect();
      if ((event as ToggleEvent).newState !== "open" || !anchor) return;
      const { width, height } = menu.getBoundingClientRect();
      const below = anchor.bottom + 4 + height <= innerHeight;
      menu.style.left = `${Math.max(8, Math.min(anchor.right, innerWidth - 8) - width)}px`;
      menu.style.top = `${Math.max(8, below ? anchor.bottom + 4 : anchor.top - 4 - height)}px`;
    }
    menu.addEventListener("toggle", place);
    return () => menu.removeEventListener("toggle", place);
  };
}
