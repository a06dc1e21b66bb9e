import { type CborValue, decodeCbor, encodeCbor } from '@sotto/bytes';
import { sha256 } from '@sotto/crypto';
import {
  applyRecord,
  type Body,
  body as bodyFormat,
  currentEra,
  openBody,
  type RecordHeader,
  type RecordSubmission,
  recordBytes,
  recordSubmission,
  resourceKey,
  type SignedHead,
  sealBody,
  verifyHead,
} from '@sotto/protocol';
import { firstDevice, makeWorld, Replica, TestRoom } from '@sotto/testing';

/** A record on its way: the bytes of its submission. */
export type SealedRecordBytes = Uint8Array;

/**
 * A hybrid room of two, its state in memory. `seal` does what the author's client does but for its queue, `open` what a
 * reader's does but for its vault: everything is parsed, judged and verified.
 */
export async function ownRecords(): Promise<{
  /** A head that the cluster signs after every record, as it answers with one: not the author's work. */
  readonly nextHead: () => Promise<SignedHead>;
  readonly seal: (text: string, seen: SignedHead) => Promise<SealedRecordBytes>;
  readonly open: (sealed: SealedRecordBytes) => Promise<Body>;
}> {
  const world = await makeWorld('bench');
  const [ann, ben] = [await world.account('ann@example.org'), await world.account('ben@example.org')];
  const room = await TestRoom.create(world, ann);
  await room.add(ann, ben);
  const { primitives, suites, headKey } = world;
  const secret = room.secret(currentEra(room.state).commitment);
  const { signing } = firstDevice(ann);
  const draft = await room.draftRecord(ann);
  const reader = new Replica(world);
  for (const entry of room.log) await reader.take(entry);
  let state = reader.state;
  const subject = { kind: 'room', id: state.id } as const;
  const witness = { ...reader.witness, hashAt: async () => null };
  let { seq, prev } = draft;
  // One behind the log: the author had the answer to the record before the last.
  let length = draft.seen.length - 1;
  return {
    nextHead() {
      length += 1;
      return room.head({ length: length - 1, hash: state.hash });
    },
    async seal(text, seen) {
      const at = Date.now();
      const header: RecordHeader = {
        ...draft,
        seq,
        prev,
        seen,
        at: at - (at % 60_000),
        salt: primitives.randomBytes(32),
      };
      const content = { text, format: 'plain', replyTo: null, thread: null, mentions: [] } as const;
      const queued = bodyFormat.encode({ id: primitives.randomBytes(16), at, kind: 'message', content });
      const keys = { resourceKey: resourceKey(secret), messageKey: null };
      const body = await sealBody(primitives, keys, { header, body: bodyFormat.parse(queued) });
      const signed = recordBytes(header, body);
      const signature = await ann.suite.signature.sign(signing, 'sotto/record/v1', signed);
      seq += 1;
      prev = sha256(signed);
      const value: RecordSubmission = { record: { signed, signature, body }, keys: null };
      return encodeCbor(value as unknown as CborValue);
    },
    async open(sealed) {
      const { record } = recordSubmission.parse(decodeCbor(sealed));
      const applied = await applyRecord(suites, state, {
        record,
        keyRows: null,
        witness,
        verifySeen: (head) => verifyHead(primitives, [headKey.publicKey], { subject, head }),
        acceptGap: false,
      });
      state = applied.state;
      const keys = { resourceKey: resourceKey(secret), messageKey: null };
      return openBody(primitives, keys, { header: applied.record.header, body: record.body });
    },
  };
}
