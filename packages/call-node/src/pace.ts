/** Calls back at even times, one call for each, in spite of timers that are late; after a long stop it leaves out what it missed. */
export class Pace {
  readonly #milliseconds: number;
  readonly #step: (tick: number) => void;
  #timer: NodeJS.Timeout | null = null;
  #dueAt = 0;
  #tick = 0;

  constructor(milliseconds: number, step: (tick: number) => void) {
    this.#milliseconds = milliseconds;
    this.#step = step;
  }

  start(): void {
    this.#dueAt = performance.now();
    this.#run();
  }

  stop(): void {
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
    this.#dueAt = Number.POSITIVE_INFINITY;
  }

  #run(): void {
    const now = performance.now();
    if (now - this.#dueAt > LONGEST_CATCH_UP) this.#dueAt = now;
    while (this.#dueAt <= now) {
      this.#dueAt += this.#milliseconds;
      this.#step(this.#tick++);
    }
    if (this.#dueAt !== Number.POSITIVE_INFINITY)
      this.#timer = setTimeout(() => this.#run(), Math.max(1, this.#dueAt - performance.now()));
  }
}

const LONGEST_CATCH_UP = 400;
