import { expand, extract } from '@noble/hashes/hkdf.js';
import { sha256 } from '@noble/hashes/sha2.js';
import { BugFault, concat, utf8 } from '@sotto/bytes';
import type { KeyEncapsulation, Primitives } from './ports.ts';
import { Secret } from './secret.ts';

/** A KEM under its number in IANA's registry of HPKE KEM identifiers. */
export interface HpkeKem {
  readonly id: number;
  readonly ciphertextBytes: number;
  readonly kem: Pick<KeyEncapsulation, 'encapsulate' | 'decapsulate'>;
}

/**
 * HPKE in base mode with HKDF-SHA256 and AES-256-GCM, the sender's side (RFC 9180 section 5.1.1, SetupBaseS).
 * Throws `key-malformed` or `bad-share` for a public key that the KEM refuses.
 */
export async function setupBaseSender(
  { id, kem }: HpkeKem,
  publicKey: Uint8Array,
  info: Uint8Array,
): Promise<{ readonly enc: Uint8Array<ArrayBuffer>; readonly context: HpkeContext }> {
  const { ciphertext, sharedSecret } = await kem.encapsulate(publicKey);
  using held = sharedSecret;
  return { enc: ciphertext, context: new HpkeContext(keySchedule(held, { kemId: id, aeadId: AES_256_GCM, info })) };
}

/** The receiver's side (RFC 9180 section 5.1.1, SetupBaseR). Throws `bad-share` as the KEM does. */
export async function setupBaseReceiver(
  { id, kem }: HpkeKem,
  secretKey: Secret,
  { enc, info }: { readonly enc: Uint8Array; readonly info: Uint8Array },
): Promise<HpkeContext> {
  using sharedSecret = await kem.decapsulate(secretKey, enc);
  return new HpkeContext(keySchedule(sharedSecret, { kemId: id, aeadId: AES_256_GCM, info }));
}

/** Encryption context of one encapsulation (RFC 9180 section 5.2): the caller keeps one per direction. */
export class HpkeContext implements Disposable {
  readonly #schedule: HpkeSchedule;
  #sequence = 0;

  constructor(schedule: HpkeSchedule) {
    this.#schedule = schedule;
  }

  seal(primitives: Primitives, aad: Uint8Array, plaintext: Uint8Array): Promise<Uint8Array<ArrayBuffer>> {
    return primitives.aes256Gcm.seal({ key: this.#schedule.key, nonce: this.#nextNonce(), aad }, plaintext);
  }

  /** Throws `open-failed`, after which the context is of no more use. */
  open(primitives: Primitives, aad: Uint8Array, ciphertext: Uint8Array): Promise<Uint8Array<ArrayBuffer>> {
    return primitives.aes256Gcm.open({ key: this.#schedule.key, nonce: this.#nextNonce(), aad }, ciphertext);
  }

  /** RFC 9180 section 5.3. */
  export(exporterContext: Uint8Array, length: number): Uint8Array<ArrayBuffer> {
    const { exporterSecret, suiteId } = this.#schedule;
    return exporterSecret.use((secret) =>
      labeledExpand(suiteId, secret, { label: 'sec', info: exporterContext, length }),
    );
  }

  dispose(): void {
    this.#schedule.key.dispose();
    this.#schedule.exporterSecret.dispose();
  }

  [Symbol.dispose](): void {
    this.dispose();
  }

  #nextNonce(): Uint8Array {
    if (this.#sequence >= 2 ** 32) throw new BugFault('an HPKE context sealed 2^32 messages');
    const nonce = Uint8Array.from(this.#schedule.baseNonce);
    const view = new DataView(nonce.buffer);
    view.setUint32(8, (view.getUint32(8) ^ this.#sequence++) >>> 0);
    return nonce;
  }
}

export interface HpkeSchedule {
  readonly suiteId: Uint8Array;
  readonly key: Secret;
  readonly baseNonce: Uint8Array;
  readonly exporterSecret: Secret;
}

/** KeySchedule for base mode and AEADs with keys of 32 bytes (RFC 9180 section 5.1). */
export function keySchedule(
  sharedSecret: Secret,
  { kemId, aeadId, info }: { readonly kemId: number; readonly aeadId: number; readonly info: Uint8Array },
): HpkeSchedule {
  const suiteId = concat(utf8('HPKE'), i2osp2(kemId), i2osp2(HKDF_SHA256), i2osp2(aeadId));
  const pskIdHash = labeledExtract(suiteId, EMPTY, { label: 'psk_id_hash', ikm: EMPTY });
  const infoHash = labeledExtract(suiteId, EMPTY, { label: 'info_hash', ikm: info });
  const context = concat(MODE_BASE, pskIdHash, infoHash);
  const secret = sharedSecret.use((bytes) => labeledExtract(suiteId, bytes, { label: 'secret', ikm: EMPTY }));
  const derive = (label: string, length: number) => labeledExpand(suiteId, secret, { label, info: context, length });
  const schedule = {
    suiteId,
    key: wiping(derive('key', 32)),
    baseNonce: derive('base_nonce', 12),
    exporterSecret: wiping(derive('exp', 32)),
  };
  secret.fill(0);
  return schedule;
}

function labeledExtract(
  suiteId: Uint8Array,
  salt: Uint8Array,
  { label, ikm }: { readonly label: string; readonly ikm: Uint8Array },
): Uint8Array {
  return extract(sha256, concat(HPKE_V1, suiteId, utf8(label), ikm), salt);
}

function labeledExpand(
  suiteId: Uint8Array,
  secret: Uint8Array,
  { label, info, length }: { readonly label: string; readonly info: Uint8Array; readonly length: number },
): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(expand(sha256, secret, concat(i2osp2(length), HPKE_V1, suiteId, utf8(label), info), length));
}

function wiping(bytes: Uint8Array): Secret {
  const secret = new Secret(bytes);
  bytes.fill(0);
  return secret;
}

function i2osp2(number: number): Uint8Array {
  return Uint8Array.of(number >> 8, number & 0xff);
}

const HPKE_V1 = utf8('HPKE-v1');
const MODE_BASE = Uint8Array.of(0);
const HKDF_SHA256 = 0x0001;
const AES_256_GCM = 0x0002;
const EMPTY = new Uint8Array();
