import { equal } from '@sotto/bytes';
import { hmacSha256, sha256 } from '@sotto/crypto';

/** RFC 6189 section 9: each message brings the key of the MAC of the one before. */
export interface HashChain {
  readonly h0: Uint8Array;
  readonly h1: Uint8Array;
  readonly h2: Uint8Array;
  readonly h3: Uint8Array;
}

/** From 32 random bytes. */
export function hashChain(h0: Uint8Array): HashChain {
  const h1 = nextLink(h0);
  const h2 = nextLink(h1);
  return { h0, h1, h2, h3: nextLink(h2) };
}

export function nextLink(link: Uint8Array): Uint8Array<ArrayBuffer> {
  return sha256(link);
}

/** The 8 bytes that end a message. */
export function messageMac(key: Uint8Array): (unsigned: Uint8Array) => Uint8Array<ArrayBuffer> {
  return (unsigned) => hmacSha256(key, unsigned).slice(0, 8);
}

/** Whether a link leads to the next one, and is the key of the message that brought that. */
export function isLink(
  link: Uint8Array,
  { next, message }: { readonly next: Uint8Array; readonly message: Uint8Array },
): boolean {
  return equal(nextLink(link), next) && equal(messageMac(link)(message.subarray(0, -8)), message.subarray(-8));
}
