import { type CborValue, Fault } from '@sotto/bytes';
import { X_WING_CIPHERTEXT_BYTES, X_WING_PUBLIC_KEY_BYTES } from '@sotto/crypto';
import { z } from 'zod/mini';
import { type Address, address } from '../address.ts';
import { boundedBytes, boundedText, count, type Format, fixedBytes, format, hash32 } from '../format.ts';
import { ChannelWireFault, type Refusal, refusalCodes } from './fault.ts';
import type { KemName } from './kem.ts';

// The messages of docs/spec/channel.md, in its order and words.

export interface ClientHello {
  readonly v: 1;
  readonly nonce: Uint8Array;
  readonly kem: KemName;
  readonly key: Uint8Array;
}

export interface UnsignedServerHello {
  readonly v: 1;
  readonly nonce: Uint8Array;
  readonly ciphertext: Uint8Array;
  readonly certificates: Certificates;
}

export interface ServerHello extends UnsignedServerHello {
  readonly signature: Uint8Array;
}

/** Channel certificate and CA certificate, DER. */
export type Certificates = readonly [Uint8Array, Uint8Array];

export type Authenticate = AnonymousAuthenticate | DeviceAuthenticate | AccountAuthenticate;

export interface AnonymousAuthenticate {
  readonly mode: 'anonymous';
}

export interface DeviceAuthenticate {
  readonly mode: 'device';
  /** The account's fingerprint. */
  readonly account: Uint8Array;
  /** The device id. */
  readonly device: Uint8Array;
}

export interface AccountAuthenticate {
  readonly mode: 'account';
  readonly address: Address;
  readonly ke1: Uint8Array;
  readonly exemption: Uint8Array | null;
  readonly altcha: string | null;
}

export interface DeviceAnswer {
  readonly mode: 'device';
  readonly sealed: Uint8Array;
}

export interface AccountAnswer {
  readonly mode: 'account';
  readonly parameters: { readonly memoryKib: number; readonly passes: number; readonly parallelism: number };
  readonly ke2: Uint8Array;
}

export interface AccountConfirm {
  readonly mode: 'account';
  readonly ke3: Uint8Array;
}

/** Read from anybody: no more than the form can have. */
const MAX_CLIENT_HELLO_BYTES = 2048;

const version = z.literal(1);
const certificate = boundedBytes(8192, 1);

export const clientHello: Format<ClientHello> = format(
  'ClientHello',
  z.discriminatedUnion('kem', [
    z.strictObject({ v: version, nonce: hash32, kem: z.literal('x-wing'), key: fixedBytes(X_WING_PUBLIC_KEY_BYTES) }),
    z.strictObject({ v: version, nonce: hash32, kem: z.literal('p-384'), key: fixedBytes(97) }),
  ]),
  MAX_CLIENT_HELLO_BYTES,
);

const unsignedServerHelloFields = {
  v: version,
  nonce: hash32,
  ciphertext: z.union([fixedBytes(X_WING_CIPHERTEXT_BYTES), fixedBytes(97)]),
  certificates: z.tuple([certificate, certificate]),
};

export const unsignedServerHello: Format<UnsignedServerHello> = format(
  'ServerHello',
  z.strictObject(unsignedServerHelloFields),
);

export const serverHello: Format<ServerHello> = format(
  'ServerHello',
  z.strictObject({ ...unsignedServerHelloFields, signature: fixedBytes(64) }),
);

const anonymous = z.strictObject({ mode: z.literal('anonymous') });

export const authenticate: Format<Authenticate> = format<Authenticate>(
  'Authenticate',
  z.discriminatedUnion('mode', [
    anonymous,
    z.strictObject({ mode: z.literal('device'), account: hash32, device: hash32 }),
    z.strictObject({
      mode: z.literal('account'),
      address,
      ke1: fixedBytes(96),
      exemption: z.nullable(hash32),
      altcha: z.nullable(boundedText(4096)),
    }),
  ]),
);

export const anonymousAnswer: Format<AnonymousAuthenticate> = format('Answer', anonymous);

export const deviceAnswer: Format<DeviceAnswer> = format(
  'Answer',
  z.strictObject({ mode: z.literal('device'), sealed: boundedBytes(16384) }),
);

export const accountAnswer: Format<AccountAnswer> = format(
  'Answer',
  z.strictObject({
    mode: z.literal('account'),
    parameters: z.strictObject({ memoryKib: count, passes: count, parallelism: count }),
    ke2: fixedBytes(320),
  }),
);

export const accountConfirm: Format<AccountConfirm> = format(
  'Confirm',
  z.strictObject({ mode: z.literal('account'), ke3: fixedBytes(64) }),
);

export const refusal: Format<Refusal> = format(
  'Refusal',
  z.strictObject({
    error: z.enum(refusalCodes),
    retryAfterSeconds: z.nullable(count),
    challenge: z.custom<CborValue>((value) => value !== undefined),
  }),
);

/** Parses a handshake message; whatever it is not, the fault is `frame-malformed`. */
export function parseMessage<Value>(expected: Format<Value>, bytes: Uint8Array): Value {
  try {
    return expected.parse(bytes);
  } catch (cause) {
    if (!(cause instanceof Fault) || cause.blame !== 'wire') throw cause;
    throw new ChannelWireFault('frame-malformed', 'a malformed message in the handshake', { cause });
  }
}
