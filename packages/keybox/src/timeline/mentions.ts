import { concat, hex } from '@sotto/bytes';
import { isAddress, type RoomState } from '@sotto/protocol';

/** Fingerprints of the members whose address stands in a text as a word of its own, with or without `@` before it. */
export function mentionsIn(text: string, { members }: Pick<RoomState, 'members'>): readonly Uint8Array[] {
  const named = new Set<string>();
  for (const [word] of text.matchAll(WORD)) {
    const address = word
      .replace(/^@/, '')
      .replace(/[.-]+$/, '')
      .toLowerCase();
    if (isAddress(address)) named.add(address);
  }
  return Object.values(members)
    .filter(({ address }) => named.has(address))
    .map(({ fingerprint }) => fingerprint)
    .slice(0, MAX_MENTIONS);
}

/** As they are kept in one column; null for none. */
export function joinMentions(mentions: readonly Uint8Array[]): Uint8Array | null {
  return mentions.length === 0 ? null : concat(...mentions);
}

/** Fingerprints in hexadecimal. */
export function splitMentions(kept: Uint8Array | null): readonly string[] {
  if (kept === null) return [];
  const count = kept.length / FINGERPRINT_BYTES;
  return Array.from({ length: count }, (_, i) =>
    hex(kept.subarray(i * FINGERPRINT_BYTES, (i + 1) * FINGERPRINT_BYTES)),
  );
}

/** What may be an address: its letters, and nothing of them beside it. */
const WORD = /@?[A-Za-z0-9._-]+@[A-Za-z0-9.-]+/g;
const MAX_MENTIONS = 64;
const FINGERPRINT_BYTES = 32;
