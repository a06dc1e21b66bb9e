import { compare, encodeCbor, equal, hex } from '@sotto/bytes';
import {
  deriveKey,
  openCommitting,
  type Primitives,
  type SealBinding,
  Secret,
  type Suite,
  type Suites,
  sealCommitting,
  sha256,
  taggedHash,
} from '@sotto/crypto';
import { type Chain, currentUserKey } from './chain.ts';
import { ProtocolPeerFault } from './fault.ts';
import { merkleRoot } from './merkle.ts';
import type { Era, TableRow } from './roster.ts';

/** The resource key R_e: everything in the era derives from it. */
export function resourceKey(eraSecret: Secret): Secret {
  return deriveKey(eraSecret, 'sotto/era/resource/v1');
}

/** The public commitment to an era secret: 32 bytes, signed in the statement that starts the era. */
export function eraCommitment(eraSecret: Secret, room: Uint8Array, era: number): Uint8Array<ArrayBuffer> {
  using commitment = deriveKey(eraSecret, 'sotto/era/commitment/v1', { room, era });
  return commitment.unsafeExpose('a commitment is public');
}

/** Wraps the previous era's secret under the new one's link key. */
export async function sealLink(
  primitives: Primitives,
  eraSecret: Secret,
  { previous, room, era }: { readonly previous: Secret; readonly room: Uint8Array; readonly era: number },
): Promise<Uint8Array<ArrayBuffer>> {
  using linkKey = deriveKey(eraSecret, 'sotto/era/link/v1');
  const plaintext = previous.unsafeExpose('wrapped under the next era');
  return sealCommitting(primitives, linkKey, { label: 'sotto/era/link/v1', context: { room, era } }, plaintext);
}

/**
 * Opens a link and checks the result against the commitment of the era that it leads to: `previousEra`, the one just
 * before unless `linkedEra` says another. Null without a link. Throws `open-failed` or `era-commitment-mismatch`.
 */
export async function openLink(
  primitives: Primitives,
  eraSecret: Secret,
  {
    era,
    room,
    previousEra = era.era - 1,
  }: {
    readonly era: Pick<Era, 'era' | 'link' | 'previousCommitment'>;
    readonly room: Uint8Array;
    readonly previousEra?: number;
  },
): Promise<Secret | null> {
  if (era.link === null || era.previousCommitment === null) return null;
  using linkKey = deriveKey(eraSecret, 'sotto/era/link/v1');
  const binding = { label: 'sotto/era/link/v1', context: { room, era: era.era } };
  const previous = new Secret(await openCommitting(primitives, linkKey, binding, era.link));
  checkCommitment(previous, { room, era: previousEra, commitment: era.previousCommitment });
  return previous;
}

/** Throws `era-commitment-mismatch`. */
export function checkCommitment(
  eraSecret: Secret,
  { room, era, commitment }: { readonly room: Uint8Array; readonly era: number; readonly commitment: Uint8Array },
): void {
  if (equal(eraCommitment(eraSecret, room, era), commitment)) return;
  throw new ProtocolPeerFault('era-commitment-mismatch', 'an era secret that is not the one its statement commits to');
}

/** What an era secret or message key sealed to a member is bound to. */
export interface EntryBinding {
  readonly purpose: 'sotto/seal/era-secret/v1' | 'sotto/seal/message-key/v1' | 'sotto/seal/key-answer/v1';
  readonly room: Uint8Array;
  readonly era: number;
  /** Fingerprint of the author. */
  readonly sender: Uint8Array;
}

/** Seals an era secret or a message key to a member's current room key, in that member's own suite. */
export async function sealEntry(
  suites: Suites,
  member: Chain,
  { binding, secret }: { readonly binding: EntryBinding; readonly secret: Secret },
): Promise<Uint8Array<ArrayBuffer>> {
  const { room, generation } = currentUserKey(member);
  const plaintext = secret.unsafeExpose('sealed to a member');
  const { kem } = suites.byId(member.suite);
  return kem.seal(
    room,
    entryBinding(binding, { fingerprint: member.fingerprint, publicKey: room, generation }),
    plaintext,
  );
}

/** Opens what `sealEntry` sealed. `secretKey` is the member's room key of that generation. Throws `open-failed`. */
export async function openEntry(
  suite: Suite,
  secretKey: Secret,
  {
    binding,
    recipient,
    sealed,
  }: {
    readonly binding: EntryBinding;
    readonly recipient: { readonly fingerprint: Uint8Array; readonly generation: number };
    readonly sealed: Uint8Array;
  },
): Promise<Secret> {
  const publicKey = await suite.kem.publicKey(secretKey);
  return suite.kem.open(secretKey, entryBinding(binding, { ...recipient, publicKey }), sealed);
}

/** The binding under which `sealEntry` sealed; the opener rebuilds it from what was signed. */
export function entryBinding(
  { purpose, room, era, sender }: EntryBinding,
  recipient: { readonly fingerprint: Uint8Array; readonly publicKey: Uint8Array; readonly generation: number },
): SealBinding {
  const context = {
    sender,
    account: recipient.fingerprint,
    recipient: sha256(recipient.publicKey),
    generation: recipient.generation,
    room,
    era,
  };
  return { purpose, context };
}

/** The row that says which key of a member an entry is sealed to. */
export function rowOf(member: Chain): TableRow {
  return {
    fingerprint: member.fingerprint,
    length: member.hashes.length,
    head: member.hashes.at(-1) as Uint8Array,
    generation: currentUserKey(member).generation,
  };
}

/** Rows in the one order that a table has. */
export function sortRows<Row extends { readonly fingerprint: Uint8Array }>(rows: readonly Row[]): Row[] {
  return rows.toSorted((left, right) => compare(left.fingerprint, right.fingerprint));
}

/** The rows of a table that the one before it does not have alike: what lies beside the statement of its era. */
export function changedRows(before: readonly TableRow[], rows: readonly TableRow[]): TableRow[] {
  const known = new Map(before.map((row) => [hex(row.fingerprint), row]));
  return rows.filter((row) => {
    const same = known.get(hex(row.fingerprint));
    return same?.length !== row.length || same.generation !== row.generation || !equal(same.head, row.head);
  });
}

/** Hash of a table: over its sorted rows as arrays [fingerprint, length, head, generation]. */
export function tableHash(rows: readonly TableRow[]): Uint8Array<ArrayBuffer> {
  const sorted = sortRows(rows).map(({ fingerprint, length, head, generation }) => [
    fingerprint,
    length,
    head,
    generation,
  ]);
  return taggedHash('sotto/table/v1', encodeCbor(sorted));
}

/** Leaf hash of one sealed entry, bound to whom it is for. */
export function entryHash(fingerprint: Uint8Array, sealed: Uint8Array): Uint8Array<ArrayBuffer> {
  return taggedHash('sotto/entry/v1', fingerprint, sealed);
}

/** Root over the leaf hashes of the entries, which stand in the order of the rows. */
export function entriesRoot(leaves: readonly Uint8Array[]): Uint8Array {
  return merkleRoot(leaves) ?? taggedHash('sotto/entry/v1');
}
