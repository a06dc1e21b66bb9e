/** How fast something goes, evened out, so that the time left does not jump about. */
export class Pace {
  #at: number;
  #done: number;
  #bytesPerSecond: number | null = null;

  /** What was done when it began counts for nothing. */
  constructor(now: number, done: number) {
    this.#at = now;
    this.#done = done;
  }

  /** Milliseconds of one clock, and the bytes that are done by then. */
  step(now: number, done: number): void {
    const seconds = (now - this.#at) / 1000;
    if (seconds < LEAST_SECONDS) return;
    const latest = Math.max(0, done - this.#done) / seconds;
    this.#bytesPerSecond =
      this.#bytesPerSecond === null ? latest : this.#bytesPerSecond * (1 - WEIGHT) + latest * WEIGHT;
    this.#at = now;
    this.#done = done;
  }

  /** Null while nobody can say. */
  secondsLeft(total: number): number | null {
    if (this.#bytesPerSecond === null || this.#bytesPerSecond < 1) return null;
    return Math.max(0, total - this.#done) / this.#bytesPerSecond;
  }
}

const LEAST_SECONDS = 0.5;
const WEIGHT = 0.3;
