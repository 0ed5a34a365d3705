import type { Answer } from "../shared/http";
import type { KeptAct, Replayed } from "./door";
import { Queue } from "./queue";
import { replay } from "./replay";

/** The acts that wait for the server, and whether this browser can keep any. */
export class Outbox {
  /** Acts that the server has not answered. */
  count = $state(0);
  /** False when this browser has no room for an act, or keeps nothing at all. */
  keeps = $state(true);
  #queue = new Queue();

  /** Asks the browser not to clear this away when the disk grows full. Some browsers ask back, so somebody grown-up should stand here. */
  hold() {
    void globalThis.navigator?.storage?.persist?.();
  }

  /** Counts what lies here from before. A disk that was full once is tried anew. */
  async look(): Promise<void> {
    try {
      this.count = await this.#queue.count();
      this.keeps = true;
    } catch {
      this.keeps = false;
    }
  }

  /** Keeps an act on the disk. False when it could not. */
  async keep(act: KeptAct): Promise<boolean> {
    try {
      await this.#queue.add(act);
      this.count++;
      this.keeps = true;
    } catch (error) {
      console.warn(error);
      this.keeps = false;
    }
    return this.keeps;
  }

  /** Sends everything kept, in order. Throws Away when the server gives no answer. */
  async send(post: (acts: KeptAct[]) => Promise<Answer<Replayed>>): Promise<void> {
    await this.look();
    if (!this.count) return;
    try {
      await replay(this.#queue, post);
    } finally {
      await this.look();
    }
  }
}
