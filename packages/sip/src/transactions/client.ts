import { T4 } from '../limits.ts';
import { Retransmission } from './retransmission.ts';
import { NOTHING, type Sending, type Step } from './step.ts';

/** RFC 3261 section 17.1.2: a request of ours that is no INVITE. */
export class Client {
  readonly #timer: Retransmission;
  readonly #isReliable: boolean;
  #state: State = { kind: 'trying' };

  constructor(sending: Sending) {
    this.#timer = new Retransmission(sending);
    this.#isReliable = sending.isReliable;
  }

  get isAsking(): boolean {
    return this.#state.kind === 'trying';
  }

  get isOver(): boolean {
    return this.#state.kind === 'over';
  }

  receive(status: number, now: number): Step {
    if (this.#state.kind !== 'trying') return NOTHING;
    if (status < 200) this.#timer.slowDown(now);
    else this.#state = { kind: 'completed', endsAt: this.#isReliable ? now : now + T4 };
    return { sends: [], outcome: 'pass' };
  }

  get nextTickAt(): number | null {
    if (this.#state.kind === 'trying') return this.#timer.dueAt;
    return this.#state.kind === 'completed' ? this.#state.endsAt : null;
  }

  tick(now: number): Step {
    if (this.#state.kind === 'completed' && now >= this.#state.endsAt) this.#state = { kind: 'over' };
    if (this.#state.kind !== 'trying') return NOTHING;
    const due = this.#timer.tick(now);
    if (due === 'send') return { sends: [this.#timer.bytes], outcome: 'none' };
    if (due === 'wait') return NOTHING;
    this.#state = { kind: 'over' };
    return { sends: [], outcome: 'timed-out' };
  }
}

type State =
  | { readonly kind: 'trying' }
  | { readonly kind: 'completed'; readonly endsAt: number }
  | { readonly kind: 'over' };
