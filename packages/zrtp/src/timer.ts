import type { Timer } from './limits.ts';

/** Sends one packet again and again, ever more slowly, until it is stopped or has been sent often enough (RFC 6189 section 6). */
export class Resending {
  readonly message: Uint8Array;
  readonly #timer: Timer;
  #interval: number;
  #left: number;
  #dueAt: number;

  /** The first sending is its maker's. */
  constructor(message: Uint8Array, timer: Timer, now: number) {
    this.message = message;
    this.#timer = timer;
    this.#interval = timer.firstMilliseconds;
    this.#left = timer.sendings;
    this.#dueAt = now + this.#interval;
  }

  get dueAt(): number {
    return this.#dueAt;
  }

  /** What is due at this time: nothing yet, another sending, or giving up. */
  tick(now: number): 'wait' | 'send' | 'give-up' {
    if (now < this.#dueAt) return 'wait';
    if (this.#left === 0) return 'give-up';
    this.#left -= 1;
    this.#interval = Math.min(this.#interval * 2, this.#timer.mostMilliseconds);
    this.#dueAt = now + this.#interval;
    return 'send';
  }
}
