import { argon2id as hashArgon2id } from 'hash-wasm';
import type { Argon2Parameters } from '../ports.ts';
import type { Secret } from '../secret.ts';
import { bytesOf, intoSecret, source } from './bytes.ts';

export async function argon2id(
  password: Uint8Array,
  salt: Uint8Array,
  { memoryKib, passes, parallelism }: Argon2Parameters,
  length: number,
): Promise<Secret> {
  const cost = { memorySize: memoryKib, iterations: passes, parallelism, hashLength: length };
  return intoSecret(await hashArgon2id({ password, salt, ...cost, outputType: 'binary' }));
}

export async function pbkdf2Sha256(
  password: Uint8Array,
  salt: Uint8Array,
  iterations: number,
  length: number,
): Promise<Secret> {
  const key = await crypto.subtle.importKey('raw', source(password), 'PBKDF2', false, ['deriveBits']);
  const algorithm = { name: 'PBKDF2', hash: 'SHA-256', salt: source(salt), iterations };
  return intoSecret(bytesOf(await crypto.subtle.deriveBits(algorithm, key, 8 * length)));
}
