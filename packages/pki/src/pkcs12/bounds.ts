import { CryptoPolicyFault } from '@sotto/crypto';
import { MAX_KDF_ITERATIONS, MIN_KDF_ITERATIONS } from '../limits.ts';
import { offProfile } from './fault.ts';

/** What PBKDF2 and the PKCS#12 KDF take beside the password. */
export interface DerivationParameters {
  readonly salt: Uint8Array;
  readonly iterations: number;
}

/** Throws `kdf-downgrade` or `kdf-too-costly`. */
export function checkIterations(iterations: number): void {
  const detail = { iterations };
  if (iterations < MIN_KDF_ITERATIONS) throw new CryptoPolicyFault('kdf-downgrade', 'too few iterations', { detail });
  if (iterations > MAX_KDF_ITERATIONS) throw new CryptoPolicyFault('kdf-too-costly', 'too many iterations', { detail });
}

export function checkSalt(salt: Uint8Array): void {
  if (salt.length < 8 || salt.length > 64) throw offProfile('a salt that is not of 8 to 64 octets');
}
