import { concat, equal, hex } from '@sotto/bytes';
import type { CallKey } from '@sotto/crypto';
import { type Algorithms, acceptAlgorithms, agreementOf } from './algorithms.ts';
import { openConfirm, sealConfirm } from './confirmation.ts';
import { ZrtpPeerFault } from './fault.ts';
import { checkChain, type HandshakeInput } from './handshake.ts';
import { isLink, messageMac } from './hash-chain.ts';
import { secretIds } from './key-schedule.ts';
import type { Commit } from './messages/commit.ts';
import { encodeDhPart, parseDhPart } from './messages/dh-part.ts';
import { encodeShort } from './messages/short.ts';
import { type Exchange, type Outcome, outcomeOf, wipeOutcome } from './outcome.ts';
import { namedPresharedKey, type PresharedKey } from './preshared.ts';

/** What a message leads to: an answer, and with the last one keys. */
export type ResponderStep =
  | { readonly kind: 'answer'; readonly message: Uint8Array<ArrayBuffer> }
  | {
      readonly kind: 'secure';
      readonly message: Uint8Array<ArrayBuffer>;
      readonly outcome: Outcome;
      readonly mayKeep: boolean;
    };

/** The commit that is answered, and its bytes. */
export interface TakenCommit {
  readonly commit: Commit;
  readonly message: Uint8Array;
}

/** Whoever is committed to: it answers, and answers again what comes again. */
export class Responder implements Disposable {
  readonly #input: HandshakeInput;
  readonly #taken: TakenCommit;
  readonly #algorithms: Algorithms;
  readonly #own: Own;
  #state: State = { kind: 'committed' };

  private constructor(input: HandshakeInput, taken: TakenCommit, { algorithms, own }: Chosen) {
    this.#input = input;
    this.#taken = taken;
    this.#algorithms = algorithms;
    this.#own = own;
  }

  /**
   * Null for a commit that begins with a secret of an earlier call that was not kept here: a commit to public values is the
   * answer to that. Throws `algorithm-unsupported`, `nonce-reused`, `shared-secret-missing`.
   */
  static to(input: HandshakeInput, taken: TakenCommit): Responder | null {
    const chosen = choose(input, taken.commit);
    return chosen === null ? null : new Responder(input, taken, chosen);
  }

  /** To the commit, however often it comes: DHPart1, or Confirm1 where nothing else is needed. */
  get answer(): Uint8Array<ArrayBuffer> {
    const own = this.#own;
    if (own.kind === 'agreement') return own.message;
    if (this.#state.kind === 'committed') {
      const outcome = this.#outcome([], own);
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
    const [state, own] = [this.#state, this.#own];
    if (type === 'DHPart2' && state.kind === 'committed' && own.kind === 'agreement')
      return this.#takePart(own, message);
    if (type === 'DHPart2' && state.kind === 'exchanged' && state.part !== null && equal(state.part, message))
      return { kind: 'answer', message: state.confirm };
    if (type === 'Confirm2' && state.kind === 'exchanged') return this.#takeConfirm(state, message);
    return null;
  }

  [Symbol.dispose](): void {
    const [state, own] = [this.#state, this.#own];
    if (state.kind === 'exchanged') wipeOutcome(state.outcome);
    if (own.kind === 'agreement') own.key[Symbol.dispose]();
    if (own.kind === 'preshared') own.preshared[Symbol.dispose]();
    this.#state = { kind: 'confirmed' };
  }

  #takePart({ key, message: part, hvi }: OwnPart, message: Uint8Array): ResponderStep | null {
    const theirs = parseDhPart('DHPart2', message);
    // Before anything is held against the end that committed.
    if (!isLink(theirs.h1, { next: this.#taken.commit.h2, message: this.#taken.message })) return null;
    const { hello } = this.#input;
    if (!equal(this.#algorithms.hash.digest(concat(message, hello)).slice(0, 32), hvi)) {
      throw new ZrtpPeerFault('commitment-broken', 'the other end changed its key after it had committed to it');
    }
    const outcome = this.#outcome([part, message], { kind: 'agreement', key, theirs });
    const confirm = sealConfirm(this.#input, outcome);
    this.#state = { kind: 'exchanged', outcome, part: message, confirm };
    return { kind: 'answer', message: confirm };
  }

  #takeConfirm({ outcome, part }: Exchanged, message: Uint8Array): ResponderStep {
    const { h0, sasVerified, cacheSeconds } = openConfirm(this.#input, outcome, message);
    checkChain(h0, this.#input.peer, { part, commit: this.#taken.message });
    const previouslyVerified = outcome.previouslyVerified && sasVerified;
    this.#state = { kind: 'confirmed' };
    const settled = { ...outcome, previouslyVerified };
    return { kind: 'secure', message: encodeShort('Conf2ACK'), outcome: settled, mayKeep: cacheSeconds > 0 };
  }

  #outcome(parts: readonly Uint8Array[], exchange: Exchange): Outcome {
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

interface Chosen {
  readonly algorithms: Algorithms;
  readonly own: Own;
}

type Own = OwnPart | { readonly kind: 'preshared'; readonly preshared: PresharedKey } | { readonly kind: 'further' };

interface OwnPart {
  readonly kind: 'agreement';
  readonly key: CallKey;
  readonly message: Uint8Array<ArrayBuffer>;
  /** Of the DHPart2 that is to come. */
  readonly hvi: Uint8Array;
}

function choose(input: HandshakeInput, commit: Commit): Chosen | null {
  const { session, choices } = input;
  const { commitment } = commit;
  const algorithms = acceptAlgorithms(choices, commit);
  if (session !== null) {
    if (commitment.mode !== 'multistream') throw secretMissing();
    useNonce(session.nonces, commitment.nonce);
    return { algorithms: { ...algorithms, hash: session.algorithms.hash }, own: { kind: 'further' } };
  }
  if (commitment.mode === 'multistream') throw secretMissing();
  if (commitment.mode === 'dh') return { algorithms, own: makePart(input, algorithms, commitment.hvi) };
  const preshared = namedPresharedKey(input, algorithms, commitment.keyId);
  return preshared === null ? null : { algorithms, own: { kind: 'preshared', preshared } };
}

function makePart(input: HandshakeInput, algorithms: Algorithms, hvi: Uint8Array): OwnPart {
  const { ciphers, randomBytes, chain, secrets } = input;
  const key = agreementOf(algorithms.agreement).generate(randomBytes);
  const ids = secretIds({ ciphers, algorithms, secrets, role: 'responder', h3: chain.h3 }, randomBytes);
  const fields = { h1: chain.h1, ...ids, pbxId: randomBytes(8), publicValue: key.publicValue };
  return { kind: 'agreement', key, message: encodeDhPart('DHPart1', fields, messageMac(chain.h0)), hvi };
}

function useNonce(nonces: Set<string>, nonce: Uint8Array): void {
  const text = hex(nonce);
  if (nonces.has(text)) throw new ZrtpPeerFault('nonce-reused', 'a nonce of this call comes a second time');
  nonces.add(text);
}

function secretMissing(): ZrtpPeerFault {
  return new ZrtpPeerFault('shared-secret-missing', 'the other end wants to begin with a secret that there is none of');
}
