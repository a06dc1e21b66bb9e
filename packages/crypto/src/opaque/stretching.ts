import { checkArgon2Parameters } from '../password.ts';
import type { Argon2Parameters, Primitives } from '../ports.ts';
import type { Secret } from '../secret.ts';
import { HASH_BYTES } from './limits.ts';

/** The KSF: stretches the OPRF's 64-byte output. */
export type KeyStretching = (oprfOutput: Uint8Array) => Promise<Secret>;

/**
 * Argon2id with 16 zero bytes for a salt (RFC 9807 section 7: the OPRF key already salts) and 64 bytes of result.
 * Throws `kdf-downgrade` or `kdf-too-costly` at once, before it could run.
 */
export function argon2Stretching(
  primitives: Primitives,
  parameters: Argon2Parameters,
  pinned: Argon2Parameters | null = null,
): KeyStretching {
  checkArgon2Parameters(parameters, pinned);
  return (oprfOutput) => primitives.argon2id(oprfOutput, new Uint8Array(16), parameters, HASH_BYTES);
}
