import { account } from "../account.svelte";
import { ask } from "../api";
import { problem } from "../words";

/** The steps of the set-up, in order. */
export const steps = ["school", "calendar", "books", "students", "cards", "kiosk"] as const;
export type Step = (typeof steps)[number];

/** How far the set-up has come; at is the step to go on with. */
export type Progress = { done: Step[]; skipped: Step[]; at: Step | ""; finished: boolean };

export const isStep = (text: string): text is Step => (steps as readonly string[]).includes(text);

/** How far it has come once a step is passed: done or skipped, and on to the next; behind the last one it is finished. */
export function passed(before: Progress, step: Step, how: "done" | "skipped"): Progress {
  const others = (list: Step[]) => list.filter((other) => other !== step);
  // What was done once stays done: skipping it at a second look takes nothing back.
  const isDone = how === "done" || before.done.includes(step);
  const next = steps[steps.indexOf(step) + 1] ?? "";
  return {
    done: isDone ? [...others(before.done), step] : before.done,
    skipped: isDone ? others(before.skipped) : [...others(before.skipped), step],
    at: before.finished ? "" : next,
    finished: before.finished || next === "",
  };
}

/** The way through the set-up. It is the school's, not one person's: another librarian goes on where the first one stopped. */
export class Way {
  now = $state.raw<Progress | null>(null);
  trouble = $state("");
  working = $state(false);

  /** The step to open when the address names none. */
  get at(): Step {
    return this.now?.at || steps[0];
  }

  async load(): Promise<void> {
    try {
      this.now = await ask<Progress>("setup/steps");
      this.trouble = "";
    } catch (error) {
      this.trouble = problem(error);
    }
  }

  /** Notes that a step is looked at, so that the next visit begins with it. Nobody waits for that. */
  async visit(step: Step): Promise<void> {
    if (!this.now || this.now.finished || this.now.at === step) return;
    await this.#keep((before) => (before.finished ? before : { ...before, at: step })).catch(() => {});
  }

  /** Passes a step; false when that could not be kept, and why is in trouble. */
  async pass(step: Step, how: "done" | "skipped"): Promise<boolean> {
    if (this.working) return false;
    this.working = true;
    try {
      await this.#keep((before) => passed(before, step, how));
      this.trouble = "";
      return true;
    } catch (error) {
      this.trouble = problem(error);
      return false;
    } finally {
      this.working = false;
    }
  }

  reset() {
    this.now = null;
    this.trouble = "";
  }

  /** Changes what the server has now, not what was read a while ago: somebody else may have gone on meanwhile. */
  async #keep(change: (before: Progress) => Progress) {
    const body = change(await ask<Progress>("setup/steps"));
    this.now = await ask<Progress>("setup/steps", { method: "PUT", body });
  }
}

export const way = new Way();
account.onLeave(() => way.reset());
