import { Away } from "./http";

/** Pauses between tries while the server is away, in seconds; the last one repeats. */
const PAUSES = [1, 2, 4, 8, 15];

/** The line to the server. What it did not answer is sent again, unchanged, until it does. */
export class Line {
  /** True from the first try without an answer to the next answer. */
  away = $state(false);
  #tryNow = () => {};

  async reach<T>(send: () => Promise<T>): Promise<T> {
    for (let tries = 0; ; tries++) {
      try {
        const answer = await send();
        this.away = false;
        return answer;
      } catch (error) {
        this.away = error instanceof Away;
        if (!this.away) throw error;
      }
      await this.#pause(PAUSES[Math.min(tries, PAUSES.length - 1)]!);
    }
  }

  /** Sends once more when there was no answer, and then gives up with Away: somebody stands and waits. */
  async twice<T>(send: () => Promise<T>): Promise<T> {
    try {
      return await send();
    } catch (error) {
      if (!(error instanceof Away)) throw error;
    }
    await this.#pause(PAUSES[0]!);
    try {
      return await send();
    } catch (error) {
      this.away ||= error instanceof Away;
      throw error;
    }
  }

  /** Ends the pause before the next try. */
  tryNow() {
    this.#tryNow();
  }

  #pause(seconds: number): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, seconds * 1000);
      this.#tryNow = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }
}
