import { hex } from '@sotto/bytes';
import { deriveKey, Secret, sha256, xWing } from '@sotto/crypto';
import {
  type Chain,
  callToken,
  type Signal,
  type SignalCandidate,
  type SignalContent,
  type SignalMedia,
} from '@sotto/protocol';
import { KeyboxPeerFault } from '../fault.ts';
import type { Session } from '../session.ts';
import { usableCandidates } from './candidates.ts';
import type { Post } from './post.ts';
import type { CallAgreement, MediaCandidate } from './views.ts';

/** What is sent once more until it is heard. */
export interface Sealed {
  readonly container: Uint8Array;
  readonly encoded: Uint8Array;
}

/** What belongs to one call beside its state: what both ends said of their media, and the secrets that lead to its key. */
export class Conversation {
  readonly token: Uint8Array;
  readonly peer: Chain;
  readonly isCaller: boolean;
  /** What programs call it by. */
  id: string;
  deviceName: string | null = null;
  own: SignalMedia | null = null;
  offer: Sealed | null = null;
  answer: Sealed | null = null;
  #theirs: SignalMedia | null = null;
  #more: readonly SignalCandidate[] = [];
  /** Seed of the caller's X-Wing key. */
  #seed: Secret | null = null;
  /** What the callee encapsulates to. */
  #key: Uint8Array | null = null;
  #auxSecret: Secret | null = null;
  #nextSeq = 0;

  private constructor(token: Uint8Array, peer: Chain, isCaller: boolean) {
    this.token = token;
    this.id = hex(token).slice(0, 16);
    this.peer = peer;
    this.isCaller = isCaller;
  }

  /** A new one, and what its offer says. */
  static async begin(
    { identity, primitives, clock }: Session,
    peer: Chain,
    media: SignalMedia,
  ): Promise<{ readonly conversation: Conversation; readonly offer: Signal }> {
    const seed = randomSecret(primitives.randomBytes(32));
    const key = await xWing(primitives).publicKey(seed);
    const caller = { account: identity.fingerprint, device: identity.deviceId };
    const dialog = { nonce: primitives.randomBytes(32), caller, callee: peer.fingerprint };
    const at = clock.now();
    const conversation = new Conversation(callToken(dialog, at), peer, true);
    conversation.#seed = seed;
    conversation.own = media;
    const content = { ...dialog, media, key };
    return { conversation, offer: { ...conversation.header(at), kind: 'offer', content } };
  }

  /** One that somebody else offers. */
  static of(
    peer: Chain,
    {
      signal,
      encoded,
      deviceName,
    }: {
      readonly signal: Signal & { readonly kind: 'offer' };
      readonly encoded: Uint8Array;
      readonly deviceName: string;
    },
  ): Conversation {
    const conversation = new Conversation(signal.call, peer, false);
    conversation.offer = { container: new Uint8Array(), encoded };
    conversation.deviceName = deviceName;
    conversation.#theirs = signal.content.media;
    conversation.#key = signal.content.key;
    return conversation;
  }

  /** The members that every message of this device has. */
  header(at: number): Pick<Signal, 'v' | 'call' | 'seq' | 'at'> {
    return { v: 1, call: this.token, seq: this.#nextSeq++, at };
  }

  /**
   * The callee's end: seals the answer, which is kept as it is sent, and the secret that its bytes lead to. Throws `bad-share`
   * for an offer whose key is none.
   */
  async sealAnswer(
    { session, post }: { readonly session: Session; readonly post: Post },
    media: SignalMedia,
  ): Promise<Sealed> {
    const { primitives, clock } = session;
    const { ciphertext, sharedSecret } = await xWing(primitives).encapsulate(this.#key ?? new Uint8Array());
    const content = { offer: this.#offerHash(), ciphertext, media };
    const answer = await post.seal(this.peer, { ...this.header(clock.now()), kind: 'answer', content });
    this.own = media;
    this.answer = answer;
    this.#agree(sharedSecret, answer.encoded);
    return answer;
  }

  /** The caller's end. Throws `call-transcript` if the answer is to another offer than ours. */
  async take(
    { primitives }: Session,
    {
      content,
      encoded,
      deviceName,
    }: {
      readonly content: SignalContent<'answer'>;
      readonly encoded: Uint8Array;
      readonly deviceName: string;
    },
  ): Promise<void> {
    if (hex(content.offer) !== hex(this.#offerHash())) {
      throw new KeyboxPeerFault('call-transcript', 'an answer to another offer than the one that was sent');
    }
    if (this.#seed === null || this.#auxSecret !== null) return;
    using seed = this.#seed;
    const shared = await xWing(primitives).decapsulate(seed, content.ciphertext);
    this.#seed = null;
    this.#theirs = content.media;
    this.deviceName = deviceName;
    this.#agree(shared, encoded);
  }

  /** Adds addresses of the other end; gives those that are new and may be tried. */
  addTheirs(candidates: readonly SignalCandidate[]): readonly MediaCandidate[] {
    const room = MAX_CANDIDATES - (this.#theirs?.candidates.length ?? 0) - this.#more.length;
    const taken = candidates.slice(0, Math.max(room, 0));
    this.#more = [...this.#more, ...taken];
    return usableCandidates(taken, this.own?.candidates ?? []);
  }

  /** Null before both ends have said what they have. */
  agreement(): CallAgreement | null {
    const { own, isCaller } = this;
    const theirs = this.#theirs;
    if (own === null || theirs === null || this.#auxSecret === null) return null;
    const candidates = usableCandidates([...theirs.candidates, ...this.#more], own.candidates);
    const isLow = own.profile === 'low-bandwidth' || theirs.profile === 'low-bandwidth';
    return {
      peer: { ...theirs, candidates },
      profile: isLow ? 'low-bandwidth' : 'standard',
      auxSecret: this.#auxSecret.use((bytes) => Uint8Array.from(bytes)),
      isCaller,
    };
  }

  /** Nothing that is left leads to a key. */
  wipe(): void {
    this.#seed?.dispose();
    this.#auxSecret?.dispose();
    this.#seed = null;
    this.#auxSecret = null;
  }

  #offerHash(): Uint8Array {
    return sha256(this.offer?.encoded ?? new Uint8Array());
  }

  #agree(shared: Secret, answer: Uint8Array): void {
    using secret = shared;
    this.#auxSecret?.dispose();
    this.#auxSecret = deriveKey(secret, 'sotto/call/auxsecret/v1', [this.token, this.#offerHash(), sha256(answer)]);
  }
}

function randomSecret(bytes: Uint8Array): Secret {
  const secret = new Secret(bytes);
  bytes.fill(0);
  return secret;
}

/** Of the other end, in all. */
const MAX_CANDIDATES = 32;
