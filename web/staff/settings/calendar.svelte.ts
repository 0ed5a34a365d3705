import { longDay } from "../../shared/dates";
import { locale } from "../../shared/locale.svelte";
import { m } from "../../shared/paraglide/messages";
import { ask } from "../api";
import { toasts } from "../toasts.svelte";
import { Attempt } from "./attempt.svelte";
import { blank, isOpen, toggled, type Line, type Step } from "./month";

let next = 0;

/** The school's calendar. A change is on the screen at once, and the server is told one change after the other. */
export class SchoolCalendar {
  lines = $state.raw<Line[] | null>(null);
  /** What the server said of the last change. */
  attempt = new Attempt();
  /** The lines as the server has them: what a failed change goes back to. */
  #kept: Line[] | null = null;
  #tail: Promise<unknown> = Promise.resolve();
  /** The ids that new lines got. */
  #ids = new Map<string, string>();

  open = () => this.attempt.run(() => this.#load());

  /** Closes an open day, or opens a closed one. */
  toggle(day: string): Promise<void> {
    const lines = this.lines ?? [];
    const said = (isOpen(lines, day) ? m.month_closed : m.month_opened)({ day: longDay(day, locale.current) });
    return this.say(toggled(lines, day), said);
  }

  /** Makes a change and says so, with the way back. */
  async say(steps: Step[], said: string): Promise<void> {
    const back = await this.change(steps);
    if (back) toasts.say(said, () => void this.change(back));
  }

  setWeek(weekdays: string): Promise<void> {
    const week = this.lines?.find(({ kind }) => kind === "week") ?? blank("week");
    return this.say([{ save: { ...week, weekdays } }], m.month_week_saved());
  }

  /** Does the steps and gives those that take them back; null when the server said no, and then the calendar is as the server has it. */
  change(steps: Step[]): Promise<Step[] | null> {
    const named = steps.map((step): Step => ("save" in step && !step.save.id ? { save: { ...step.save, id: `new ${next++}` } } : step));
    for (const step of named) this.lines = after(this.lines ?? [], step);
    const done = this.#tail.then(() => this.#send(named));
    this.#tail = done;
    return done;
  }

  async #load() {
    this.#kept = (await ask<{ entries: Line[] }>("calendar")).entries;
    this.lines = this.#kept;
  }

  async #send(steps: Step[]): Promise<Step[] | null> {
    this.attempt.clear();
    const back: Step[] = [];
    try {
      for (const step of steps) back.unshift(await this.#tell(step));
      return back;
    } catch (error) {
      await this.#load().catch(() => (this.lines = this.#kept));
      this.attempt.fail(error);
      return null;
    }
  }

  /** Tells the server one step, and gives the step back. */
  async #tell(step: Step): Promise<Step> {
    const line = "save" in step ? step.save : step.remove;
    const id = this.#ids.get(line.id) ?? line.id;
    const isNew = id.startsWith("new ");
    const before = this.#kept?.find((other) => other.id === id);
    if ("remove" in step) {
      await ask(`calendar/${id}`, { method: "DELETE" });
      this.#kept = (this.#kept ?? []).filter((other) => other.id !== id);
      return { save: { ...line, id: "" } };
    }
    const { entry } = await ask<{ entry: Line }>("calendar", { method: "POST", body: { ...line, id: isNew ? "" : id, source: undefined } });
    this.#ids.set(line.id, entry.id);
    this.#kept = after(this.#kept ?? [], { save: entry });
    // What was typed meanwhile stays: only the id of this line is new.
    this.lines = (this.lines ?? []).map((other) => (other.id === line.id ? { ...other, id: entry.id } : other));
    return isNew || !before ? { remove: entry } : { save: before };
  }
}

function after(lines: Line[], step: Step): Line[] {
  if ("remove" in step) return lines.filter(({ id }) => id !== step.remove.id);
  const known = lines.some(({ id }) => id === step.save.id);
  const all = known ? lines.map((line) => (line.id === step.save.id ? step.save : line)) : [...lines, step.save];
  return all.sort((a, b) => a.day.localeCompare(b.day));
}
