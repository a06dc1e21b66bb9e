import { CryptoPeerFault } from '@sotto/crypto';
import { PkiPeerFault } from '../fault.ts';

export function offProfile(what: string): PkiPeerFault {
  return new PkiPeerFault('pkcs12-profile', what);
}

/** Wrong password, changed bytes, broken padding: one answer. */
export function openFailed(cause?: unknown): CryptoPeerFault {
  return new CryptoPeerFault('open-failed', 'the key file does not open', { cause });
}
