import { ristretto255, ristretto255_oprf } from '@noble/curves/ed25519.js';
import { utf8 } from '@sotto/bytes';
import { CryptoWireFault } from '../fault.ts';
import { Secret } from '../secret.ts';

/** The OPRF of the configuration: ristretto255-SHA512, mode 0 (RFC 9497 section 4.1). */
export const oprf: typeof ristretto255_oprf.oprf = ristretto255_oprf.oprf;

export interface DiffieHellmanPair {
  readonly publicKey: Uint8Array<ArrayBuffer>;
  readonly secretKey: Secret;
}

/** Passes the canonical encodings of group elements other than the identity. Throws `opaque-malformed`. */
export function checkElement(bytes: Uint8Array): void {
  parseElement(bytes);
}

/** Passes the canonical encodings of scalars other than zero. Throws `opaque-malformed`. */
function checkScalar(bytes: Uint8Array): void {
  try {
    if (!Scalar.is0(Scalar.fromBytes(bytes))) return;
  } catch (cause) {
    throw malformed('a scalar that is not canonical', cause);
  }
  throw malformed('the zero scalar');
}

/** DeriveDiffieHellmanKeyPair of a 32-byte seed (RFC 9807 section 6.4.1). */
export function deriveDiffieHellmanKeyPair(seed: Uint8Array): DiffieHellmanPair {
  const pair = oprf.deriveKeyPair(seed, utf8('OPAQUE-DeriveDiffieHellmanKeyPair'));
  const secretKey = new Secret(pair.secretKey);
  pair.secretKey.fill(0);
  return { publicKey: Uint8Array.from(pair.publicKey), secretKey };
}

/** The public key of a secret scalar of 32 bytes. Throws `opaque-malformed`. */
export function publicKeyOf(secretKey: Uint8Array): Uint8Array<ArrayBuffer> {
  checkScalar(secretKey);
  return Uint8Array.from(ristretto255.Point.BASE.multiply(Scalar.fromBytes(secretKey)).toBytes());
}

/** The shared element of a secret scalar and a peer's public key. Throws `opaque-malformed`. */
export function diffieHellman(secretKey: Secret, publicKey: Uint8Array): Uint8Array<ArrayBuffer> {
  const element = parseElement(publicKey);
  return secretKey.use((bytes) => Uint8Array.from(element.multiply(Scalar.fromBytes(bytes)).toBytes()));
}

function parseElement(bytes: Uint8Array): InstanceType<typeof ristretto255.Point> {
  const element = decodeElement(bytes);
  if (element.is0()) throw malformed('the identity element');
  return element;
}

function decodeElement(bytes: Uint8Array): InstanceType<typeof ristretto255.Point> {
  try {
    return ristretto255.Point.fromBytes(bytes);
  } catch (cause) {
    throw malformed('an element that is not canonical', cause);
  }
}

function malformed(what: string, cause?: unknown): CryptoWireFault {
  return new CryptoWireFault('opaque-malformed', `OPAQUE: ${what}`, cause === undefined ? {} : { cause });
}

const Scalar = ristretto255.Point.Fn;
