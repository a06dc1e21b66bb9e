import { MAX_OID_BYTES } from '../limits.ts';
import { malformed } from './fault.ts';

/** Content octets of an object identifier in dotted form; arcs of any size (X.690 section 8.19). */
export function encodeOid(dotted: string): Uint8Array<ArrayBuffer> {
  const [root = 0n, second = 0n, ...rest] = dotted.split('.').map(BigInt);
  return Uint8Array.from([root * 40n + second, ...rest].flatMap(base128));
}

/** The dotted form of an object identifier's content octets. Throws `der-malformed` beyond 32 octets. */
export function decodeOid(content: Uint8Array): string {
  if (content.length > MAX_OID_BYTES) throw malformed('an object identifier too long');
  const arcs: bigint[] = [];
  let arc = 0n;
  for (const octet of content) {
    arc = (arc << 7n) | BigInt(octet & 0x7f);
    if (octet >= 0x80) continue;
    arcs.push(arc);
    arc = 0n;
  }
  const [first = 0n, ...rest] = arcs;
  const root = first < 40n ? 0n : first < 80n ? 1n : 2n;
  return [root, first - root * 40n, ...rest].join('.');
}

function base128(arc: bigint): number[] {
  const octets = [Number(arc & 0x7fn)];
  for (let rest = arc >> 7n; rest > 0n; rest >>= 7n) octets.unshift(Number(rest & 0x7fn) | 0x80);
  return octets;
}
