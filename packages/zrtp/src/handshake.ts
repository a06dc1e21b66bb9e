import type { PacketCiphers } from '@sotto/crypto';
import type { SessionKey } from './agreed.ts';
import { ZrtpPeerFault } from './fault.ts';
import { type HashChain, isLink, nextLink } from './hash-chain.ts';
import type { SharedSecrets } from './key-schedule.ts';
import type { Choices, Hello } from './messages/hello.ts';

/** What was kept for a partner. */
export interface KnownSecrets extends SharedSecrets {
  /** Whether the person compared the SAS of a call that led to rs1. */
  readonly verified: boolean;
}

/** The other end's Hello, and its bytes. */
export interface PeerHello {
  readonly hello: Hello;
  readonly message: Uint8Array;
}

/** What both roles work with. */
export interface HandshakeInput {
  readonly ciphers: PacketCiphers;
  randomBytes(length: number): Uint8Array<ArrayBuffer>;
  readonly zid: Uint8Array;
  readonly choices: Choices;
  readonly chain: HashChain;
  readonly hello: Uint8Array<ArrayBuffer>;
  readonly peer: PeerHello;
  readonly secrets: KnownSecrets;
  /** Set for a further stream of a call. */
  readonly session: SessionKey | null;
}

/**
 * The beginning of the other end's chain must lead to what its Hello had and what came between, as far as that came, and
 * have made their MACs. Throws `hash-chain-broken`.
 */
export function checkChain(
  h0: Uint8Array,
  peer: PeerHello,
  { part, commit }: { readonly part: Uint8Array | null; readonly commit: Uint8Array | null },
): void {
  const h1 = nextLink(h0);
  const isWhole =
    (part === null || isLink(h0, { next: linkIn(part), message: part })) &&
    (commit === null || isLink(h1, { next: linkIn(commit), message: commit })) &&
    isOfPeer(nextLink(h1), peer);
  if (!isWhole) throw new ZrtpPeerFault('hash-chain-broken', 'messages of this call are not all from the same end');
}

/** Whether H2 is that of the end that sent the Hello. */
export function isOfPeer(h2: Uint8Array, { hello, message }: PeerHello): boolean {
  return isLink(h2, { next: hello.h3, message });
}

/** DHPart and Commit have it first. */
function linkIn(message: Uint8Array): Uint8Array {
  return message.subarray(12, 44);
}
