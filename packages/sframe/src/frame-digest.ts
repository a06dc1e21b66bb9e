import { type CborValue, concat, decodeCbor, encodeCbor, Fault } from '@sotto/bytes';
import { sha256 } from '@sotto/crypto';
import { SframeWireFault } from './fault.ts';
import { FRAME_HASH_BYTES, MAX_CONFERENCE_BYTES, MAX_DIGEST_FRAMES } from './limits.ts';

/** Which frames a sender sealed under one key, one after another (docs/spec/frames.md). */
export interface FrameDigest {
  /** Of the conference and its era: 1 to 64 bytes. */
  readonly conference: Uint8Array;
  readonly keyId: bigint;
  /** Counter of the first one. */
  readonly first: bigint;
  /** 16 bytes each, 1 to 512 of them. */
  readonly frames: readonly Uint8Array[];
}

/** The bytes that are signed. */
export function encodeDigest({ conference, keyId, first, frames }: FrameDigest): Uint8Array<ArrayBuffer> {
  return encodeCbor({ v: 1, conference, key: uint64(keyId), first: uint64(first), frames: concat(...frames) });
}

/** Throws `digest-malformed`. */
export function parseDigest(signed: Uint8Array): FrameDigest {
  const { v, conference, key, first, frames } = mapOf(signed, ['v', 'conference', 'key', 'first', 'frames']);
  const isWhole =
    v === 1 &&
    isBytes(conference, 1, MAX_CONFERENCE_BYTES) &&
    isBytes(key, 8, 8) &&
    isBytes(first, 8, 8) &&
    isBytes(frames, FRAME_HASH_BYTES, MAX_DIGEST_FRAMES * FRAME_HASH_BYTES) &&
    frames.length % FRAME_HASH_BYTES === 0;
  if (!isWhole) throw malformed();
  const count = frames.length / FRAME_HASH_BYTES;
  if (integer(first) + BigInt(count) > LAST_COUNTER + 1n) throw malformed();
  const hashes = Array.from({ length: count }, (_, i) =>
    frames.slice(i * FRAME_HASH_BYTES, (i + 1) * FRAME_HASH_BYTES),
  );
  return { conference, keyId: integer(key), first: integer(first), frames: hashes };
}

export function encodeEnvelope(signed: Uint8Array, signature: Uint8Array): Uint8Array<ArrayBuffer> {
  return encodeCbor({ signed, signatures: [signature] });
}

/** Throws `digest-malformed`. */
export function parseEnvelope(envelope: Uint8Array): { readonly signed: Uint8Array; readonly signature: Uint8Array } {
  const { signed, signatures } = mapOf(envelope, ['signed', 'signatures']);
  if (!Array.isArray(signatures) || signatures.length !== 1) throw malformed();
  const [signature] = signatures as readonly CborValue[];
  if (!isBytes(signed, 1, MAX_SIGNED_BYTES) || !isBytes(signature, 1, MAX_SIGNATURE_BYTES)) throw malformed();
  return { signed, signature };
}

/** What stands for a frame: of all of it, for whoever has the key can make other frames with the same tag. */
export function frameHash(frame: Uint8Array, metadata: Uint8Array): Uint8Array<ArrayBuffer> {
  const length = new Uint8Array(4);
  new DataView(length.buffer).setUint32(0, metadata.length);
  return sha256(length, metadata, frame).slice(0, FRAME_HASH_BYTES);
}

function mapOf(bytes: Uint8Array, keys: readonly string[]): Readonly<Record<string, CborValue | undefined>> {
  let value: CborValue;
  try {
    value = decodeCbor(bytes);
  } catch (cause) {
    if (cause instanceof Fault) throw malformed(cause);
    throw cause;
  }
  const isMap = typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof Uint8Array);
  if (
    !isMap ||
    Object.keys(value as object)
      .toSorted()
      .join() !== keys.toSorted().join()
  )
    throw malformed();
  return value as Readonly<Record<string, CborValue>>;
}

function isBytes(value: CborValue | undefined, least: number, most: number): value is Uint8Array<ArrayBuffer> {
  return value instanceof Uint8Array && value.length >= least && value.length <= most;
}

function uint64(value: bigint): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(8);
  new DataView(bytes.buffer).setBigUint64(0, value);
  return bytes;
}

function integer(bytes: Uint8Array): bigint {
  return new DataView(bytes.buffer, bytes.byteOffset).getBigUint64(0);
}

function malformed(cause?: unknown): SframeWireFault {
  return new SframeWireFault('digest-malformed', 'this is no digest of frames', { cause });
}

const MAX_SIGNED_BYTES = 65_536;
const MAX_SIGNATURE_BYTES = 8192;
const LAST_COUNTER = 0xffff_ffff_ffff_ffffn;
