import { equal, hex } from '@sotto/bytes';
import { sha256 } from '@sotto/crypto';
import { ZrtpPeerFault } from './fault.ts';
import type { PeerHello } from './handshake.ts';

/** What an end knows before the other one says Hello. */
export interface Expectation {
  /** Our own. */
  readonly zid: Uint8Array;
  readonly source: number;
  /** What the signalling announced, `1.10 ` and 64 digits; null if it could not. */
  readonly peerHelloHash: string | null;
}

/** Why a Hello from a source is not that of the other end of this call; null if it may be. */
export function strangeness(
  { zid, source: own, peerHelloHash }: Expectation,
  source: number,
  { hello, message }: PeerHello,
): ZrtpPeerFault | null {
  const announced = peerHelloHash?.split(' ')[1];
  if (announced !== undefined && announced.toLowerCase() !== hex(sha256(message))) {
    return new ZrtpPeerFault('hello-hash-mismatch', 'who answers is not who was announced');
  }
  if (!hello.version.startsWith('1.1')) return new ZrtpPeerFault('version-unsupported', 'another version of ZRTP');
  if (equal(hello.zid, zid)) return new ZrtpPeerFault('zid-equal', 'the other end has our own id');
  return source === own ? new ZrtpPeerFault('source-equal', 'the other end has our source number') : null;
}
