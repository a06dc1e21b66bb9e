import { sha256 } from '@sotto/crypto';
import {
  applyRecord,
  applyRosterStatement,
  changedRows,
  createRoom,
  currentEra,
  type LogEntry,
  ProtocolPeerFault,
  type RoomState,
  rosterStatement,
  signedRecord,
} from '@sotto/protocol';
import { knownBlobs } from '../blobs/references.ts';
import type { NewEntry } from '../rooms/entry.ts';
import { eraOf } from '../rooms/statement.ts';
import { roomWitness } from '../rooms/witness.ts';
import type { ReturnContext } from './entries.ts';

interface Place {
  readonly entry: LogEntry;
  readonly rowId: number;
  /** Judged before it and not yet stored. */
  readonly entries: readonly NewEntry[];
}

/**
 * Judges an entry that the cluster is known to have accepted at its position. Of what was only a rule of the moment
 * (contacts, the age of an era) nothing is asked again; what it seals is added apart.
 */
export function judgeReturned(
  context: ReturnContext,
  state: RoomState | null,
  place: Place,
): Promise<{ readonly state: RoomState; readonly entry: NewEntry }> {
  const { entry } = place;
  return entry.kind === 'statement'
    ? judgeStatement(context, state, { ...place, entry })
    : judgeRecord(context, state, { ...place, entry });
}

async function judgeStatement(
  { store, suites }: ReturnContext,
  state: RoomState | null,
  { entry, rowId, entries }: Place & { readonly entry: LogEntry & { kind: 'statement' } },
) {
  const { envelope } = entry;
  const statement = rosterStatement.parse(envelope.signed);
  const { author, device } = statement;
  const input = { envelope, rows: entry.rows, witness: roomWitness(store, rowId, entries) };
  const next = state === null ? await createRoom(suites, input) : await applyRosterStatement(suites, state, input);
  const judged: NewEntry = {
    n: entry.n,
    kind: 'statement',
    signedHash: sha256(envelope.signed),
    logHash: next.hash,
    signed: envelope.signed,
    signature: envelope.signatures[0] as Uint8Array,
    author,
    device,
    seq: null,
    body: null,
    rows: eraOf(statement) === null ? null : changedRows(state?.eras.at(-1)?.rows ?? [], currentEra(next).rows),
    seals: [],
    drops: [],
    blobs: [],
  };
  return { state: next, entry: judged };
}

async function judgeRecord(
  { store, suites, cluster }: ReturnContext,
  state: RoomState | null,
  { entry, rowId, entries }: Place & { readonly entry: LogEntry & { kind: 'record' } },
) {
  if (state === null) throw new ProtocolPeerFault('log-broken', 'a log that begins with a record');
  const { record, keyRows } = entry;
  const applied = await applyRecord(suites, state, {
    record,
    keyRows,
    witness: roomWitness(store, rowId, entries),
    verifySeen: (head) => cluster.heads.verify({ kind: 'room', id: state.id }, head),
    acceptGap: false,
  });
  const [{ author, device, seq, drops, blobs = [] }] = signedRecord.parse(record.signed);
  const judged: NewEntry = {
    n: entry.n,
    kind: 'record',
    signedHash: applied.record.hash,
    logHash: applied.state.hash,
    signed: record.signed,
    signature: record.signature,
    author,
    device,
    seq,
    body: record.body,
    rows: keyRows,
    seals: [],
    drops,
    // What the restored data lacks is lost to the readers of this record, not the record.
    blobs: await store.read((database) => knownBlobs(database, blobs)),
  };
  return { state: applied.state, entry: judged };
}
