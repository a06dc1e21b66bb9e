import { concat, encodeCbor } from '@sotto/bytes';
import { taggedHash, X_WING_CIPHERTEXT_BYTES, X_WING_PUBLIC_KEY_BYTES } from '@sotto/crypto';
import { z } from 'zod/mini';
import { ProtocolWireFault } from './fault.ts';
import { boundedBytes, emptyMap, type Format, fixedBytes, hash32, milliseconds, versionedFormat } from './format.ts';
import { SIGNAL_BYTES } from './limits.ts';

/** `low-bandwidth` counts as soon as one end says it. Both are equally protected: there is nothing less to choose. */
const mediaProfiles = ['standard', 'low-bandwidth'] as const;
export type MediaProfile = (typeof mediaProfiles)[number];

/** Where an end may be reached: 4 or 16 bytes of an address, and a UDP port. */
export interface SignalCandidate {
  readonly address: Uint8Array;
  readonly port: number;
}

/** What an end of a call says of its media. */
export interface SignalMedia {
  /** `1.10`, a space and 64 hexadecimal digits (RFC 6189 section 8.1). */
  readonly zrtpHash: string;
  /** SSRCs of its RTP streams. */
  readonly sources: readonly number[];
  readonly candidates: readonly SignalCandidate[];
  readonly profile: MediaProfile;
}

export interface SignalDialog {
  /** 32 bytes, drawn for this conversation. */
  readonly nonce: Uint8Array;
  readonly caller: { readonly account: Uint8Array; readonly device: Uint8Array };
  /** The account that is called. */
  readonly callee: Uint8Array;
}

interface Contents {
  offer: SignalDialog & {
    readonly media: SignalMedia;
    /** X-Wing public key of this call alone. */
    readonly key: Uint8Array;
  };
  ringing: Record<string, never>;
  answer: { readonly offer: Uint8Array; readonly media: SignalMedia; readonly ciphertext: Uint8Array };
  taken: { readonly device: Uint8Array; readonly answer: Uint8Array };
  candidates: { readonly candidates: readonly SignalCandidate[] };
  decline: Record<string, never>;
  busy: Record<string, never>;
  cancel: { readonly reason: 'cancelled' | 'timeout' | 'glare' };
  end: { readonly reason: 'hang-up' | 'failed' | 'revoked' };
  notice: { readonly held: boolean; readonly muted: boolean };
}

export type SignalKind = keyof Contents;
export type SignalContent<Kind extends SignalKind> = Contents[Kind];

/** One message of the signalling of a call; docs/spec/call.md. */
export type Signal = {
  [Kind in SignalKind]: {
    readonly v: 1;
    /** The call token. */
    readonly call: Uint8Array;
    readonly seq: number;
    readonly at: number;
    readonly kind: Kind;
    readonly content: Contents[Kind];
  };
}[SignalKind];

/** The name of a conversation, which its parties and its time go into. */
export function callToken({ nonce, caller, callee }: SignalDialog, at: number): Uint8Array<ArrayBuffer> {
  return taggedHash('sotto/call/v1', encodeCbor([nonce, caller.account, caller.device, callee, at]));
}

/** u32 length | content | zeros: all messages of a call are of one size. */
export function padSignal(encoded: Uint8Array): Uint8Array<ArrayBuffer> {
  if (encoded.length > SIGNAL_BYTES - 4) throw malformed('too long');
  const length = new Uint8Array(4);
  new DataView(length.buffer).setUint32(0, encoded.length);
  return concat(length, encoded, new Uint8Array(SIGNAL_BYTES - 4 - encoded.length));
}

/** Throws `format-malformed` for anything that `padSignal` cannot have made. */
export function unpadSignal(padded: Uint8Array): Uint8Array<ArrayBuffer> {
  if (padded.length !== SIGNAL_BYTES) throw malformed('not of its size');
  const length = new DataView(padded.buffer, padded.byteOffset, padded.byteLength).getUint32(0);
  if (length > SIGNAL_BYTES - 4 || padded.subarray(4 + length).some((byte) => byte !== 0)) throw malformed('padding');
  return padded.slice(4, 4 + length);
}

function malformed(what: string): ProtocolWireFault {
  return new ProtocolWireFault('format-malformed', `malformed signal: ${what}`);
}

const candidate: z.ZodMiniType<SignalCandidate> = z.strictObject({
  address: z.union([fixedBytes(4), fixedBytes(16)]),
  // Below are the services of a machine: nobody is made to knock there.
  port: z.int().check(z.minimum(1024), z.maximum(65_535)),
});

const media: z.ZodMiniType<SignalMedia> = z.strictObject({
  zrtpHash: z.string().check(z.regex(/^1\.10 [0-9a-f]{64}$/)),
  sources: z.array(z.int().check(z.minimum(1), z.maximum(0xffff_ffff))).check(
    z.minLength(1),
    z.maxLength(4),
    z.refine((sources) => new Set(sources).size === sources.length),
  ),
  candidates: z.array(candidate).check(z.maxLength(16)),
  profile: z.enum(mediaProfiles),
});

const contents: { readonly [Kind in SignalKind]: z.ZodMiniType<Contents[Kind]> } = {
  offer: z.strictObject({
    nonce: hash32,
    caller: z.strictObject({ account: hash32, device: hash32 }),
    callee: hash32,
    media,
    key: boundedBytes(X_WING_PUBLIC_KEY_BYTES, X_WING_PUBLIC_KEY_BYTES),
  }),
  ringing: emptyMap,
  answer: z.strictObject({
    offer: hash32,
    media,
    ciphertext: boundedBytes(X_WING_CIPHERTEXT_BYTES, X_WING_CIPHERTEXT_BYTES),
  }),
  taken: z.strictObject({ device: hash32, answer: hash32 }),
  candidates: z.strictObject({ candidates: z.array(candidate).check(z.minLength(1), z.maxLength(16)) }),
  decline: emptyMap,
  busy: emptyMap,
  cancel: z.strictObject({ reason: z.enum(['cancelled', 'timeout', 'glare']) }),
  end: z.strictObject({ reason: z.enum(['hang-up', 'failed', 'revoked']) }),
  notice: z.strictObject({ held: z.boolean(), muted: z.boolean() }),
};

const variants = (Object.keys(contents) as SignalKind[]).map((kind) =>
  z.strictObject({
    v: z.literal(1),
    call: hash32,
    seq: z.int().check(z.minimum(0), z.maximum(1023)),
    at: milliseconds,
    kind: z.literal(kind),
    content: contents[kind],
  }),
);

/** What is padded, signed and sealed. A kind that this version lacks is `format-unsupported`. */
export const signal: Format<Signal> = versionedFormat<Signal>(
  'signal',
  z.discriminatedUnion('kind', variants as never) as unknown as z.ZodMiniType<Signal>,
  { maxBytes: SIGNAL_BYTES, field: 'kind', known: Object.keys(contents) },
);
