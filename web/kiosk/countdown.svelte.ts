/** Seconds until something happens by itself, in view of the child. A device whose clock is set meanwhile counts on as it did. */
export class Countdown {
  /** Whole seconds left, rounded up; 0 while nothing is counted. */
  left = $state(0);
  /** Seconds counted from at the start, with what was added: the full circle. */
  all = $state(0);
  #until = 0;
  #over = () => {};
  #timer: ReturnType<typeof setInterval> | undefined;

  start(seconds: number, over: () => void) {
    this.stop();
    this.#until = performance.now() + seconds * 1000;
    this.#over = over;
    this.all = this.left = seconds;
    this.#timer = setInterval(() => this.#tick(), 250);
  }

  add(seconds: number) {
    if (!this.#timer) return;
    this.#until += seconds * 1000;
    this.#tick();
    this.all = this.left;
  }

  stop() {
    clearInterval(this.#timer);
    this.#timer = undefined;
    this.left = this.all = 0;
  }

  #tick() {
    const left = Math.ceil((this.#until - performance.now()) / 1000);
    if (left > 0) {
      this.left = left;
      return;
    }
    const over = this.#over;
    this.stop();
    over();
  }
}
