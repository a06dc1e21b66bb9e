import { ed25519 } from '@noble/curves/ed25519.js';
import { sha512 } from '@noble/hashes/sha2.js';
import { concat, equal } from '@sotto/bytes';
import { CryptoPeerFault } from './fault.ts';
import { checkKeyLength, keyMalformed } from './refusal.ts';
import type { Secret } from './secret.ts';

/**
 * The verifiable random function ECVRF-EDWARDS25519-SHA512-TAI (RFC 9381): who holds the secret key computes an output
 * that looks random, and a proof by which anybody with the public key checks that it is the only one for its input.
 */
export interface VrfResult {
  /** `beta`, 64 bytes. */
  readonly output: Uint8Array<ArrayBuffer>;
  /** `pi`: Gamma | c | s, 80 bytes. */
  readonly proof: Uint8Array<ArrayBuffer>;
}

/** The public key of a secret key of 32 bytes (RFC 8032 section 5.1.5): 32 bytes. */
export function vrfPublicKey(secretKey: Secret): Uint8Array<ArrayBuffer> {
  return secretKey.use((seed) => Uint8Array.from(ed25519.getPublicKey(seed)));
}

/** Output and proof for an input (RFC 9381 section 5.1); the same every time. */
export function proveVrf(secretKey: Secret, input: Uint8Array): VrfResult {
  return secretKey.use((seed) => {
    const { scalar: x, prefix, point: Y, pointBytes } = ed25519.utils.getExtendedPublicKey(seed);
    const H = encodeToCurve(pointBytes, input);
    const gamma = H.multiply(x);
    const k = scalarOf(sha512(concat(prefix, H.toBytes())));
    const c = challenge([Y, H, gamma, Point.BASE.multiply(k), H.multiply(k)]);
    const s = Scalar.add(k, Scalar.mul(c, x));
    const proof = concat(gamma.toBytes(), Scalar.toBytes(c).subarray(0, CHALLENGE_BYTES), Scalar.toBytes(s));
    return { output: outputOf(gamma), proof };
  });
}

/**
 * The output that a proof proves for an input (RFC 9381 section 5.3, the key validated). Throws `key-malformed`, and
 * `bad-signature` for every proof that does not hold.
 */
export function verifyVrf(publicKey: Uint8Array, input: Uint8Array, proof: Uint8Array): Uint8Array<ArrayBuffer> {
  const Y = parsePublicKey(publicKey);
  const { gamma, c, s, challengeBytes } = parseProof(proof);
  const H = encodeToCurve(publicKey, input);
  const U = Point.BASE.multiplyUnsafe(s).subtract(Y.multiplyUnsafe(c));
  const V = H.multiplyUnsafe(s).subtract(gamma.multiplyUnsafe(c));
  const expected = Scalar.toBytes(challenge([Y, H, gamma, U, V])).subarray(0, CHALLENGE_BYTES);
  if (!equal(expected, challengeBytes)) throw badProof();
  return outputOf(gamma);
}

type EdwardsPoint = InstanceType<typeof ed25519.Point>;

function parsePublicKey(bytes: Uint8Array): EdwardsPoint {
  checkKeyLength(bytes, 32, 'VRF public key');
  const point = pointOf(bytes);
  if (point === null || point.isSmallOrder()) throw keyMalformed('VRF public key');
  return point;
}

/** RFC 9381 section 5.4.4; an `s` at or above the order is refused, so that there is one proof and no second spelling. */
function parseProof(proof: Uint8Array): {
  readonly gamma: EdwardsPoint;
  readonly c: bigint;
  readonly s: bigint;
  readonly challengeBytes: Uint8Array;
} {
  if (proof.length !== PROOF_BYTES) throw badProof();
  const gamma = pointOf(proof.subarray(0, 32));
  const challengeBytes = proof.subarray(32, 32 + CHALLENGE_BYTES);
  const s = littleEndian(proof.subarray(32 + CHALLENGE_BYTES));
  if (gamma === null || s >= Scalar.ORDER) throw badProof();
  return { gamma, c: littleEndian(challengeBytes), s, challengeBytes };
}

/** ECVRF_encode_to_curve_try_and_increment (RFC 9381 section 5.4.1.1); the salt is the public key. */
function encodeToCurve(publicKey: Uint8Array, input: Uint8Array): EdwardsPoint {
  for (let counter = 0; counter < 256; counter++) {
    const hash = sha512(concat(Uint8Array.of(SUITE, 1), publicKey, input, Uint8Array.of(counter, 0)));
    const point = pointOf(hash.subarray(0, 32))?.clearCofactor();
    if (point !== undefined && !point.is0()) return point;
  }
  throw badProof();
}

/** ECVRF_challenge_generation (RFC 9381 section 5.4.3). */
function challenge(points: readonly EdwardsPoint[]): bigint {
  const encoded = points.map((point) => point.toBytes());
  const hash = sha512(concat(Uint8Array.of(SUITE, 2), ...encoded, Uint8Array.of(0)));
  return littleEndian(hash.subarray(0, CHALLENGE_BYTES));
}

/** ECVRF_proof_to_hash (RFC 9381 section 5.2). */
function outputOf(gamma: EdwardsPoint): Uint8Array<ArrayBuffer> {
  const encoded = gamma.clearCofactor().toBytes();
  return Uint8Array.from(sha512(concat(Uint8Array.of(SUITE, 3), encoded, Uint8Array.of(0))));
}

/** A point in its one encoding (RFC 8032 section 5.1.3); null for bytes that are none. */
function pointOf(bytes: Uint8Array): EdwardsPoint | null {
  try {
    return Point.fromBytes(bytes);
  } catch {
    return null;
  }
}

function scalarOf(hash: Uint8Array): bigint {
  return Scalar.create(littleEndian(hash));
}

function littleEndian(bytes: Uint8Array): bigint {
  return bytes.reduceRight((value, byte) => (value << 8n) | BigInt(byte), 0n);
}

function badProof(): CryptoPeerFault {
  return new CryptoPeerFault('bad-signature', 'a proof of the verifiable random function that does not hold');
}

const Point = ed25519.Point;
const Scalar = ed25519.Point.Fn;
const SUITE = 0x03;
const CHALLENGE_BYTES = 16;
const PROOF_BYTES = 80;
