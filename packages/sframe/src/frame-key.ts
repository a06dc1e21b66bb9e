import { concat, equal, utf8 } from '@sotto/bytes';
import { CryptoPeerFault, type PacketCiphers, type PacketOpening, Secret } from '@sotto/crypto';
import { type CipherSuite, keyBytes, NONCE_BYTES } from './cipher-suite.ts';
import { SframePeerFault } from './fault.ts';

export interface FrameKeyInput {
  readonly ciphers: PacketCiphers;
  readonly suite: CipherSuite;
  readonly keyId: bigint;
  /** Shared by sender and receivers, of any length; no two senders may have the same under the same key id. */
  readonly baseKey: Secret;
}

/** What one sender's base key is turned into (RFC 9605 section 4.4.2): seals and opens single frames, and remembers none. */
export class FrameKey implements Disposable {
  readonly #ciphers: PacketCiphers;
  readonly #suite: CipherSuite;
  readonly #cipherKey: Secret;
  /** Of HMAC, in counter mode. */
  readonly #authKey: Secret;
  readonly #salt: Secret;

  constructor({ ciphers, suite, keyId, baseKey }: FrameKeyInput) {
    this.#ciphers = ciphers;
    this.#suite = suite;
    using extract = new Secret(new Uint8Array(suite.hashBytes));
    using secret = baseKey.use((bytes) => new Secret(ciphers.hmac(suite.hash, extract, bytes)));
    const expand = (label: string, length: number): Secret =>
      hkdfExpand({ ciphers, suite, secret }, concat(utf8(label), uint64(keyId), uint16(suite.id)), length);
    using key = expand('SFrame 1.0 Secret key ', keyBytes(suite));
    this.#cipherKey = key.use((bytes) => new Secret(bytes.subarray(0, suite.cipherKeyBytes)));
    this.#authKey = key.use((bytes) => new Secret(bytes.subarray(suite.cipherKeyBytes)));
    this.#salt = expand('SFrame 1.0 Secret salt ', NONCE_BYTES);
  }

  /** Ciphertext and tag. The same counter must never seal twice. */
  seal(counter: bigint, aad: Uint8Array, plaintext: Uint8Array): Uint8Array<ArrayBuffer> {
    const nonce = this.#nonce(counter);
    const sealed = new Uint8Array(plaintext.length + this.#suite.tagBytes);
    if (this.#suite.mode === 'gcm') {
      this.#ciphers.aesGcm.seal(this.#cipherKey, { nonce, aad, plaintext }, sealed);
      return sealed;
    }
    sealed.set(plaintext);
    const ciphertext = sealed.subarray(0, plaintext.length);
    this.#ciphers.aesCtr(this.#cipherKey, concat(nonce, FIRST_BLOCK), ciphertext);
    sealed.set(this.#tag(nonce, aad, ciphertext), plaintext.length);
    return sealed;
  }

  /** Throws `frame-refused`. */
  open(counter: bigint, aad: Uint8Array, sealed: Uint8Array): Uint8Array<ArrayBuffer> {
    const nonce = this.#nonce(counter);
    const length = sealed.length - this.#suite.tagBytes;
    if (length < 0) throw refused();
    if (this.#suite.mode === 'gcm') return this.#openGcm({ nonce, aad, sealed }, new Uint8Array(length));
    const opened = Uint8Array.from(sealed.subarray(0, length));
    if (!equal(this.#tag(nonce, aad, opened), sealed.subarray(length))) throw refused();
    this.#ciphers.aesCtr(this.#cipherKey, concat(nonce, FIRST_BLOCK), opened);
    return opened;
  }

  [Symbol.dispose](): void {
    for (const secret of [this.#cipherKey, this.#authKey, this.#salt]) secret.dispose();
  }

  #openGcm(input: PacketOpening, into: Uint8Array<ArrayBuffer>): Uint8Array<ArrayBuffer> {
    try {
      this.#ciphers.aesGcm.open(this.#cipherKey, input, into);
      return into;
    } catch (cause) {
      if (cause instanceof CryptoPeerFault) throw refused(cause);
      throw cause;
    }
  }

  #nonce(counter: bigint): Uint8Array<ArrayBuffer> {
    const nonce = new Uint8Array(NONCE_BYTES);
    nonce.set(uint64(counter), NONCE_BYTES - 8);
    return this.#salt.use((salt) => nonce.map((byte, i) => byte ^ (salt[i] as number)));
  }

  /** RFC 9605 section 4.5.1. */
  #tag(nonce: Uint8Array, aad: Uint8Array, ciphertext: Uint8Array): Uint8Array<ArrayBuffer> {
    const { hash, tagBytes } = this.#suite;
    const lengths = [aad.length, ciphertext.length, tagBytes].map((length) => uint64(BigInt(length)));
    return this.#ciphers.hmac(hash, this.#authKey, ...lengths, nonce, aad, ciphertext).slice(0, tagBytes);
  }
}

interface Expansion {
  readonly ciphers: PacketCiphers;
  readonly suite: CipherSuite;
  readonly secret: Secret;
}

/** RFC 5869 section 2.3. */
function hkdfExpand({ ciphers, suite, secret }: Expansion, info: Uint8Array, length: number): Secret {
  const blocks: Uint8Array[] = [];
  for (let i = 1; blocks.length * suite.hashBytes < length; i++) {
    blocks.push(ciphers.hmac(suite.hash, secret, blocks.at(-1) ?? new Uint8Array(), info, Uint8Array.of(i)));
  }
  const material = concat(...blocks);
  const expanded = new Secret(material.subarray(0, length));
  for (const bytes of [material, ...blocks]) bytes.fill(0);
  return expanded;
}

function uint64(value: bigint): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(8);
  new DataView(bytes.buffer).setBigUint64(0, value);
  return bytes;
}

function uint16(value: number): Uint8Array<ArrayBuffer> {
  return Uint8Array.of(value >> 8, value & 0xff);
}

function refused(cause?: unknown): SframePeerFault {
  return new SframePeerFault('frame-refused', 'a frame is not sealed under the key that it names', { cause });
}

/** Of AES in counter mode, behind the nonce. */
const FIRST_BLOCK = new Uint8Array(4);
