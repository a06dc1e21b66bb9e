import { concat } from '@sotto/bytes';
import { encodeMessage, malformed, readMessage, text } from '../fields.ts';

/** RFC 6189 section 5.4: what the initiator chose, and what it commits itself to. */
export interface Commit {
  readonly h2: Uint8Array;
  readonly zid: Uint8Array;
  readonly hash: string;
  readonly cipher: string;
  readonly authTag: string;
  readonly agreement: string;
  readonly sasType: string;
  readonly commitment: Commitment;
  /** Under H1, which comes with the DHPart or Confirm. */
  readonly mac: Uint8Array;
}

export type Commitment =
  /** 32 bytes: the hash of the DHPart2 that will follow and of the responder's Hello. */
  | { readonly mode: 'dh'; readonly hvi: Uint8Array }
  /** 16 bytes. */
  | { readonly mode: 'multistream'; readonly nonce: Uint8Array }
  /** 16 bytes, and the id of the key, 8. */
  | { readonly mode: 'preshared'; readonly nonce: Uint8Array; readonly keyId: Uint8Array };

export function encodeCommit(
  commit: Omit<Commit, 'mac'>,
  mac: (unsigned: Uint8Array) => Uint8Array,
): Uint8Array<ArrayBuffer> {
  const { h2, zid, hash, cipher, authTag, agreement, sasType, commitment } = commit;
  const names = [hash, cipher, authTag, agreement, sasType].map((name) => text(name, 4));
  const unsigned = encodeMessage('Commit', h2, zid, ...names, ...committed(commitment), new Uint8Array(8)).subarray(
    0,
    -8,
  );
  return concat(unsigned, mac(unsigned));
}

export function parseCommit(message: Uint8Array): Commit {
  const reader = readMessage('Commit', message);
  const [h2, zid] = [reader.bytes(32), reader.bytes(12)];
  const [hash, cipher, authTag, agreement, sasType] = [4, 4, 4, 4, 4].map((length) => reader.text(length));
  const name = (value: string | undefined): string => value ?? '';
  const commitment = commitmentOf(
    name(agreement),
    () => reader.bytes(32),
    () => reader.bytes(16),
    () => reader.bytes(8),
  );
  const mac = reader.bytes(8);
  reader.end();
  const chosen = { hash: name(hash), cipher: name(cipher), authTag: name(authTag), sasType: name(sasType) };
  return { h2, zid, ...chosen, agreement: name(agreement), commitment, mac };
}

function commitmentOf(
  agreement: string,
  hvi: () => Uint8Array,
  nonce: () => Uint8Array,
  keyId: () => Uint8Array,
): Commitment {
  if (agreement === 'Mult') return { mode: 'multistream', nonce: nonce() };
  if (agreement === 'Prsh') return { mode: 'preshared', nonce: nonce(), keyId: keyId() };
  return { mode: 'dh', hvi: hvi() };
}

function committed(commitment: Commitment): readonly Uint8Array[] {
  switch (commitment.mode) {
    case 'dh':
      return [commitment.hvi];
    case 'multistream':
      return [commitment.nonce];
    case 'preshared':
      return [commitment.nonce, commitment.keyId];
    default:
      throw malformed();
  }
}
