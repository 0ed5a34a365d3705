import { minutes, STEP } from "./time";
import type { Calendar } from "./calendar.svelte";
import type { Session } from "./types";

/** A pointer that moved less than this, in pixels, has pressed and not dragged. */
const SLACK = 5;
/** How long a finger rests before it drags instead of scrolling, in milliseconds. */
const REST = 300;

/**
 * Lets an entry of a week be dragged: with a mouse at once, with a finger that rests on it first. Columns of days carry data-day, and
 * data-first is the minute of the day at their upper edge.
 */
export function draggable(calendar: Calendar, entry: Session) {
  return (element: HTMLElement): (() => void) => {
    let start: { x: number; y: number; grip: number } | null = null;
    let dragging = false;
    let rest: ReturnType<typeof setTimeout>;

    /** The day under the pointer, and the time at which the entry would begin. */
    function under({ clientX, clientY }: PointerEvent): { day: string; from: number } | null {
      for (const column of document.querySelectorAll<HTMLElement>("[data-day]")) {
        const box = column.getBoundingClientRect();
        if (clientX < box.left || clientX >= box.right) continue;
        const pixels = box.height / Number(column.dataset.long);
        const first = Number(column.dataset.first);
        const last = first + Number(column.dataset.long) - (minutes(entry.until) - minutes(entry.from));
        const at = first + (clientY - (start?.grip ?? 0) - box.top) / pixels;
        return { day: column.dataset.day!, from: Math.max(first, Math.min(last, Math.round(at / STEP) * STEP)) };
      }
      return null;
    }
    function down(event: PointerEvent) {
      if (event.button !== 0) return;
      start = { x: event.clientX, y: event.clientY, grip: event.clientY - element.getBoundingClientRect().top };
      if (event.pointerType === "touch") rest = setTimeout(() => take(event), REST);
    }
    function take(event: PointerEvent) {
      dragging = true;
      element.setPointerCapture(event.pointerId);
      calendar.put(entry, entry.day, minutes(entry.from));
    }
    function move(event: PointerEvent) {
      if (!start) return;
      const far = Math.hypot(event.clientX - start.x, event.clientY - start.y) > SLACK;
      if (!dragging && far && event.pointerType === "touch") return stop();
      if (!dragging && far) take(event);
      if (!dragging) return;
      const spot = under(event);
      if (spot) calendar.put(entry, spot.day, spot.from);
    }
    function up() {
      const was = dragging;
      stop();
      if (was) void calendar.keep();
    }
    function stop() {
      clearTimeout(rest);
      start = null;
      // The click that follows a drag opens nothing.
      setTimeout(() => (dragging = false));
    }
    function cancel() {
      if (dragging) calendar.leave();
      stop();
    }
    const press = (event: MouseEvent) => dragging && (event.preventDefault(), event.stopImmediatePropagation());
    const hold = (event: TouchEvent) => dragging && event.preventDefault();

    element.addEventListener("pointerdown", down);
    element.addEventListener("pointermove", move);
    element.addEventListener("pointerup", up);
    element.addEventListener("pointercancel", cancel);
    element.addEventListener("click", press, { capture: true });
    element.addEventListener("touchmove", hold, { passive: false });
    return () => {
      clearTimeout(rest);
      element.removeEventListener("pointerdown", down);
      element.removeEventListener("pointermove", move);
      element.removeEventListener("pointerup", up);
      element.removeEventListener("pointercancel", cancel);
      element.removeEventListener("click", press, { capture: true });
      element.removeEventListener("touchmove", hold);
    };
  };
}
