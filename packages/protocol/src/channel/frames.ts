import { concat } from '@sotto/bytes';
import type { Aead, Secret } from '@sotto/crypto';
import { MAX_FRAME_BYTES } from '../limits.ts';
import { broken, ChannelUsageFault } from './fault.ts';
import { nextTrafficKey } from './keys.ts';
import { FRAME_OVERHEAD_BYTES } from './limits.ts';

export const frameTypes = { data: 0, keyUpdate: 1, handshake: 2, finished: 3, close: 4 } as const;
export type FrameType = (typeof frameTypes)[keyof typeof frameTypes];

export interface Frame {
  readonly type: FrameType;
  readonly plaintext: Uint8Array<ArrayBuffer>;
}

/** One direction's key and count. Calls follow one another; none starts before the last one has settled. */
abstract class Direction implements Disposable {
  protected readonly aead: Aead;
  #key: Secret | null;
  #sealed = 0;
  #underKey = 0;

  constructor(aead: Aead, key: Secret) {
    this.aead = aead;
    this.#key = key;
  }

  /** Frames since the key was taken into use. */
  get framesUnderKey(): number {
    return this.#underKey;
  }

  /** Goes on under the next key; the count of frames, and so the nonce, runs on. */
  ratchet(): void {
    if (this.#key === null) return;
    const next = nextTrafficKey(this.#key);
    this.#key.dispose();
    this.#key = next;
    this.#underKey = 0;
  }

  /** Forgets the key: every later call throws. */
  dispose(): void {
    this.#key?.dispose();
    this.#key = null;
  }

  [Symbol.dispose](): void {
    this.dispose();
  }

  protected next(type: number): { readonly key: Secret; readonly nonce: Uint8Array; readonly aad: Uint8Array } | null {
    if (this.#key === null) return null;
    const nonce = new Uint8Array(12);
    new DataView(nonce.buffer).setBigUint64(4, BigInt(this.#sealed));
    this.#sealed++;
    this.#underKey++;
    return { key: this.#key, nonce, aad: Uint8Array.of(type) };
  }
}

export class FrameSealer extends Direction {
  /** Throws `message-too-long` and, after `dispose`, `channel-closed`. */
  async seal(type: FrameType, plaintext: Uint8Array): Promise<Uint8Array<ArrayBuffer>> {
    if (plaintext.length + FRAME_OVERHEAD_BYTES > MAX_FRAME_BYTES) {
      throw new ChannelUsageFault('message-too-long', `a frame holds at most ${MAX_FRAME_BYTES} bytes`);
    }
    const input = this.next(type);
    if (input === null) throw new ChannelUsageFault('channel-closed', 'the channel has ended');
    return concat(input.aad, await this.aead.seal(input, plaintext));
  }
}

export class FrameOpener extends Direction {
  /** Throws `channel-broken`, and from then on for every frame. */
  async open(frame: Uint8Array): Promise<Frame> {
    try {
      return await this.#open(frame);
    } catch (cause) {
      this.dispose();
      throw broken('a frame does not open', cause);
    }
  }

  /** Ends this direction because of a frame that opened and is out of place. */
  refuse(why: string): never {
    this.dispose();
    throw broken(why);
  }

  async #open(frame: Uint8Array): Promise<Frame> {
    const type = frame[0];
    if (!isFrameType(type)) throw broken('a frame of no known type');
    if (frame.length > MAX_FRAME_BYTES || frame.length < FRAME_OVERHEAD_BYTES)
      throw broken('a frame of a wrong length');
    const input = this.next(type);
    if (input === null) throw broken('it broke before');
    return { type, plaintext: await this.aead.open(input, frame.subarray(1)) };
  }
}

function isFrameType(type: number | undefined): type is FrameType {
  return Object.values<number | undefined>(frameTypes).includes(type);
}
