import { type CborValue, compare, concat, encodeCbor, equal, hex } from '@sotto/bytes';
import { deriveKey, type Primitives, Secret, sha256, taggedHash } from '@sotto/crypto';
import { z } from 'zod/mini';
import { type Body, blobsOf, body as bodyFormat, quietKinds } from './body.ts';
import { ProtocolPeerFault } from './fault.ts';
import { boundedBytes, count, type Extent, extent, type Format, format, hash32, milliseconds } from './format.ts';
import { type SignedHead, signedHead } from './head.ts';
import { pad, unpad } from './padding.ts';

/** What the server and every reader see of a record. */
export interface RecordHeader {
  readonly v: 1;
  readonly suite: number;
  readonly room: Uint8Array;
  readonly era: number;
  readonly author: Uint8Array;
  readonly device: Uint8Array;
  /** The author's own chain as it stood. */
  readonly chain: Extent;
  /** Per room and device, from 1. */
  readonly seq: number;
  /** Hash of the device's previous record in this room; the room id before its first. */
  readonly prev: Uint8Array;
  /** Hash of the bytes that were refused as `era-superseded` and that this record stands for. */
  readonly replaces: Uint8Array | null;
  /** Positions whose bodies the server shall free. */
  readonly drops: readonly number[];
  /** The newest cluster-signed head of the room that the author verified. */
  readonly seen: SignedHead;
  readonly class: 'content' | 'quiet';
  /** Milliseconds, rounded down to the minute; the exact time is in the body. */
  readonly at: number;
  readonly salt: Uint8Array;
  /** Keying `per-message` alone. */
  readonly keys: MessageKeys | null;
  /** Addresses of the blobs that the server keeps for this record; missing if there are none. */
  readonly blobs?: readonly Uint8Array[];
}

export interface MessageKeys {
  /** Commitment to the message key. */
  readonly commitment: Uint8Array;
  /** Hash of the sorted rows {fingerprint, generation, hash of the sealed key}. */
  readonly rows: Uint8Array;
}

/** One message key sealed to one member, as it lies beside a record. */
export interface SealedMessageKey {
  readonly fingerprint: Uint8Array;
  readonly generation: number;
  readonly sealed: Uint8Array;
}

/** A row as readers get it: the sealed key of others only as its hash. */
export interface MessageKeyRow {
  readonly fingerprint: Uint8Array;
  readonly generation: number;
  /** SHA-256 of the sealed key. */
  readonly hash: Uint8Array;
}

/** A record as it travels; `signed` is what log hashes, `prev` and `replaces` cover. */
export interface SealedRecord {
  /** Deterministic CBOR [header, SHA-256(body)]. */
  readonly signed: Uint8Array;
  /** Tag `sotto/record/v1`. */
  readonly signature: Uint8Array;
  /** Null once it was dropped. */
  readonly body: Uint8Array | null;
}

export const recordHeader: z.ZodMiniType<RecordHeader> = z.strictObject({
  v: z.literal(1),
  suite: z.int().check(z.minimum(1), z.maximum(0xffff)),
  room: hash32,
  era: count,
  author: hash32,
  device: hash32,
  chain: extent,
  seq: z.int().check(z.positive()),
  prev: hash32,
  replaces: z.nullable(hash32),
  drops: z.array(count).check(z.maxLength(256)),
  seen: signedHead,
  class: z.enum(['content', 'quiet']),
  at: milliseconds.check(z.refine((at) => at % 60_000 === 0)),
  salt: hash32,
  keys: z.nullable(z.strictObject({ commitment: hash32, rows: hash32 })),
  blobs: z.optional(z.array(hash32).check(z.minLength(1), z.maxLength(64), z.refine(areDistinct))),
}) as unknown as z.ZodMiniType<RecordHeader>;

/** The bytes that a record's signature is over: [header, SHA-256(body)]. */
export const signedRecord: Format<readonly [RecordHeader, Uint8Array]> = format<readonly [RecordHeader, Uint8Array]>(
  'record',
  z.tuple([recordHeader, hash32]),
  32 * 1024,
);

export const sealedMessageKey: z.ZodMiniType<SealedMessageKey> = z.strictObject({
  fingerprint: hash32,
  generation: count,
  sealed: boundedBytes(8192, 1),
});

/** Secrets that a record's body opens with: the era's resource key, and the message key where keying is per message. */
export interface BodyKeys {
  readonly resourceKey: Secret;
  readonly messageKey: Secret | null;
}

/** Encrypts a body: padded, AES-256-GCM under the record's own key, AAD = header. */
export async function sealBody(
  primitives: Primitives,
  keys: BodyKeys,
  { header, body }: { readonly header: RecordHeader; readonly body: Body },
): Promise<Uint8Array<ArrayBuffer>> {
  using key = bodyKey(keys, header);
  return primitives.aes256Gcm.seal({ key, nonce: ZERO_NONCE, aad: headerBytes(header) }, pad(bodyFormat.encode(body)));
}

/**
 * Opens a body. Throws `era-commitment-mismatch` for a message key that its header does not commit to, `open-failed`,
 * `format-malformed`, `format-unsupported`, and `record-invalid` for content in a record of class `quiet`.
 */
export async function openBody(
  primitives: Primitives,
  keys: BodyKeys,
  { header, body }: { readonly header: RecordHeader; readonly body: Uint8Array },
): Promise<Body> {
  using key = bodyKey(keys, header);
  const padded = await primitives.aes256Gcm.open({ key, nonce: ZERO_NONCE, aad: headerBytes(header) }, body);
  const opened = bodyFormat.parse(unpad(padded));
  if (header.class === 'quiet' && !quietKinds.has(opened.kind)) {
    throw new ProtocolPeerFault('record-invalid', 'content that poses as quiet');
  }
  if (!namesItsBlobs(header, opened))
    throw new ProtocolPeerFault('record-invalid', 'blobs that are not those it names');
  return opened;
}

/** The server keeps what the header names: it must be what the readers will ask for, no more and no less. */
function namesItsBlobs({ blobs = [] }: RecordHeader, body: Body): boolean {
  const needed = blobsOf(body);
  return blobs.length === needed.length && needed.every((hash, i) => equal(hash, blobs[i] as Uint8Array));
}

function areDistinct(hashes: readonly Uint8Array[]): boolean {
  return new Set(hashes.map(hex)).size === hashes.length;
}

/** The signed bytes of a record: what travels, what is hashed. */
export function recordBytes(header: RecordHeader, body: Uint8Array): Uint8Array<ArrayBuffer> {
  return signedRecord.encode([header, sha256(body)]);
}

/** Commitment to a message key, bound to the one record that it is for. */
export function messageKeyCommitment(
  messageKey: Secret,
  { room, device, seq, salt }: Pick<RecordHeader, 'room' | 'device' | 'seq' | 'salt'>,
): Uint8Array<ArrayBuffer> {
  using commitment = deriveKey(messageKey, 'sotto/record/commitment/v1', [room, device, seq, salt]);
  return commitment.unsafeExpose('a commitment is public');
}

export function messageKeyRow({ fingerprint, generation, sealed }: SealedMessageKey): MessageKeyRow {
  return { fingerprint, generation, hash: sha256(sealed) };
}

/** Hash over the rows of a record's message keys, sorted by fingerprint. */
export function messageKeyRowsHash(rows: readonly MessageKeyRow[]): Uint8Array<ArrayBuffer> {
  const sorted = rows.toSorted((left, right) => compare(left.fingerprint, right.fingerprint));
  const value: CborValue = sorted.map(({ fingerprint, generation, hash }) => [fingerprint, generation, hash]);
  return taggedHash('sotto/keys/v1', encodeCbor(value));
}

function headerBytes(header: RecordHeader): Uint8Array {
  return encodeCbor(header as unknown as CborValue);
}

function bodyKey({ resourceKey, messageKey }: BodyKeys, header: RecordHeader): Secret {
  const { salt, room, era, device, seq } = header;
  if ((header.keys === null) !== (messageKey === null)) {
    throw new ProtocolPeerFault('record-invalid', 'a record keyed otherwise than its room');
  }
  if (header.keys !== null && messageKey !== null) {
    if (!equal(messageKeyCommitment(messageKey, header), header.keys.commitment)) {
      throw new ProtocolPeerFault('era-commitment-mismatch', 'a message key that its record does not commit to');
    }
  }
  const material = concat(
    resourceKey.unsafeExpose('input of the record key'),
    messageKey?.unsafeExpose('input of the record key') ?? new Uint8Array(),
  );
  using joined = new Secret(material);
  material.fill(0);
  return deriveKey(joined, 'sotto/record/key/v1', [salt, room, era, device, seq]);
}

/** Each record has its own key, derived with a random salt, so one nonce serves. */
const ZERO_NONCE = new Uint8Array(12);
