import { type CborValue, decodeCbor, encodeCbor, hex } from '@sotto/bytes';
import { Secret, sha256 } from '@sotto/crypto';
import {
  blobsOf,
  body as bodyFormat,
  chainExtent,
  currentEra,
  type MessageKeys,
  messageKeyCommitment,
  messageKeyRow,
  messageKeyRowsHash,
  ProtocolPolicyFault,
  type RecordHeader,
  type RecordSubmission,
  recordBytes,
  resourceKey,
  type SealedMessageKey,
  sealBody,
  sealEntry,
} from '@sotto/protocol';
import { KeyboxPeerFault } from './fault.ts';
import type { OutboxRow } from './outbox.ts';
import type { RoomReader } from './room-batch.ts';
import type { KeptRoom } from './room-store.ts';

/** Seals and signs a queued record under the era in force, as the record `seq` of this device after `prev`. */
export async function sealRow(
  reader: RoomReader,
  { state }: KeptRoom,
  { row, seq, prev }: { readonly row: OutboxRow; readonly seq: number; readonly prev: Uint8Array },
): Promise<{ readonly hash: Uint8Array; readonly submission: Uint8Array }> {
  const { session, heads, chains, eraKeys } = reader;
  const { identity, primitives } = session;
  const { era } = currentEra(state);
  const secret = await eraKeys.secret(state.id, era);
  const seen = await heads.newest({ kind: 'room', id: state.id });
  const chain = await chains.known(identity.fingerprint);
  if (secret === null || seen === null || chain === null) {
    throw new ProtocolPolicyFault('room-frozen', 'the key of this room is not here yet');
  }
  const queued = decodeCbor(row.body) as unknown as { body: Uint8Array; class: 'content' | 'quiet'; drops: number[] };
  const content = bodyFormat.parse(queued.body);
  const blobs = blobsOf(content);
  const unkeyed: RecordHeader = {
    v: 1,
    suite: identity.suite.id,
    room: state.id,
    era,
    author: identity.fingerprint,
    device: identity.deviceId,
    chain: chainExtent(chain),
    seq,
    prev,
    replaces: row.hash,
    drops: queued.drops,
    seen,
    class: queued.class,
    at: row.at - (row.at % 60_000),
    salt: primitives.randomBytes(32),
    keys: null,
    ...(blobs.length === 0 ? {} : { blobs }),
  };
  const keyed = state.keying === 'per-message' ? await sealMessageKey(reader, { state, header: unkeyed }) : null;
  const header: RecordHeader = keyed === null ? unkeyed : { ...unkeyed, keys: keyed.keys };
  const keys = { resourceKey: resourceKey(secret), messageKey: keyed?.messageKey ?? null };
  const body = await sealBody(primitives, keys, { header, body: content });
  const signed = recordBytes(header, body);
  const signature = await identity.suite.signature.sign(identity.signing.secretKey, 'sotto/record/v1', signed);
  const value: RecordSubmission = { record: { signed, signature, body }, keys: keyed?.sealed ?? null };
  return { hash: sha256(signed), submission: encodeCbor(value as unknown as CborValue) };
}

async function sealMessageKey(
  { session, chains }: RoomReader,
  { state, header }: { readonly state: KeptRoom['state']; readonly header: RecordHeader },
): Promise<{ readonly messageKey: Secret; readonly keys: MessageKeys; readonly sealed: readonly SealedMessageKey[] }> {
  const { suites, primitives, identity } = session;
  const messageKey = new Secret(primitives.randomBytes(32));
  const binding = {
    purpose: 'sotto/seal/message-key/v1',
    room: state.id,
    era: header.era,
    sender: identity.fingerprint,
  } as const;
  const sealed: SealedMessageKey[] = [];
  for (const { fingerprint, generation } of currentEra(state).rows) {
    const address = state.people[hex(fingerprint)];
    if (address === undefined) throw new KeyboxPeerFault('vault-damaged', 'a member without an address');
    const chain = await chains.fresh(fingerprint, address);
    sealed.push({ fingerprint, generation, sealed: await sealEntry(suites, chain, { binding, secret: messageKey }) });
  }
  const commitment = messageKeyCommitment(messageKey, header);
  return { messageKey, keys: { commitment, rows: messageKeyRowsHash(sealed.map(messageKeyRow)) }, sealed };
}
