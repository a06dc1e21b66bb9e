import { equal, Fault } from '@sotto/bytes';
import type { SignatureTag } from '@sotto/crypto';
import { SframePeerFault, SframeUsageFault } from './fault.ts';
import { frameHash, parseDigest, parseEnvelope } from './frame-digest.ts';
import { parseHeader } from './header.ts';
import { DIGEST_PATIENCE_MILLISECONDS, MAX_KEYS, REPLAY_WINDOW } from './limits.ts';

export interface DigestVerifierInput {
  /** Of the conference and its era. */
  readonly conference: Uint8Array;
  /** By the key of the device that the roster has for this key id; throws a `Fault` if it did not sign. */
  verify(keyId: bigint, input: SignedDigest): Promise<void>;
}

export interface SignedDigest {
  readonly tag: SignatureTag;
  readonly message: Uint8Array;
  readonly signature: Uint8Array;
}

/** What a digest says of frames that were opened here. */
export interface Verdict {
  readonly keyId: bigint;
  /** How many were its sender's. */
  readonly genuine: number;
  /** Counters of those that somebody else sealed. */
  readonly forged: readonly bigint[];
}

/** Frames that no digest has: somebody else may have sealed them. */
export interface Uncovered {
  readonly keyId: bigint;
  readonly counters: readonly bigint[];
}

/** Finds frames that were sealed by somebody other than whose key they are under. Frames and the time go in. */
export class DigestVerifier {
  readonly #input: DigestVerifierInput;
  readonly #senders = new Map<bigint, Sender>();

  constructor(input: DigestVerifierInput) {
    this.#input = input;
  }

  /**
   * Every frame that was opened, as it came, and what is bound to it: null while no digest has it, as is usual. Throws
   * `header-malformed`, `too-many-keys`.
   */
  opened(frame: Uint8Array, now: number, metadata: Uint8Array = NONE): 'genuine' | 'forged' | null {
    const { keyId, counter } = parseHeader(frame).header;
    const sender = this.#sender(keyId);
    const hash = frameHash(frame, metadata);
    const known = sender.covered.get(counter);
    if (known !== undefined) return equal(known, hash) ? 'genuine' : 'forged';
    sender.waiting.set(counter, { hash, since: now });
    const [oldest] = sender.waiting.keys();
    if (sender.waiting.size > REPLAY_WINDOW && oldest !== undefined) giveUp(sender, oldest);
    return null;
  }

  /** Throws `digest-malformed`, `digest-refused`, `digest-replayed`, `too-many-keys`; what it throws for changes nothing. */
  async take(envelope: Uint8Array): Promise<Verdict> {
    const { signed: message, signature } = parseEnvelope(envelope);
    const { conference, keyId, first, frames } = parseDigest(message);
    if (!equal(conference, this.#input.conference)) throw refused();
    await this.#verify(keyId, { tag: 'sotto/frames/v1', message, signature });
    const sender = this.#sender(keyId);
    if (first < sender.next) throw new SframePeerFault('digest-replayed', 'there was a digest of these frames before');
    const forged: bigint[] = [];
    let genuine = 0;
    for (const [i, hash] of frames.entries()) {
      const counter = first + BigInt(i);
      const waiting = sender.waiting.get(counter);
      sender.waiting.delete(counter);
      sender.covered.set(counter, hash);
      if (waiting === undefined) continue;
      if (equal(waiting.hash, hash)) genuine += 1;
      else forged.push(counter);
    }
    sender.next = first + BigInt(frames.length);
    forgetOldest(sender.covered);
    return { keyId, genuine, forged };
  }

  /** Frames that have waited too long for a digest, each told once. */
  overdue(now: number): readonly Uncovered[] {
    return [...this.#senders].flatMap(([keyId, sender]) => {
      for (const [counter, { since }] of sender.waiting)
        if (now - since >= DIGEST_PATIENCE_MILLISECONDS) giveUp(sender, counter);
      const counters = sender.late.splice(0);
      return counters.length === 0 ? [] : [{ keyId, counters }];
    });
  }

  /** When the key is not used any more. */
  forget(keyId: bigint): void {
    this.#senders.delete(keyId);
  }

  async #verify(keyId: bigint, digest: SignedDigest): Promise<void> {
    try {
      await this.#input.verify(keyId, digest);
    } catch (cause) {
      if (cause instanceof Fault) throw refused(cause);
      throw cause;
    }
  }

  #sender(keyId: bigint): Sender {
    const known = this.#senders.get(keyId);
    if (known !== undefined) return known;
    if (this.#senders.size >= MAX_KEYS) {
      throw new SframeUsageFault(
        'too-many-keys',
        `digests of at most ${MAX_KEYS} keys are held: forget old ones first`,
      );
    }
    const sender: Sender = { waiting: new Map(), covered: new Map(), late: [], next: 0n };
    this.#senders.set(keyId, sender);
    return sender;
  }
}

interface Sender {
  /** Opened here, in no digest yet; oldest first. */
  readonly waiting: Map<bigint, { readonly hash: Uint8Array; readonly since: number }>;
  /** In a digest, for frames that come late. */
  readonly covered: Map<bigint, Uint8Array>;
  /** Waited too long, not told yet. */
  readonly late: bigint[];
  /** Where the next digest begins, or later. */
  next: bigint;
}

/** Who is told of so many needs no more. */
function giveUp({ waiting, late }: Sender, counter: bigint): void {
  waiting.delete(counter);
  if (late.length < REPLAY_WINDOW) late.push(counter);
}

/** A frame that is older is not opened at all. */
function forgetOldest(covered: Map<bigint, Uint8Array>): void {
  for (const counter of covered.keys()) {
    if (covered.size <= REPLAY_WINDOW) return;
    covered.delete(counter);
  }
}

function refused(cause?: unknown): SframePeerFault {
  return new SframePeerFault('digest-refused', 'a digest of frames is not by whom it says, or of another conference', {
    cause,
  });
}

const NONE = new Uint8Array();
