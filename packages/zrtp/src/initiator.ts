import { compare, concat, hex } from '@sotto/bytes';
import type { CallKey } from '@sotto/crypto';
import { type Algorithms, agreementOf, chooseAlgorithms } from './algorithms.ts';
import { openConfirm, sealConfirm } from './confirmation.ts';
import { checkChain, type HandshakeInput, isOfPeer, type Outcome, outcomeOf } from './handshake.ts';
import { messageMac, nextLink } from './hash-chain.ts';
import { secretIds } from './key-schedule.ts';
import { type Commit, type Commitment, encodeCommit } from './messages/commit.ts';
import { encodeDhPart, parseDhPart } from './messages/dh-part.ts';
import { parseShort } from './messages/short.ts';

/** What a message leads to: another one, to be sent until it is answered, or the end. */
export type InitiatorStep =
  | { readonly kind: 'send'; readonly message: Uint8Array<ArrayBuffer> }
  | { readonly kind: 'secure'; readonly outcome: Outcome };

/** Whoever commits: one step for each message of the responder. */
export class Initiator {
  readonly commit: Uint8Array<ArrayBuffer>;
  readonly #input: HandshakeInput;
  readonly #algorithms: Algorithms;
  readonly #commitment: Commitment;
  readonly #ownPart: OwnPart | null;
  #state: State = { kind: 'committed' };

  /** Throws `algorithm-unsupported`. */
  constructor(input: HandshakeInput) {
    const { choices, chain, peer, session, zid, randomBytes } = input;
    this.#input = input;
    this.#algorithms = session?.algorithms ?? chooseAlgorithms(choices, peer.hello.choices);
    const { hash, cipher, authTag, agreement, sasType } = this.#algorithms;
    this.#ownPart = session === null ? makePart(input, this.#algorithms) : null;
    this.#commitment =
      this.#ownPart === null
        ? { mode: 'multistream', nonce: randomBytes(16) }
        : { mode: 'dh', hvi: hash.digest(concat(this.#ownPart.message, peer.message)).slice(0, 32) };
    if (this.#commitment.mode === 'multistream') session?.nonces.add(hex(this.#commitment.nonce));
    const names = { hash: hash.name, cipher, authTag, sasType, agreement: session === null ? agreement : 'Mult' };
    const sent = { h2: chain.h2, zid, ...names, commitment: this.#commitment };
    this.commit = encodeCommit(sent, messageMac(chain.h1));
  }

  /** Whether the other end's commit counts where both committed (RFC 6189 section 4.2). */
  yieldsTo({ commitment }: Commit): boolean {
    if (this.#state.kind !== 'committed') return false;
    if (commitment.mode !== this.#commitment.mode) return commitment.mode === 'dh';
    return compare(contested(this.#commitment), contested(commitment)) < 0;
  }

  /**
   * Null for what is out of place or of somebody else. Throws `public-value-refused`, `confirm-refused`, `hash-chain-broken`,
   * `message-malformed`.
   */
  take(type: string, message: Uint8Array): InitiatorStep | null {
    const state = this.#state;
    if (type === 'DHPart1' && state.kind === 'committed' && this.#ownPart !== null)
      return this.#takePart(this.#ownPart, message);
    if (type === 'Confirm1' && state.kind === 'exchanged') return this.#takeConfirm(state, message);
    if (type === 'Confirm1' && state.kind === 'committed' && this.#ownPart === null)
      return this.#takeConfirm({ outcome: this.#outcome([], null), part: null }, message);
    if (type !== 'Conf2ACK' || state.kind !== 'confirmed') return null;
    parseShort('Conf2ACK', message);
    return { kind: 'secure', outcome: state.outcome };
  }

  #takePart(own: OwnPart, message: Uint8Array): InitiatorStep | null {
    const theirs = parseDhPart('DHPart1', message);
    if (!isOfPeer(nextLink(theirs.h1), this.#input.peer)) return null;
    const outcome = this.#outcome([message, own.message], { key: own.key, theirs });
    this.#state = { kind: 'exchanged', outcome, part: message };
    return { kind: 'send', message: own.message };
  }

  #takeConfirm({ outcome, part }: Exchanged, message: Uint8Array): InitiatorStep {
    const { h0, sasVerified } = openConfirm(this.#input, outcome, message);
    checkChain(h0, this.#input.peer, { part, commit: null });
    const sealed = sealConfirm(this.#input, outcome);
    const previouslyVerified = outcome.previouslyVerified && sasVerified;
    this.#state = { kind: 'confirmed', outcome: { ...outcome, previouslyVerified } };
    return { kind: 'send', message: sealed };
  }

  #outcome(parts: readonly Uint8Array[], exchange: Parameters<typeof outcomeOf>[1]['exchange']): Outcome {
    const messages = [this.#input.peer.message, this.commit, ...parts];
    return outcomeOf(this.#input, { algorithms: this.#algorithms, role: 'initiator', messages, exchange });
  }
}

type State =
  | { readonly kind: 'committed' }
  | ({ readonly kind: 'exchanged' } & Exchanged)
  | { readonly kind: 'confirmed'; readonly outcome: Outcome };

interface Exchanged {
  readonly outcome: Outcome;
  /** The responder's DHPart1. */
  readonly part: Uint8Array | null;
}

interface OwnPart {
  readonly key: CallKey;
  readonly message: Uint8Array<ArrayBuffer>;
}

/** Made before the commit, which is its hash. */
function makePart({ ciphers, randomBytes, chain, secrets }: HandshakeInput, algorithms: Algorithms): OwnPart {
  const key = agreementOf(algorithms.agreement).generate(randomBytes);
  const ids = secretIds({ ciphers, algorithms, secrets, role: 'initiator', h3: chain.h3 }, randomBytes);
  const fields = { h1: chain.h1, ...ids, pbxId: randomBytes(8), publicValue: key.publicValue };
  return { key, message: encodeDhPart('DHPart2', fields, messageMac(chain.h0)) };
}

function contested(commitment: Commitment): Uint8Array {
  return commitment.mode === 'dh' ? commitment.hvi : commitment.nonce;
}
