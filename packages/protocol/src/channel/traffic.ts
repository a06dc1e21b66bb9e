import { type FrameOpener, type FrameSealer, frameTypes } from './frames.ts';
import type { RekeyLimits } from './limits.ts';

/** Seals data in one direction and changes the key when it is time. */
export class TrafficSender implements Disposable {
  readonly #sealer: FrameSealer;
  readonly #limits: RekeyLimits;
  #keyedAtMilliseconds: number;

  constructor(sealer: FrameSealer, limits: RekeyLimits, nowMilliseconds: number) {
    this.#sealer = sealer;
    this.#limits = limits;
    this.#keyedAtMilliseconds = nowMilliseconds;
  }

  /** The frames that carry `data`, to be sent in this order. Throws `message-too-long` or `channel-closed`. */
  async seal(data: Uint8Array, nowMilliseconds: number): Promise<Uint8Array<ArrayBuffer>[]> {
    const update = await this.#updateIfDue(nowMilliseconds);
    return [...update, await this.#sealer.seal(frameTypes.data, data)];
  }

  /** The last frames of this direction. */
  async close(nowMilliseconds: number): Promise<Uint8Array<ArrayBuffer>[]> {
    const update = await this.#updateIfDue(nowMilliseconds);
    const frames = [...update, await this.#sealer.seal(frameTypes.close, new Uint8Array())];
    this.dispose();
    return frames;
  }

  dispose(): void {
    this.#sealer.dispose();
  }

  [Symbol.dispose](): void {
    this.dispose();
  }

  async #updateIfDue(nowMilliseconds: number): Promise<Uint8Array<ArrayBuffer>[]> {
    const age = nowMilliseconds - this.#keyedAtMilliseconds;
    if (this.#sealer.framesUnderKey < this.#limits.frames && age < this.#limits.milliseconds) return [];
    const update = await this.#sealer.seal(frameTypes.keyUpdate, new Uint8Array());
    this.#sealer.ratchet();
    this.#keyedAtMilliseconds = nowMilliseconds;
    return [update];
  }
}

export type TrafficEvent =
  | { readonly kind: 'data'; readonly data: Uint8Array<ArrayBuffer> }
  | { readonly kind: 'key-update' }
  | { readonly kind: 'close' };

/** Opens what the other side's `TrafficSender` sealed, in order. */
export class TrafficReceiver implements Disposable {
  readonly #opener: FrameOpener;
  readonly #limits: RekeyLimits;

  constructor(opener: FrameOpener, limits: RekeyLimits) {
    this.#opener = opener;
    this.#limits = limits;
  }

  /** Throws `channel-broken`, and from then on for every frame. */
  async open(frame: Uint8Array): Promise<TrafficEvent> {
    const spent = this.#opener.framesUnderKey >= this.#limits.frames;
    const { type, plaintext } = await this.#opener.open(frame);
    if (spent && type !== frameTypes.keyUpdate) return this.#opener.refuse('a key outlived its frames');
    if (type === frameTypes.data) return { kind: 'data', data: plaintext };
    if (plaintext.length !== 0) return this.#opener.refuse('a control frame with content');
    if (type === frameTypes.keyUpdate) {
      this.#opener.ratchet();
      return { kind: 'key-update' };
    }
    if (type !== frameTypes.close) return this.#opener.refuse('a handshake frame after the handshake');
    this.dispose();
    return { kind: 'close' };
  }

  dispose(): void {
    this.#opener.dispose();
  }

  [Symbol.dispose](): void {
    this.dispose();
  }
}
