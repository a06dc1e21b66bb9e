import { equal } from '@sotto/bytes';
import { type Secret, sha256 } from '@sotto/crypto';
import {
  type Body,
  entryBinding,
  type MessageKeyRow,
  messageKeyCommitment,
  messageKeyRowsHash,
  openBody,
  ProtocolPeerFault,
  type RecordHeader,
  resourceKey,
} from '@sotto/protocol';
import type { Session } from './session.ts';

/** What a record's body opens with. */
export interface RecordKeys {
  readonly secret: Secret;
  /** Keying `per-message`: the message key as it was sealed to us. */
  readonly sealedKey: Uint8Array | null;
}

/** Opens the body of a record that counted. Throws the faults of `openBody`, and of a message key that is not the signed one. */
export async function openRecord(
  session: Session,
  keys: RecordKeys,
  { header, body }: { readonly header: RecordHeader; readonly body: Uint8Array },
): Promise<Body> {
  const messageKey = header.keys === null ? null : await openMessageKey(session, header, keys.sealedKey);
  return openBody(session.primitives, { resourceKey: resourceKey(keys.secret), messageKey }, { header, body });
}

/** Whether the message key that the server gives us is the one that was signed; true where there is none. */
export function isSignedKey(
  { identity }: Session,
  { keys }: RecordHeader,
  { sealedKey, keyRows }: { readonly sealedKey: Uint8Array | null; readonly keyRows: readonly MessageKeyRow[] | null },
): boolean {
  if (keys === null) return true;
  if (sealedKey === null || keyRows === null || !equal(messageKeyRowsHash(keyRows), keys.rows)) return false;
  const own = keyRows.find(({ fingerprint }) => equal(fingerprint, identity.fingerprint));
  return own !== undefined && equal(sha256(sealedKey), own.hash);
}

async function openMessageKey({ identity }: Session, header: RecordHeader, sealed: Uint8Array | null): Promise<Secret> {
  if (sealed === null) throw new ProtocolPeerFault('era-table-invalid', 'no message key for us');
  const { room, era, author } = header;
  let failure: unknown = null;
  for (const { generation, keys } of identity.userKeys.toReversed()) {
    const recipient = { fingerprint: identity.fingerprint, publicKey: keys.room.publicKey, generation };
    const binding = entryBinding({ purpose: 'sotto/seal/message-key/v1', room, era, sender: author }, recipient);
    try {
      const key = await identity.suite.kem.open(keys.room.secretKey, binding, sealed);
      if (header.keys !== null && equal(messageKeyCommitment(key, header), header.keys.commitment)) return key;
      throw new ProtocolPeerFault('era-commitment-mismatch', 'a message key that its record does not commit to');
    } catch (cause) {
      failure ??= cause;
    }
  }
  throw failure;
}
