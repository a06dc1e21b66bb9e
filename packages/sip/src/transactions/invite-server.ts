import { T1, T4 } from '../limits.ts';
import { Retransmission } from './retransmission.ts';
import { NOTHING, type Sending, type Step } from './step.ts';

/**
 * RFC 3261 section 17.2.1 with the state `accepted` of RFC 6026: an INVITE of the other end. The success, which is
 * repeated until its ACK comes (section 13.3.1.4), is repeated here, too.
 */
export class InviteServer {
  #state: State = { kind: 'proceeding', last: null };

  get isOver(): boolean {
    return this.#state.kind === 'over';
  }

  /** True until a final response. */
  get isOpen(): boolean {
    return this.#state.kind === 'proceeding';
  }

  /** Sends a response; after a final one no other. */
  respond(status: number, sending: Sending): Step {
    if (this.#state.kind !== 'proceeding') return NOTHING;
    if (status < 200) this.#state = { kind: 'proceeding', last: sending.bytes };
    else if (status < 300)
      this.#state = { kind: 'accepted', timer: alwaysRepeated(sending), endsAt: sending.now + 64 * T1 };
    else this.#state = { kind: 'completed', timer: new Retransmission(sending), isReliable: sending.isReliable };
    return { sends: [sending.bytes], outcome: 'none' };
  }

  /** The INVITE came again. */
  repeat(): Step {
    const state = this.#state;
    const last = state.kind === 'proceeding' ? state.last : state.kind === 'completed' ? state.timer.bytes : null;
    return last === null ? NOTHING : { sends: [last], outcome: 'none' };
  }

  /** An ACK came: `pass` if it is the first of a success. */
  acknowledge(now: number): Step {
    const state = this.#state;
    if (state.kind === 'completed')
      this.#state = state.isReliable ? { kind: 'over' } : { kind: 'confirmed', endsAt: now + T4 };
    if (state.kind !== 'accepted' || state.timer === null) return NOTHING;
    this.#state = { ...state, timer: null };
    return { sends: [], outcome: 'pass' };
  }

  get nextTickAt(): number | null {
    const state = this.#state;
    if (state.kind === 'accepted') return Math.min(state.timer?.dueAt ?? state.endsAt, state.endsAt);
    if (state.kind === 'completed') return state.timer.dueAt;
    return state.kind === 'confirmed' ? state.endsAt : null;
  }

  tick(now: number): Step {
    const state = this.#state;
    const timer = state.kind === 'accepted' || state.kind === 'completed' ? state.timer : null;
    const due = timer?.tick(now) ?? 'wait';
    if (due === 'send' && timer !== null) return { sends: [timer.bytes], outcome: 'none' };
    const isOver = (state.kind === 'accepted' || state.kind === 'confirmed') && now >= state.endsAt;
    if (!isOver && due !== 'give-up') return NOTHING;
    this.#state = { kind: 'over' };
    return { sends: [], outcome: due === 'give-up' && state.kind === 'accepted' ? 'timed-out' : 'none' };
  }
}

/** A proxy in between may have lost it, whatever carries it to the proxy. */
function alwaysRepeated(sending: Sending): Retransmission {
  return new Retransmission({ ...sending, isReliable: false });
}

type State =
  | { readonly kind: 'proceeding'; readonly last: Uint8Array<ArrayBuffer> | null }
  /** The timer is null once the ACK has come. */
  | { readonly kind: 'accepted'; readonly timer: Retransmission | null; readonly endsAt: number }
  | { readonly kind: 'completed'; readonly timer: Retransmission; readonly isReliable: boolean }
  | { readonly kind: 'confirmed'; readonly endsAt: number }
  | { readonly kind: 'over' };
