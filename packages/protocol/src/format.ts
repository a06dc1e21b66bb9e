import { type CborValue, decodeCbor, encodeCbor } from '@sotto/bytes';
import { z } from 'zod/mini';
import { ProtocolWireFault } from './fault.ts';
import { MAX_FRAME_BYTES } from './limits.ts';

/** One wire format: deterministic CBOR on the outside, one zod schema on the inside. */
export interface Format<Value> {
  readonly schema: z.ZodMiniType<Value>;
  /** Deterministic CBOR (RFC 8949 section 4.2.1). */
  encode(value: Value): Uint8Array<ArrayBuffer>;
  /** Throws `format-malformed` for anything that `encode` cannot have made. */
  parse(bytes: Uint8Array): Value;
  /** The same check for a value that was part of a larger item. */
  check(value: unknown): Value;
}

/** Declares a format. `name` stands in error messages; `maxBytes` bounds what `parse` reads. */
export function format<Value>(
  name: string,
  schema: z.ZodMiniType<Value>,
  maxBytes: number = MAX_FRAME_BYTES,
): Format<Value> {
  const check = (value: unknown): Value => {
    const result = schema.safeParse(value);
    if (result.success) return result.data;
    const path = result.error.issues[0]?.path.join('.') ?? '';
    throw new ProtocolWireFault('format-malformed', `malformed ${name}${path === '' ? '' : ` at ${path}`}`);
  };
  return {
    schema,
    encode: (value) => encodeCbor(value as CborValue),
    parse: (bytes) => check(decodeCbor(bytes, maxBytes)),
    check,
  };
}

/**
 * A format that later versions extend: items of another `v`, or whose `field` names none of the schema's variants, are
 * `format-unsupported`, so that a reader stops and asks for a newer program instead of taking them for forgeries.
 */
export function versionedFormat<Value>(
  name: string,
  schema: z.ZodMiniType<Value>,
  { maxBytes = MAX_FRAME_BYTES, field, known }: VersionedOptions,
): Format<Value> {
  const plain = format(name, schema, maxBytes);
  const check = (value: unknown): Value => {
    if (isNewer(value, field, known)) {
      throw new ProtocolWireFault('format-unsupported', `a ${name} that this version does not know`);
    }
    return plain.check(value);
  };
  return { ...plain, check, parse: (bytes) => check(decodeCbor(bytes, maxBytes)) };
}

interface VersionedOptions {
  readonly maxBytes?: number;
  /** The member that names the variant. */
  readonly field: string;
  readonly known: readonly string[];
}

function isNewer(value: unknown, field: string, known: readonly string[]): boolean {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return false;
  const { v, [field]: variant } = value as { readonly [key: string]: unknown };
  if (typeof v === 'number' && v > 1) return true;
  return typeof variant === 'string' && !known.includes(variant);
}

/** A byte string of exactly `length` bytes. */
export function fixedBytes(length: number): z.ZodMiniType<Uint8Array> {
  return z.custom<Uint8Array>((value) => value instanceof Uint8Array && value.length === length);
}

/** A byte string of `least` to `most` bytes. */
export function boundedBytes(most: number, least = 0): z.ZodMiniType<Uint8Array> {
  return z.custom<Uint8Array>((value) => value instanceof Uint8Array && value.length >= least && value.length <= most);
}

/** A non-negative integer below 2^53. */
export const count: z.ZodMiniType<number> = z.int().check(z.nonnegative());

/** The map without members. (An empty `strictObject` would take an empty array or byte string for one.) */
export const emptyMap: z.ZodMiniType<Record<string, never>> = z.custom<Record<string, never>>(
  (value) => isMap(value) && Object.keys(value).length === 0,
);

/** The map with the one member `length`. (An empty array or byte string has one as well.) */
export const lengthMap: z.ZodMiniType<{ readonly length: number }> = z.custom<{ readonly length: number }>(
  (value) => isMap(value) && lengthAlone.safeParse(value).success,
);
const lengthAlone = z.strictObject({ length: count });

function isMap(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof Uint8Array);
}

/** Milliseconds since 1970-01-01T00:00:00Z. */
export const milliseconds: z.ZodMiniType<number> = z.int().check(z.nonnegative());

/** Text of at most `maxBytes` UTF-8 bytes, well-formed. */
export function boundedText(maxBytes: number, least = 0): z.ZodMiniType<string> {
  return z.string().check(
    z.refine((text) => {
      if (!text.isWellFormed() || text.length < least) return false;
      return text.length * 3 <= maxBytes || new TextEncoder().encode(text).length <= maxBytes;
    }),
  );
}

export const hash32: z.ZodMiniType<Uint8Array> = fixedBytes(32);

/** Length and hash of a chain or log: what a head is about. */
export type Extent = {
  readonly length: number;
  readonly hash: Uint8Array;
};

export const extent: z.ZodMiniType<Extent> = z.strictObject({ length: z.int().check(z.positive()), hash: hash32 });
