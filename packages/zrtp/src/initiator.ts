import { compare, concat, hex } from '@sotto/bytes';
import type { CallKey } from '@sotto/crypto';
import { type Algorithms, agreementOf, chooseAlgorithms, PRESHARED } from './algorithms.ts';
import { openConfirm, sealConfirm } from './confirmation.ts';
import { checkChain, type HandshakeInput, isOfPeer } from './handshake.ts';
import { messageMac, nextLink } from './hash-chain.ts';
import { secretIds } from './key-schedule.ts';
import { type Commit, type Commitment, encodeCommit } from './messages/commit.ts';
import { encodeDhPart, parseDhPart } from './messages/dh-part.ts';
import { parseShort } from './messages/short.ts';
import { type Exchange, type Outcome, outcomeOf, wipeOutcome } from './outcome.ts';
import { ownPresharedKey, type PresharedKey } from './preshared.ts';

/** What a message leads to: another one, to be sent until it is answered, or the end. */
export type InitiatorStep =
  | { readonly kind: 'send'; readonly message: Uint8Array<ArrayBuffer> }
  | { readonly kind: 'secure'; readonly outcome: Outcome; readonly mayKeep: boolean };

/** Whoever commits: one step for each message of the responder. */
export class Initiator implements Disposable {
  readonly commit: Uint8Array<ArrayBuffer>;
  readonly #input: HandshakeInput;
  readonly #algorithms: Algorithms;
  readonly #commitment: Commitment;
  readonly #own: Own;
  #state: State = { kind: 'committed' };

  /** With `agreement` public values are exchanged even where a kept secret would do. Throws `algorithm-unsupported`. */
  constructor(input: HandshakeInput, mode: 'agreement' | 'any' = 'any') {
    const { choices, chain, peer, session, zid } = input;
    this.#input = input;
    const chosen = session?.algorithms ?? chooseAlgorithms(choices, peer.hello.choices);
    this.#own = ownPart(input, chosen, mode);
    const agreement = this.#own.kind === 'preshared' ? PRESHARED : chosen.agreement;
    this.#algorithms = { ...chosen, agreement };
    this.#commitment = this.#commit();
    if (this.#commitment.mode === 'multistream') session?.nonces.add(hex(this.#commitment.nonce));
    const { hash, cipher, authTag, sasType } = chosen;
    const names = { hash: hash.name, cipher, authTag, sasType, agreement: session === null ? agreement : 'Mult' };
    this.commit = encodeCommit({ h2: chain.h2, zid, ...names, commitment: this.#commitment }, messageMac(chain.h1));
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
    const [state, own] = [this.#state, this.#own];
    if (type === 'DHPart1' && state.kind === 'committed' && own.kind === 'agreement')
      return this.#takePart(own, message);
    if (type === 'Confirm1' && state.kind === 'exchanged') return this.#takeConfirm(state, message);
    if (type === 'Confirm1' && state.kind === 'committed' && own.kind !== 'agreement')
      return this.#takeFirstConfirm(own, message);
    if (type !== 'Conf2ACK' || state.kind !== 'confirmed') return null;
    parseShort('Conf2ACK', message);
    this.#state = { kind: 'done' };
    return { kind: 'secure', outcome: state.outcome, mayKeep: state.mayKeep };
  }

  [Symbol.dispose](): void {
    const [state, own] = [this.#state, this.#own];
    if (state.kind === 'exchanged' || state.kind === 'confirmed') wipeOutcome(state.outcome);
    if (own.kind === 'agreement') own.key[Symbol.dispose]();
    if (own.kind === 'preshared') own.preshared[Symbol.dispose]();
    this.#state = { kind: 'done' };
  }

  #commit(): Commitment {
    const { peer, randomBytes } = this.#input;
    const own = this.#own;
    if (own.kind === 'further') return { mode: 'multistream', nonce: randomBytes(16) };
    if (own.kind === 'preshared') return { mode: 'preshared', nonce: randomBytes(16), keyId: own.preshared.keyId };
    return { mode: 'dh', hvi: this.#algorithms.hash.digest(concat(own.message, peer.message)).slice(0, 32) };
  }

  #takePart(own: OwnPart, message: Uint8Array): InitiatorStep | null {
    const theirs = parseDhPart('DHPart1', message);
    if (!isOfPeer(nextLink(theirs.h1), this.#input.peer)) return null;
    const outcome = this.#outcome([message, own.message], { kind: 'agreement', key: own.key, theirs });
    this.#state = { kind: 'exchanged', outcome, part: message };
    return { kind: 'send', message: own.message };
  }

  /** Where there is no DHPart. */
  #takeFirstConfirm(own: Exclude<Own, OwnPart>, message: Uint8Array): InitiatorStep {
    const outcome = this.#outcome([], own);
    try {
      return this.#takeConfirm({ outcome, part: null }, message);
    } catch (cause) {
      wipeOutcome(outcome);
      throw cause;
    }
  }

  #takeConfirm({ outcome, part }: Exchanged, message: Uint8Array): InitiatorStep {
    const { h0, sasVerified, cacheSeconds } = openConfirm(this.#input, outcome, message);
    checkChain(h0, this.#input.peer, { part, commit: null });
    const sealed = sealConfirm(this.#input, outcome);
    const previouslyVerified = outcome.previouslyVerified && sasVerified;
    this.#state = { kind: 'confirmed', outcome: { ...outcome, previouslyVerified }, mayKeep: cacheSeconds > 0 };
    return { kind: 'send', message: sealed };
  }

  #outcome(parts: readonly Uint8Array[], exchange: Exchange): Outcome {
    const messages = [this.#input.peer.message, this.commit, ...parts];
    return outcomeOf(this.#input, { algorithms: this.#algorithms, role: 'initiator', messages, exchange });
  }
}

type State =
  | { readonly kind: 'committed' }
  | ({ readonly kind: 'exchanged' } & Exchanged)
  | { readonly kind: 'confirmed'; readonly outcome: Outcome; readonly mayKeep: boolean }
  | { readonly kind: 'done' };

interface Exchanged {
  readonly outcome: Outcome;
  /** The responder's DHPart1. */
  readonly part: Uint8Array | null;
}

type Own = OwnPart | { readonly kind: 'preshared'; readonly preshared: PresharedKey } | { readonly kind: 'further' };

interface OwnPart {
  readonly kind: 'agreement';
  readonly key: CallKey;
  readonly message: Uint8Array<ArrayBuffer>;
}

/** Made before the commit, which is the hash of a DHPart. */
function ownPart(input: HandshakeInput, algorithms: Algorithms, mode: 'agreement' | 'any'): Own {
  if (input.session !== null) return { kind: 'further' };
  const preshared = mode === 'any' ? ownPresharedKey(input, algorithms) : null;
  if (preshared !== null) return { kind: 'preshared', preshared };
  const { ciphers, randomBytes, chain, secrets } = input;
  const key = agreementOf(algorithms.agreement).generate(randomBytes);
  const ids = secretIds({ ciphers, algorithms, secrets, role: 'initiator', h3: chain.h3 }, randomBytes);
  const fields = { h1: chain.h1, ...ids, pbxId: randomBytes(8), publicValue: key.publicValue };
  return { kind: 'agreement', key, message: encodeDhPart('DHPart2', fields, messageMac(chain.h0)) };
}

function contested(commitment: Commitment): Uint8Array {
  return commitment.mode === 'dh' ? commitment.hvi : commitment.nonce;
}
