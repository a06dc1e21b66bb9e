import { CryptoPeerFault } from '@sotto/crypto';
import { PkiPeerFault } from '../fault.ts';

export function offProfile(what: string): PkiPeerFault {
  return new PkiPeerFault('container-profile', what);
}

/** The one answer to every container whose key or content does not open. */
export function openFailed(cause?: unknown): CryptoPeerFault {
  return new CryptoPeerFault('open-failed', 'the container does not open', { cause });
}
