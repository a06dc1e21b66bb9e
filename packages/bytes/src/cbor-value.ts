/**
 * What our formats are made of: a subset of CBOR (RFC 8949). Integers lie within ±(2^53 - 1), map keys are text,
 * there are no floats, tags, undefined or indefinite lengths.
 */
export type CborValue = null | boolean | number | string | Uint8Array | readonly CborValue[] | CborMap;
export interface CborMap {
  readonly [key: string]: CborValue;
}

export type CborCode = 'cbor-malformed' | 'cbor-not-deterministic' | 'cbor-too-large';
