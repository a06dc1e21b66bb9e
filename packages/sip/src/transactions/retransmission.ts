import { T1, T2 } from '../limits.ts';
import type { Sending } from './step.ts';

/** One message again and again, at growing intervals, for 64 times T1 at most. */
export class Retransmission {
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly #most: number;
  readonly #endsAt: number;
  #interval: number;
  #dueAt: number;

  /** The first sending is its maker's. `most` is the longest interval. */
  constructor({ bytes, isReliable, now }: Sending, most: number = T2) {
    this.bytes = bytes;
    this.#most = most;
    this.#interval = T1;
    this.#endsAt = now + 64 * T1;
    this.#dueAt = isReliable ? this.#endsAt : now + T1;
  }

  get dueAt(): number {
    return Math.min(this.#dueAt, this.#endsAt);
  }

  /** From now on at the longest interval. */
  slowDown(now: number): void {
    this.#interval = this.#most;
    if (this.#dueAt < this.#endsAt) this.#dueAt = now + this.#most;
  }

  tick(now: number): 'wait' | 'send' | 'give-up' {
    if (now < this.dueAt) return 'wait';
    if (now >= this.#endsAt) return 'give-up';
    this.#interval = Math.min(this.#interval * 2, this.#most);
    this.#dueAt = now + this.#interval;
    return 'send';
  }
}
