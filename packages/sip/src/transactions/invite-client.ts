import { T1 } from '../limits.ts';
import { Retransmission } from './retransmission.ts';
import { NOTHING, type Sending, type Step } from './step.ts';

/** RFC 3261 section 17.1.1 with the state `accepted` of RFC 6026: an INVITE of ours and what is answered to it. */
export class InviteClient {
  readonly #isReliable: boolean;
  #state: State;

  constructor(sending: Sending) {
    this.#isReliable = sending.isReliable;
    this.#state = { kind: 'calling', timer: new Retransmission(sending, Number.POSITIVE_INFINITY) };
  }

  get isAsking(): boolean {
    return this.#state.kind === 'calling' || this.#state.kind === 'proceeding';
  }

  get isOver(): boolean {
    return this.#state.kind === 'over';
  }

  /** `acknowledge` makes the ACK of a response that is no success. */
  receive(status: number, now: number, acknowledge: () => Uint8Array<ArrayBuffer>): Step {
    const state = this.#state;
    if (state.kind === 'calling' || state.kind === 'proceeding') return this.#answer(status, now, acknowledge);
    if (state.kind === 'completed' && status >= 300) return { sends: [state.ack], outcome: 'none' };
    // A success comes again until it is acknowledged, and from every end that took the call.
    if (state.kind === 'accepted' && status >= 200 && status < 300) return PASS;
    return NOTHING;
  }

  get nextTickAt(): number | null {
    const state = this.#state;
    if (state.kind === 'calling') return state.timer.dueAt;
    return state.kind === 'over' ? null : state.endsAt;
  }

  tick(now: number): Step {
    const state = this.#state;
    if (state.kind === 'calling') return this.#tickCalling(state.timer, now);
    if (state.kind !== 'over' && state.endsAt !== null && now >= state.endsAt) this.#state = { kind: 'over' };
    return NOTHING;
  }

  /** A CANCEL is on its way: what is not answered by the end of this time is not answered (section 9.1). */
  expectEnd(now: number): void {
    if (this.#state.kind === 'proceeding') this.#state = { kind: 'proceeding', endsAt: now + 64 * T1 };
  }

  #answer(status: number, now: number, acknowledge: () => Uint8Array<ArrayBuffer>): Step {
    if (status < 200) this.#proceed();
    else if (status < 300) this.#state = { kind: 'accepted', endsAt: now + 64 * T1 };
    else {
      const ack = acknowledge();
      this.#state = { kind: 'completed', ack, endsAt: this.#isReliable ? now : now + TIMER_D };
      return { sends: [ack], outcome: 'pass' };
    }
    return PASS;
  }

  #proceed(): void {
    if (this.#state.kind === 'calling') this.#state = { kind: 'proceeding', endsAt: null };
  }

  #tickCalling(timer: Retransmission, now: number): Step {
    const due = timer.tick(now);
    if (due === 'send') return { sends: [timer.bytes], outcome: 'none' };
    if (due === 'wait') return NOTHING;
    this.#state = { kind: 'over' };
    return { sends: [], outcome: 'timed-out' };
  }
}

type State =
  | { readonly kind: 'calling'; readonly timer: Retransmission }
  | { readonly kind: 'proceeding'; readonly endsAt: number | null }
  | { readonly kind: 'completed'; readonly ack: Uint8Array<ArrayBuffer>; readonly endsAt: number }
  | { readonly kind: 'accepted'; readonly endsAt: number }
  | { readonly kind: 'over' };

const PASS: Step = { sends: [], outcome: 'pass' };
const TIMER_D = 32_000;
