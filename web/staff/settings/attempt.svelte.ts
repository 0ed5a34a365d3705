import { Refused } from "../api";
import { problem } from "../words";

/** Something that is tried at the server: whether it runs, and what was said no to, at which field. */
export class Attempt {
  running = $state(false);
  text = $state("");
  field = $state("");
  /** The machine's word for the no, and what came with it, such as the newer version of a record. */
  code = "";
  data: Record<string, unknown> = {};
  #again = false;

  /** Does the work; false when it did not succeed, and why is in text. */
  async run(work: () => Promise<unknown>): Promise<boolean> {
    if (this.running) return false;
    this.running = true;
    this.clear();
    try {
      await work();
      return true;
    } catch (error) {
      this.fail(error);
      return false;
    } finally {
      this.running = false;
    }
  }

  /** Reads what may have changed. Asked for while a reading runs, it reads once more after that one, which may have begun before the change. */
  async read(work: () => Promise<unknown>): Promise<boolean> {
    if (this.running) {
      this.#again = true;
      return false;
    }
    let done: boolean;
    do {
      this.#again = false;
      done = await this.run(work);
    } while (this.#again);
    return done;
  }

  fail(error: unknown) {
    this.text = problem(error);
    if (!(error instanceof Refused)) return;
    ({ field: this.field, code: this.code, data: this.data } = error);
  }

  clear() {
    this.text = this.field = this.code = "";
    this.data = {};
  }

  /** What to say beside a field. */
  at(...fields: string[]): string {
    return fields.includes(this.field) ? this.text : "";
  }

  /** What to say where none of the fields shown is meant. */
  besides(...fields: string[]): string {
    return fields.includes(this.field) ? "" : this.text;
  }
}
