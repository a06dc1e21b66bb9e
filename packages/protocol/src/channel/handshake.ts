import { equal } from '@sotto/bytes';
import type { Aead, Primitives, Secret } from '@sotto/crypto';
import type { Format } from '../format.ts';
import { FrameOpener, FrameSealer, frameTypes } from './frames.ts';
import { directionSecrets, handshakeKey, type Side, type TrafficSecrets } from './keys.ts';
import type { RekeyLimits } from './limits.ts';
import { parseMessage } from './messages.ts';
import { TrafficReceiver, TrafficSender } from './traffic.ts';
import type { Transcript } from './transcript.ts';

/**
 * A handshake as a machine without input or output of its own: it yields the messages to send and is resumed with
 * the next message received. A throw ends it, and `return` wipes what it holds.
 */
export type Handshake<Result> = AsyncGenerator<readonly Uint8Array[], Result, Uint8Array>;

export interface HandshakeOptions {
  readonly primitives: Primitives;
  /** The home server's. */
  readonly domain: string;
  readonly rekeyLimits: RekeyLimits;
  /** Milliseconds; when the traffic keys count as taken into use. */
  now(): number;
}

/** Both directions under the handshake keys; what passes through goes into the transcript. */
export class HandshakeFrames implements Disposable {
  readonly transcript: Transcript;
  readonly #sealer: FrameSealer;
  readonly #opener: FrameOpener;

  constructor(aead: Aead, { kemSecret, transcript, side }: HandshakeFramesInput) {
    this.transcript = transcript;
    this.#sealer = new FrameSealer(aead, handshakeKey(kemSecret, side, transcript.hash));
    this.#opener = new FrameOpener(aead, handshakeKey(kemSecret, otherSide(side), transcript.hash));
  }

  async write<Value>(format: Format<Value>, message: Value): Promise<Uint8Array> {
    const bytes = format.encode(message);
    this.transcript.add(bytes);
    return await this.#sealer.seal(frameTypes.handshake, bytes);
  }

  /** Throws `channel-broken` or `frame-malformed`. */
  async read<Value>(format: Format<Value>, frame: Uint8Array): Promise<Value> {
    const { type, plaintext } = await this.#opener.open(frame);
    if (type !== frameTypes.handshake) return this.#opener.refuse('no handshake frame where one is due');
    const message = parseMessage(format, plaintext);
    this.transcript.add(plaintext);
    return message;
  }

  [Symbol.dispose](): void {
    this.#sealer.dispose();
    this.#opener.dispose();
  }
}

interface HandshakeFramesInput {
  readonly kemSecret: Secret;
  readonly transcript: Transcript;
  readonly side: Side;
}

/** Both directions under the traffic keys, before and after Finished. */
export class Traffic implements Disposable {
  readonly #sealer: FrameSealer;
  readonly #opener: FrameOpener;
  readonly #finished: Uint8Array;
  readonly #expected: Uint8Array;

  constructor(aead: Aead, secrets: TrafficSecrets, side: Side) {
    const outgoing = directionSecrets(secrets, side);
    const incoming = directionSecrets(secrets, otherSide(side));
    this.#sealer = new FrameSealer(aead, outgoing.trafficKey);
    this.#opener = new FrameOpener(aead, incoming.trafficKey);
    this.#finished = outgoing.finished;
    this.#expected = incoming.finished;
  }

  writeFinished(): Promise<Uint8Array> {
    return this.#sealer.seal(frameTypes.finished, this.#finished);
  }

  /** Throws `channel-broken` for everything that is not the other side's Finished. */
  async readFinished(frame: Uint8Array): Promise<void> {
    const { type, plaintext } = await this.#opener.open(frame);
    if (type !== frameTypes.finished || !equal(plaintext, this.#expected)) this.#opener.refuse('no Finished');
  }

  /** Both directions as they go on; the caller has them from here. */
  established({ rekeyLimits, now }: HandshakeOptions): { sender: TrafficSender; receiver: TrafficReceiver } {
    return {
      sender: new TrafficSender(this.#sealer, rekeyLimits, now()),
      receiver: new TrafficReceiver(this.#opener, rekeyLimits),
    };
  }

  [Symbol.dispose](): void {
    this.#sealer.dispose();
    this.#opener.dispose();
  }
}

/** What every handshake ends with. */
export interface Established {
  readonly sender: TrafficSender;
  readonly receiver: TrafficReceiver;
}

function otherSide(side: Side): Side {
  return side === 'client' ? 'server' : 'client';
}
