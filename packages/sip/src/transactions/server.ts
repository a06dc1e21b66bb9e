import { T1 } from '../limits.ts';
import { NOTHING, type Sending, type Step } from './step.ts';

/** RFC 3261 section 17.2.2: a request of the other end that is no INVITE, answered at once. */
export class Server {
  readonly #response: Uint8Array<ArrayBuffer>;
  readonly #endsAt: number;
  #isOver = false;

  constructor({ bytes, isReliable, now }: Sending) {
    this.#response = bytes;
    this.#endsAt = isReliable ? now : now + 64 * T1;
  }

  get isOver(): boolean {
    return this.#isOver;
  }

  /** The request came again. */
  repeat(): Step {
    return { sends: [this.#response], outcome: 'none' };
  }

  get nextTickAt(): number | null {
    return this.#isOver ? null : this.#endsAt;
  }

  tick(now: number): Step {
    if (now >= this.#endsAt) this.#isOver = true;
    return NOTHING;
  }
}
