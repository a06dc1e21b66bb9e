import { BugFault, equal, Fault, hex } from '@sotto/bytes';
import { sha256 } from '@sotto/crypto';
import {
  applyRecord,
  currentEra,
  ERA_MILLISECONDS,
  ERA_RECORDS,
  messageKeyRow,
  ProtocolPolicyFault,
  type RecordHeader,
  type RecordSubmission,
  type RoomState,
  signedRecord,
  type Witness,
} from '@sotto/protocol';
import { notAuthorised } from '../accounts/accounts.ts';
import { checkBlobs } from '../blobs/references.ts';
import type { HandlerContext, Session } from '../handler.ts';
import type { Store } from '../store/store.ts';
import { isUnavailable } from '../store/store.ts';
import type { NewEntry } from './entry.ts';
import type { Room } from './room.ts';
import { recordsOf, roomWitness } from './witness.ts';

/** What became of a batch: where its records stand, up to the first that is refused and why. */
export interface JudgedRecords {
  readonly state: RoomState;
  readonly entries: readonly NewEntry[];
  readonly positions: readonly number[];
  readonly refused: string | null;
}

type JudgeContext = Pick<HandlerContext, 'store' | 'suites' | 'cluster' | 'now'> & {
  readonly session: Session & { kind: 'device' };
};

/**
 * Judges the records of one device in order, each by the state after those before it. One that is in the log already
 * is answered with its position whatever has happened since.
 */
export async function judgeRecords(
  context: JudgeContext,
  room: Room,
  records: readonly RecordSubmission[],
): Promise<JudgedRecords> {
  const { store } = context;
  const entries: NewEntry[] = [];
  const positions: number[] = [];
  const witness = roomWitness(store, room.rowId, entries);
  const batch = { ...context, entries, witness, rekeyDue: await isRekeyDue(store, room) };
  let { state } = room;
  for (const submission of records) {
    try {
      const judged = await judgeOne(batch, { ...room, state }, submission);
      positions.push(judged.n);
      if (judged.entry !== null) entries.push(judged.entry);
      state = judged.state;
    } catch (cause) {
      if (!(cause instanceof Fault) || cause instanceof BugFault || isUnavailable(cause)) throw cause;
      return { state, entries, positions, refused: cause.code };
    }
  }
  return { state, entries, positions, refused: null };
}

interface Batch extends JudgeContext {
  /** Judged before and not yet stored. */
  readonly entries: readonly NewEntry[];
  readonly witness: Witness;
  /** A member's user key changed, and no era names the new one yet. */
  readonly rekeyDue: boolean;
}

async function judgeOne(
  batch: Batch,
  room: Room,
  { record, keys }: RecordSubmission,
): Promise<{ readonly n: number; readonly entry: NewEntry | null; readonly state: RoomState }> {
  const { suites, cluster, store, session, witness } = batch;
  const [header] = signedRecord.parse(record.signed);
  if (!equal(header.author, session.fingerprint) || !equal(header.device, session.deviceId)) {
    throw notAuthorised('a record of another device');
  }
  const known = await positionOf(batch, room, { header, signed: record.signed });
  if (known !== null) return { n: known, entry: null, state: room.state };
  checkEraIsFresh(batch, room);
  const keyRows = keys === null ? null : keys.map(messageKeyRow);
  const { state, record: verified } = await applyRecord(suites, room.state, {
    record,
    keyRows,
    witness,
    verifySeen: (head) => cluster.heads.verify({ kind: 'room', id: room.state.id }, head),
    acceptGap: false,
  });
  const { blobs = [] } = header;
  const uploader = { roomId: room.rowId, accountId: session.accountId };
  await store.read((database) => checkBlobs(database, uploader, blobs));
  const entry: NewEntry = {
    n: verified.n,
    kind: 'record',
    signedHash: verified.hash,
    logHash: state.hash,
    signed: record.signed,
    signature: record.signature,
    author: header.author,
    device: header.device,
    seq: header.seq,
    body: record.body,
    rows: keyRows,
    seals: (keys ?? []).map(({ fingerprint, sealed }) => ({ fingerprint, sealed, leaf: new Uint8Array() })),
    drops: header.drops,
    blobs,
  };
  return { n: verified.n, entry, state };
}

async function positionOf(
  { store, entries }: Batch,
  { rowId, state }: Room,
  { header, signed }: { readonly header: RecordHeader; readonly signed: Uint8Array },
): Promise<number | null> {
  // Beyond where its device stands in this room nothing of it can be in the log.
  if (header.seq > (state.devices[hex(header.device)]?.seq ?? 0)) return null;
  const hash = sha256(signed);
  const fresh = entries.find(({ signedHash }) => equal(signedHash, hash));
  if (fresh !== undefined) return fresh.n;
  const stored = await recordsOf(store, rowId, header);
  return stored.find((record) => equal(record.hash, hash))?.n ?? null;
}

/** After a leave, a member's new user key, 10,000 records or seven days a new era comes before anybody writes on. */
function checkEraIsFresh({ rekeyDue, now }: Batch, { state, eraAt }: Room): void {
  const isWorn = currentEra(state).records >= ERA_RECORDS || now() - eraAt >= ERA_MILLISECONDS;
  if (state.rekeyDue || rekeyDue || isWorn)
    throw new ProtocolPolicyFault('rekey-due', 'a new era comes before the next record');
}

async function isRekeyDue(store: Store, { rowId }: Room): Promise<boolean> {
  const { rekey_due } = await store.read((database) =>
    database.selectFrom('rooms').select('rekey_due').where('id', '=', rowId).executeTakeFirstOrThrow(),
  );
  return rekey_due !== 0;
}
