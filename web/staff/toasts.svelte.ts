/** How long a toast stays, in milliseconds; not while it is pointed at or has the focus. What it says is also where it was done. */
const STAY = 10_000;

export type Toast = { id: number; text: string; undo?: () => void | Promise<void> };

let next = 0;
let shown = $state<Toast[]>([]);
const timers = new Map<number, ReturnType<typeof setTimeout>>();

/** What was just done, with the way back. */
export const toasts = {
  get shown(): readonly Toast[] {
    return shown;
  },
  say(text: string, undo?: Toast["undo"]) {
    const toast = { id: next++, text, undo };
    shown = [...shown.slice(-2), toast];
    this.leave(toast);
  },
  /** Nobody looks at it any more: it goes after a while. */
  leave(toast: Toast) {
    timers.set(toast.id, setTimeout(() => this.close(toast), STAY));
  },
  stay(toast: Toast) {
    clearTimeout(timers.get(toast.id));
  },
  close(toast: Toast) {
    this.stay(toast);
    timers.delete(toast.id);
    shown = shown.filter(({ id }) => id !== toast.id);
  },
  undo(toast: Toast) {
    this.close(toast);
    void toast.undo?.();
  },
};
