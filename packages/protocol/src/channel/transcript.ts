import { utf8 } from '@sotto/bytes';
import { taggedHash } from '@sotto/crypto';

/** The hash over everything said so far, begun with the domain that this side believes in. */
export class Transcript {
  #hash: Uint8Array;

  constructor(domain: string) {
    this.#hash = taggedHash('sotto/channel/v1', utf8(domain));
  }

  /** 32 bytes. */
  get hash(): Uint8Array {
    return this.#hash;
  }

  add(message: Uint8Array): void {
    this.#hash = taggedHash('sotto/channel/v1', this.#hash, message);
  }
}
