import { x448 } from '@noble/curves/ed448.js';
import { x25519 } from '@noble/curves/ed25519.js';
import { p384 } from '@noble/curves/nist.js';
import { concat } from '@sotto/bytes';
import type { Primitives } from './ports.ts';
import { badShare } from './refusal.ts';
import { Secret } from './secret.ts';

/** A Diffie-Hellman group of ZRTP, synchronous, so that its machine answers a message in one step. */
export interface CallAgreement {
  /** Length of a public value. */
  readonly publicBytes: number;
  /** A key of one call. */
  generate(randomBytes: Primitives['randomBytes']): CallKey;
}

/** Wiped on disposal, as far as a BigInt can be. */
export interface CallKey extends Disposable {
  readonly publicValue: Uint8Array<ArrayBuffer>;
  /** Throws `bad-share` for what is no element of the group that hides anything. */
  agree(publicValue: Uint8Array): Secret;
}

/**
 * By noble and by BigInt on every platform: none has all four. BigInt's time depends on the exponent, which lives for one
 * call and meets one public value.
 */
export const callAgreements: Readonly<Record<'x25519' | 'x448' | 'p384' | 'modp3072', CallAgreement>> = {
  x25519: montgomery(x25519, 32),
  x448: montgomery(x448, 56),
  p384: {
    publicBytes: 96,
    generate(randomBytes) {
      const secretKey = p384.utils.randomSecretKey(randomBytes(P384_SEED_BYTES));
      return {
        publicValue: Uint8Array.from(p384.getPublicKey(secretKey, false).subarray(1)),
        agree: (point) => guarded(() => p384.getSharedSecret(secretKey, concat(UNCOMPRESSED, point)).subarray(1)),
        [Symbol.dispose]: () => void secretKey.fill(0),
      };
    },
  },
  modp3072: {
    publicBytes: 384,
    generate(randomBytes) {
      // Twice the bits of the strongest cipher that it keys (RFC 6189 section 5.1.5).
      let exponent = integer(randomBytes(64));
      return {
        publicValue: encoded(power(GENERATOR, exponent)),
        agree: (value) => guarded(() => encoded(power(checked(value), exponent))),
        [Symbol.dispose]() {
          exponent = 0n;
        },
      };
    },
  },
};

interface Montgomery {
  getPublicKey(secretKey: Uint8Array): Uint8Array;
  getSharedSecret(secretKey: Uint8Array, publicKey: Uint8Array): Uint8Array;
}

function montgomery(curve: Montgomery, publicBytes: number): CallAgreement {
  return {
    publicBytes,
    generate(randomBytes) {
      const secretKey = randomBytes(publicBytes);
      return {
        publicValue: Uint8Array.from(curve.getPublicKey(secretKey)),
        // noble refuses what leads to zero.
        agree: (value) => guarded(() => curve.getSharedSecret(secretKey, value)),
        [Symbol.dispose]: () => void secretKey.fill(0),
      };
    },
  };
}

function guarded(agree: () => Uint8Array): Secret {
  try {
    const bytes = agree();
    const secret = new Secret(bytes);
    bytes.fill(0);
    return secret;
  } catch (cause) {
    throw badShare('a public value of no use', cause);
  }
}

/** RFC 6189 section 5.1.5 refuses 1 and p - 1; whatever is outside of them hides nothing either. */
function checked(value: Uint8Array): bigint {
  const element = integer(value);
  if (value.length === 384 && element > 1n && element < PRIME - 1n) return element;
  throw badShare('outside of the group');
}

function power(base: bigint, exponent: bigint): bigint {
  let [result, square] = [1n, base];
  for (let rest = exponent; rest > 0n; rest >>= 1n) {
    if ((rest & 1n) === 1n) result = (result * square) % PRIME;
    square = (square * square) % PRIME;
  }
  return result;
}

function integer(bytes: Uint8Array): bigint {
  return BigInt(`0x0${Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('')}`);
}

function encoded(value: bigint): Uint8Array<ArrayBuffer> {
  const text = value.toString(16).padStart(768, '0');
  return Uint8Array.from({ length: 384 }, (_, i) => Number.parseInt(text.slice(2 * i, 2 * i + 2), 16));
}

const UNCOMPRESSED = Uint8Array.of(4);
/** Enough that reducing them leaves no trace in the key. */
const P384_SEED_BYTES = 72;
const GENERATOR = 2n;
/** RFC 3526 section 4: 2^3072 - 2^3008 - 1 + 2^64 * (floor(2^2942 * pi) + 1690314). */
const PRIME = BigInt(
  '0xffffffffffffffffc90fdaa22168c234c4c6628b80dc1cd129024e088a67cc74020bbea63b139b22514a08798e3404ddef9519b3cd3a431b302b0a6df25f14374fe1356d6d51c245e485b576625e7ec6f44c42e9a637ed6b0bff5cb6f406b7edee386bfb5a899fa5ae9f24117c4b1fe649286651ece45b3dc2007cb8a163bf0598da48361c55d39a69163fa8fd24cf5f83655d23dca3ad961c62f356208552bb9ed529077096966d670c354e4abc9804f1746c08ca18217c32905e462e36ce3be39e772c180e86039b2783a2ec07a28fb5c55df06f4c52c9de2bcbf6955817183995497cea956ae515d2261898fa051015728e5a8aaac42dad33170d04507a33a85521abdf1cba64ecfb850458dbef0a8aea71575d060c7db3970f85a6e1e4c7abf5ae8cdb0933d71e8c94e04a25619dcee3d2261ad2ee6bf12ffa06d98a0864d87602733ec86a64521f2b18177b200cbbe117577a615d6c770988c0bad946e208e24fa074e5ab3143db5bfce0fd108e4b82d120a93ad2caffffffffffffffff',
);
