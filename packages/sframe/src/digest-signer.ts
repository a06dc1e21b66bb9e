import type { SignatureTag } from '@sotto/crypto';
import { SframeUsageFault } from './fault.ts';
import { encodeDigest, encodeEnvelope, frameHash } from './frame-digest.ts';
import { parseHeader } from './header.ts';
import { MAX_DIGEST_FRAMES } from './limits.ts';

export interface DigestSignerInput {
  readonly keyId: bigint;
  /** Of the conference and its era: 1 to 64 bytes. */
  readonly conference: Uint8Array;
  /** By the key of this device. */
  sign(tag: SignatureTag, message: Uint8Array): Promise<Uint8Array>;
}

/** Signs which frames this device sealed under one key, so that nobody else in the conference can send in its name. */
export class DigestSigner {
  readonly #input: DigestSignerInput;
  #first = 0n;
  #frames: Uint8Array[] = [];

  constructor(input: DigestSignerInput) {
    this.#input = input;
  }

  /** Every frame that was sealed, in order, and what is bound to it. Throws `header-malformed`, `frame-skipped`. */
  add(frame: Uint8Array, metadata: Uint8Array = NONE): void {
    const { keyId, counter } = parseHeader(frame).header;
    if (keyId !== this.#input.keyId || counter !== this.#first + BigInt(this.#frames.length)) {
      throw new SframeUsageFault('frame-skipped', 'a digest has every frame of its key, one after another');
    }
    this.#frames.push(frameHash(frame, metadata));
  }

  /** Digests of all frames since the last time, oldest first: to be asked for each second, and to be sent to everybody. */
  async flush(): Promise<readonly Uint8Array<ArrayBuffer>[]> {
    const { keyId, conference, sign } = this.#input;
    const [first, all] = [this.#first, this.#frames];
    this.#first += BigInt(all.length);
    this.#frames = [];
    const digests: Uint8Array<ArrayBuffer>[] = [];
    for (let i = 0; i < all.length; i += MAX_DIGEST_FRAMES) {
      const frames = all.slice(i, i + MAX_DIGEST_FRAMES);
      const signed = encodeDigest({ conference, keyId, first: first + BigInt(i), frames });
      digests.push(encodeEnvelope(signed, await sign('sotto/frames/v1', signed)));
    }
    return digests;
  }
}

const NONE = new Uint8Array();
