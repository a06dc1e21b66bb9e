import { BugFault } from '@sotto/bytes';
import { CryptoPeerFault, CryptoWireFault } from './fault.ts';
import type { Secret } from './secret.ts';

/** The fault of a key that is not of its algorithm: wrong length, wrong encoding, a size that is refused. */
export function keyMalformed(what: string, cause?: unknown): CryptoWireFault {
  return new CryptoWireFault('key-malformed', `malformed key: ${what}`, { cause });
}

/** The one answer to every failed decryption. It tells nothing of the reason. */
export function openFailed(cause?: unknown): CryptoPeerFault {
  return new CryptoPeerFault('open-failed', 'the sealed bytes do not open', { cause });
}

/** The fault of a public key, share or ciphertext that its group refuses. */
export function badShare(what: string, cause?: unknown): CryptoPeerFault {
  return new CryptoPeerFault('bad-share', `refused share: ${what}`, { cause });
}

/** Throws `key-malformed` unless the key has the length of its algorithm. */
export function checkKeyLength(key: Uint8Array | Secret, bytes: number, what: string): void {
  if (key.length !== bytes) throw keyMalformed(`${what} of ${key.length} bytes, not ${bytes}`);
}

/** Throws `key-malformed` for an AES key and `bug` for a nonce of the wrong length. */
export function checkAeadInput({ key, nonce }: { readonly key: Secret; readonly nonce: Uint8Array }): void {
  checkKeyLength(key, 32, 'AES-256 key');
  if (nonce.length !== 12) throw new BugFault(`an AES-GCM nonce of ${nonce.length} bytes`);
}
