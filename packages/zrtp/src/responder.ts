import { concat, equal, hex } from '@sotto/bytes';
import type { CallKey } from '@sotto/crypto';
import { type Algorithms, acceptAlgorithms, agreementOf } from './algorithms.ts';
import { openConfirm, sealConfirm } from './confirmation.ts';
import { ZrtpPeerFault } from './fault.ts';
import { checkChain, type HandshakeInput, type Outcome, outcomeOf } from './handshake.ts';
import { isLink, messageMac } from './hash-chain.ts';
import { secretIds } from './key-schedule.ts';
import type { Commit } from './messages/commit.ts';
import { encodeDhPart, parseDhPart } from './messages/dh-part.ts';
import { encodeShort } from './messages/short.ts';

/** What a message leads to: an answer, and with the last one keys. */
export type ResponderStep =
  | { readonly kind: 'answer'; readonly message: Uint8Array<ArrayBuffer> }
  | { readonly kind: 'secure'; readonly message: Uint8Array<ArrayBuffer>; readonly outcome: Outcome };

/** The commit that is answered, and its bytes. */
export interface TakenCommit {
  readonly commit: Commit;
  readonly message: Uint8Array;
}

/** Whoever is committed to: it answers, and answers again what comes again. */
export class Responder {
  readonly #input: HandshakeInput;
  readonly #taken: TakenCommit;
  readonly #algorithms: Algorithms;
  readonly #ownPart: { readonly key: CallKey; readonly message: Uint8Array<ArrayBuffer> } | null;
  #state: State = { kind: 'committed' };

  /** Throws `algorithm-unsupported`, `nonce-reused`, `shared-secret-missing`. */
  constructor(input: HandshakeInput, taken: TakenCommit) {
    const { session, choices } = input;
    const { commit } = taken;
    this.#input = input;
    this.#taken = taken;
    const chosen = acceptAlgorithms(choices, commit);
    if (session === null) {
      if (commit.commitment.mode !== 'dh') throw secretMissing();
      this.#algorithms = chosen;
      this.#ownPart = this.#makePart();
    } else {
      if (commit.commitment.mode !== 'multistream') throw secretMissing();
      useNonce(session.nonces, commit.commitment.nonce);
      this.#algorithms = { ...chosen, hash: session.algorithms.hash };
      this.#ownPart = null;
    }
  }

  /** To the commit, however often it comes: DHPart1, or for a further stream Confirm1. */
  get answer(): Uint8Array<ArrayBuffer> {
    if (this.#ownPart !== null) return this.#ownPart.message;
    if (this.#state.kind === 'committed') {
      const outcome = this.#outcome([], null);
      this.#state = { kind: 'exchanged', outcome, part: null, confirm: sealConfirm(this.#input, outcome) };
    }
    return this.#state.kind === 'exchanged' ? this.#state.confirm : encodeShort('Conf2ACK');
  }

  /** Whether it is the one that is answered here. */
  isCommit(message: Uint8Array): boolean {
    return equal(message, this.#taken.message);
  }

  /**
   * Null for what is out of place or of somebody else. Throws `commitment-broken`, `public-value-refused`, `confirm-refused`,
   * `hash-chain-broken`, `message-malformed`.
   */
  take(type: string, message: Uint8Array): ResponderStep | null {
    const state = this.#state;
    if (type === 'DHPart2' && state.kind === 'committed' && this.#ownPart !== null) return this.#takePart(message);
    if (type === 'DHPart2' && state.kind === 'exchanged' && state.part !== null && equal(state.part, message))
      return { kind: 'answer', message: state.confirm };
    if (type === 'Confirm2' && state.kind === 'exchanged') return this.#takeConfirm(state, message);
    return null;
  }

  #takePart(message: Uint8Array): ResponderStep | null {
    const own = this.#ownPart;
    const { commitment } = this.#taken.commit;
    if (own === null || commitment.mode !== 'dh') throw secretMissing();
    const { hello } = this.#input;
    const theirs = parseDhPart('DHPart2', message);
    // Before anything is held against the end that committed.
    if (!isLink(theirs.h1, { next: this.#taken.commit.h2, message: this.#taken.message })) return null;
    if (!equal(this.#algorithms.hash.digest(concat(message, hello)).slice(0, 32), commitment.hvi)) {
      throw new ZrtpPeerFault('commitment-broken', 'the other end changed its key after it had committed to it');
    }
    const outcome = this.#outcome([own.message, message], { key: own.key, theirs });
    const confirm = sealConfirm(this.#input, outcome);
    this.#state = { kind: 'exchanged', outcome, part: message, confirm };
    return { kind: 'answer', message: confirm };
  }

  #takeConfirm({ outcome, part }: Exchanged, message: Uint8Array): ResponderStep {
    const { h0, sasVerified } = openConfirm(this.#input, outcome, message);
    checkChain(h0, this.#input.peer, { part, commit: this.#taken.message });
    const previouslyVerified = outcome.previouslyVerified && sasVerified;
    this.#state = { kind: 'confirmed' };
    return { kind: 'secure', message: encodeShort('Conf2ACK'), outcome: { ...outcome, previouslyVerified } };
  }

  #makePart(): { readonly key: CallKey; readonly message: Uint8Array<ArrayBuffer> } {
    const { ciphers, randomBytes, chain, secrets } = this.#input;
    const algorithms = this.#algorithms;
    const key = agreementOf(algorithms.agreement).generate(randomBytes);
    const ids = secretIds({ ciphers, algorithms, secrets, role: 'responder', h3: chain.h3 }, randomBytes);
    const fields = { h1: chain.h1, ...ids, pbxId: randomBytes(8), publicValue: key.publicValue };
    return { key, message: encodeDhPart('DHPart1', fields, messageMac(chain.h0)) };
  }

  #outcome(parts: readonly Uint8Array[], exchange: Parameters<typeof outcomeOf>[1]['exchange']): Outcome {
    const messages = [this.#input.hello, this.#taken.message, ...parts];
    return outcomeOf(this.#input, { algorithms: this.#algorithms, role: 'responder', messages, exchange });
  }
}

type State =
  | { readonly kind: 'committed' }
  | ({ readonly kind: 'exchanged' } & Exchanged)
  | { readonly kind: 'confirmed' };

interface Exchanged {
  readonly outcome: Outcome;
  /** The initiator's DHPart2. */
  readonly part: Uint8Array | null;
  readonly confirm: Uint8Array<ArrayBuffer>;
}

function useNonce(nonces: Set<string>, nonce: Uint8Array): void {
  const text = hex(nonce);
  if (nonces.has(text)) throw new ZrtpPeerFault('nonce-reused', 'a nonce of this call comes a second time');
  nonces.add(text);
}

function secretMissing(): ZrtpPeerFault {
  return new ZrtpPeerFault('shared-secret-missing', 'the other end wants to begin with a secret that there is none of');
}
