import { concat } from '@sotto/bytes';
import { SframeUsageFault } from './fault.ts';
import { FrameKey, type FrameKeyInput } from './frame-key.ts';
import { encodeHeader } from './header.ts';

/** Seals the frames of one sender under one key, each with a counter of its own (RFC 9605 section 4.4.3). */
export class FrameSender implements Disposable {
  readonly keyId: bigint;
  readonly #key: FrameKey;
  #counter = 0n;

  constructor(input: FrameKeyInput) {
    this.keyId = input.keyId;
    this.#key = new FrameKey(input);
  }

  /** Header, ciphertext, tag. `metadata` travels elsewhere and is bound to the frame. Throws `counter-exhausted`. */
  seal(plaintext: Uint8Array, metadata: Uint8Array = NONE): Uint8Array<ArrayBuffer> {
    const counter = this.#counter;
    if (counter > LAST_COUNTER) throw new SframeUsageFault('counter-exhausted', 'this key may seal no more frames');
    this.#counter += 1n;
    const header = encodeHeader({ keyId: this.keyId, counter });
    return concat(header, this.#key.seal(counter, concat(header, metadata), plaintext));
  }

  [Symbol.dispose](): void {
    this.#key[Symbol.dispose]();
  }
}

const NONE = new Uint8Array();
const LAST_COUNTER = 0xffff_ffff_ffff_ffffn;
