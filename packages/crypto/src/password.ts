import { BugFault, utf8 } from '@sotto/bytes';
import { CryptoPolicyFault } from './fault.ts';
import type { Argon2Parameters, Primitives } from './ports.ts';
import { Secret } from './secret.ts';

/** The weakest Argon2id that any passphrase of ours is stretched with, and what new ones get. */
export const argon2Floor: Argon2Parameters = Object.freeze({ memoryKib: 64 * 1024, passes: 3, parallelism: 1 });

/** The dearest Argon2id that a peer may ask of us: about 20 seconds on a small machine. */
export const argon2Ceiling: Argon2Parameters = Object.freeze({ memoryKib: 1024 * 1024, passes: 10, parallelism: 4 });

/**
 * Judges parameters before anything runs under them. `pinned` is what the same peer's answer was last accepted
 * with: memory and passes never fall below it.
 * Throws `kdf-downgrade` or `kdf-too-costly`.
 */
export function checkArgon2Parameters(parameters: Argon2Parameters, pinned: Argon2Parameters | null = null): void {
  const { memoryKib, passes, parallelism } = parameters;
  if (![memoryKib, passes, parallelism].every(Number.isSafeInteger)) throw downgrade(parameters);
  if (isBelow(parameters, argon2Floor)) throw downgrade(parameters);
  if (memoryKib > argon2Ceiling.memoryKib || passes > argon2Ceiling.passes || parallelism > argon2Ceiling.parallelism) {
    throw new CryptoPolicyFault('kdf-too-costly', 'Argon2id parameters above the ceiling', {
      detail: { ...parameters },
    });
  }
  if (pinned !== null && isBelow({ ...parameters, parallelism: pinned.parallelism }, pinned))
    throw downgrade(parameters);
}

/**
 * The bytes of a passphrase, as the OpaqueString profile makes them (RFC 8265 section 4.2): every space becomes
 * U+0020, then NFC, then UTF-8. What keyboards and systems spell differently opens the same account.
 */
export function passphraseBytes(passphrase: string): Secret {
  const bytes = utf8(passphrase.replaceAll(/\p{Zs}/gu, ' ').normalize('NFC'));
  const secret = new Secret(bytes);
  bytes.fill(0);
  return secret;
}

export interface StretchOptions {
  /** Random, stored beside what the result protects; at least 16 bytes. */
  readonly salt: Uint8Array;
  readonly parameters: Argon2Parameters;
  readonly pinned?: Argon2Parameters | null;
  /** Bytes of the result; 32 unless told. */
  readonly length?: number;
}

/**
 * Argon2id over a passphrase, for wraps that stay on a device.
 * Throws `kdf-downgrade` or `kdf-too-costly` before it runs.
 */
export async function stretch(primitives: Primitives, passphrase: string, options: StretchOptions): Promise<Secret> {
  const { salt, parameters, pinned = null, length = 32 } = options;
  if (salt.length < 16) throw new BugFault('a salt has at least 16 bytes');
  checkArgon2Parameters(parameters, pinned);
  using password = passphraseBytes(passphrase);
  // Lent for the whole run: the promise settles before `using` wipes the bytes.
  return await password.use((bytes) => primitives.argon2id(bytes, salt, parameters, length));
}

function isBelow(parameters: Argon2Parameters, least: Argon2Parameters): boolean {
  return (
    parameters.memoryKib < least.memoryKib ||
    parameters.passes < least.passes ||
    parameters.parallelism < least.parallelism
  );
}

function downgrade(parameters: Argon2Parameters): CryptoPolicyFault {
  return new CryptoPolicyFault('kdf-downgrade', 'Argon2id parameters below the floor', { detail: { ...parameters } });
}
