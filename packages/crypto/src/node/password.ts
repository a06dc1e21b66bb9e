import { argon2, pbkdf2 } from 'node:crypto';
import { promisify } from 'node:util';
import type { Argon2Parameters } from '../ports.ts';
import type { Secret } from '../secret.ts';
import { intoSecret } from './bytes.ts';

export async function argon2id(
  password: Uint8Array,
  salt: Uint8Array,
  { memoryKib, passes, parallelism }: Argon2Parameters,
  length: number,
): Promise<Secret> {
  const cost = { memory: memoryKib, passes, parallelism, tagLength: length };
  return intoSecret(await hashArgon2('argon2id', { message: password, nonce: salt, ...cost }));
}

export async function pbkdf2Sha256(
  password: Uint8Array,
  salt: Uint8Array,
  iterations: number,
  length: number,
): Promise<Secret> {
  return intoSecret(await hashPbkdf2(password, salt, iterations, length, 'sha256'));
}

const hashArgon2 = promisify(argon2);
const hashPbkdf2 = promisify(pbkdf2);
