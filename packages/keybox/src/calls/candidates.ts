import type { SignalCandidate } from '@sotto/protocol';
import { KeyboxUsageFault } from '../fault.ts';
import { formatIpAddress, parseIpAddress } from './ip-address.ts';
import type { MediaCandidate } from './views.ts';

/** As they travel. Throws `call-media-unfit` for what is no address, or no port from 1024. */
export function encodeCandidates(candidates: readonly MediaCandidate[]): readonly SignalCandidate[] {
  return candidates.map(({ address, port }) => {
    const bytes = parseIpAddress(address);
    if (bytes === null || !Number.isInteger(port) || port < 1024 || port > 65_535) {
      throw new KeyboxUsageFault('call-media-unfit', 'an address or port that no call can use');
    }
    return { address: bytes, port };
  });
}

/**
 * Those of the other end that may be tried: addresses of the world, and loopback and private ones only of a kind that
 * this end told itself, so that nobody has us knock at doors inside our own house.
 */
export function usableCandidates(
  theirs: readonly SignalCandidate[],
  own: readonly SignalCandidate[],
): readonly MediaCandidate[] {
  const reach = new Set(['global', ...own.map(({ address }) => scopeOf(address))]);
  const usable = theirs.filter(({ address }) => {
    const scope = scopeOf(address);
    return scope !== null && reach.has(scope);
  });
  return usable.map(({ address, port }) => ({ address: formatIpAddress(address), port }));
}

type Scope = 'global' | 'loopback' | 'private';

/** Null for what is nobody's own address, or stands for another one. */
function scopeOf(address: Uint8Array): Scope | null {
  const ranges = address.length === 4 ? IPV4 : IPV6;
  const range = ranges.find(({ prefix, bits }) => isWithin(address, prefix, bits));
  if (range !== undefined) return range.scope;
  // Of IPv6 nothing but 2000::/3 is given out.
  return address.length === 4 || isWithin(address, [0x20], 3) ? 'global' : null;
}

function isWithin(address: Uint8Array, prefix: readonly number[], bits: number): boolean {
  for (let bit = 0; bit < bits; bit++) {
    const mask = 0x80 >> (bit & 7);
    if (((address[bit >> 3] as number) & mask) !== ((prefix[bit >> 3] ?? 0) & mask)) return false;
  }
  return true;
}

interface Range {
  readonly prefix: readonly number[];
  readonly bits: number;
  readonly scope: Scope | null;
}

const range = (prefix: readonly number[], bits: number, scope: Scope | null = null): Range => ({ prefix, bits, scope });

/** RFC 6890 and its registry; the first that fits counts. */
const IPV4: readonly Range[] = [
  range([0], 8),
  range([10], 8, 'private'),
  range([100, 64], 10, 'private'),
  range([127], 8, 'loopback'),
  range([169, 254], 16),
  range([172, 16], 12, 'private'),
  range([192, 0, 0], 24),
  range([192, 0, 2], 24),
  range([192, 88, 99], 24),
  range([192, 168], 16, 'private'),
  range([198, 18], 15),
  range([198, 51, 100], 24),
  range([203, 0, 113], 24),
  range([224], 4),
  range([240], 4),
];

const LOOPBACK = [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1];
const IPV6: readonly Range[] = [
  range(LOOPBACK, 128, 'loopback'),
  range([0xfc], 7, 'private'),
  // Teredo and the rest of the protocol assignments, documentation, 6to4: they carry an IPv4 address, or none.
  range([0x20, 0x01, 0x00], 23),
  range([0x20, 0x01, 0x0d, 0xb8], 32),
  range([0x20, 0x02], 16),
  range([0x3f, 0xff], 20),
];
