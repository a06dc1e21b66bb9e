import { type CborMap, decodeCbor, encodeCbor } from '@sotto/bytes';
import { TransparencyWireFault } from './fault.ts';
import { MAX_EPOCH_BYTES } from './limits.ts';

/** One leaf of the log: the map as it was from then on. */
export interface Epoch {
  /** Public key of the verifiable random function that places addresses in the map, 32 bytes. */
  readonly vrf: Uint8Array;
  /** Root of the map, 32 bytes. */
  readonly map: Uint8Array;
  /** The server's clock, milliseconds. */
  readonly at: number;
}

/** Deterministic CBOR {v: 1, vrf, map, at}: the data of a leaf. */
export function encodeEpoch({ vrf, map, at }: Epoch): Uint8Array<ArrayBuffer> {
  return encodeCbor({ v: 1, vrf, map, at });
}

/** Throws `epoch-malformed`. */
export function parseEpoch(bytes: Uint8Array): Epoch {
  const value = decoded(bytes);
  const { v, vrf, map, at } = value;
  const isWhole = Object.keys(value).length === 4 && v === 1 && isHash(vrf) && isHash(map) && isCount(at);
  if (!isWhole) throw malformed();
  return { vrf, map, at };
}

function decoded(bytes: Uint8Array): CborMap {
  let value: unknown;
  try {
    value = decodeCbor(bytes, MAX_EPOCH_BYTES);
  } catch (cause) {
    throw malformed(cause);
  }
  const isMap = typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof Uint8Array);
  if (!isMap) throw malformed();
  return value as CborMap;
}

function isHash(value: unknown): value is Uint8Array {
  return value instanceof Uint8Array && value.length === 32;
}

function isCount(value: unknown): value is number {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0;
}

function malformed(cause?: unknown): TransparencyWireFault {
  return new TransparencyWireFault('epoch-malformed', 'malformed epoch', { cause });
}
