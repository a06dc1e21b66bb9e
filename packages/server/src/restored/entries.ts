import { equal, hex } from '@sotto/bytes';
import { type Primitives, type Suites, sha256 } from '@sotto/crypto';
import {
  type LogEntry,
  logHash,
  type OriginalEntry,
  ProtocolPeerFault,
  type RoomState,
  rosterStatement,
  type SignedHead,
} from '@sotto/protocol';
import { notFound } from '../accounts/accounts.ts';
import type { Cluster } from '../cluster.ts';
import { type Audience, advanced, storeAdvance } from '../rooms/advance.ts';
import { storeRoom } from '../rooms/create.ts';
import type { NewEntry } from '../rooms/entry.ts';
import { changeRoomIfAny, compactState, type Room } from '../rooms/room.ts';
import { eraOf } from '../rooms/statement.ts';
import { roomWitness } from '../rooms/witness.ts';
import type { Database, Store } from '../store/store.ts';
import { judgeReturned } from './judge.ts';
import { claimRoom } from './room.ts';
import { addSeals } from './seals.ts';

export interface ReturnedEntries {
  readonly room: Uint8Array;
  /** Verified: the cluster signed it. */
  readonly head: SignedHead;
  readonly from: number;
  readonly hashes: readonly Uint8Array[];
  readonly entries: readonly OriginalEntry[];
}

export interface ReturnContext {
  readonly store: Store;
  readonly suites: Suites;
  readonly primitives: Primitives;
  readonly cluster: Cluster;
  readonly session: { readonly accountId: number; readonly fingerprint: Uint8Array };
  now(): number;
}

export interface TakenBack {
  readonly length: number;
  /** Null if nothing was new. */
  readonly audience: Audience | null;
}

/**
 * Takes back entries that a restored server lost, exactly those that it once signed: its own log and the hashes lead to
 * the head, every entry has the hash of its position, and every one is judged as when it was first appended. Repeating
 * it changes nothing. Throws `room-forked` if the log here is another one, `log-broken`, `not-found` for who does not
 * stand in the room, and the faults of the state machine.
 */
export async function takeBackEntries(context: ReturnContext, returned: ReturnedEntries): Promise<TakenBack> {
  const { store, session } = context;
  return changeRoomIfAny<TakenBack>(store, returned.room, async (room) => {
    await checkProof(context, room, returned);
    const judged = await judgeAll(context, room, returned);
    if (!(hex(session.fingerprint) in judged.state.people)) throw notFound();
    const { next, audience } = await store.transact(async (database) => {
      const stored = await storeReturned(database, context, { room, judged });
      await addSeals(database, stored.next.rowId, { returned: returned.entries, reader: session.fingerprint });
      await claimRoom(database, stored.next.rowId, returned.head.length);
      return stored;
    });
    return { room: next, result: { length: judged.state.length, audience } };
  });
}

async function checkProof(
  { store }: ReturnContext,
  room: Room | null,
  { room: id, from, hashes, head }: ReturnedEntries,
): Promise<void> {
  const length = room?.state.length ?? 0;
  if (from > length || from + hashes.length !== head.length) throw broken('hashes that do not join the log');
  let last = from === 0 ? id : await hashAt(store, room, from);
  for (const [index, hash] of hashes.entries()) {
    const n = from + index;
    last = n === 0 ? hash : logHash(last, n, hash);
    const isOther = room !== null && n === length - 1 && !equal(last, room.state.hash);
    if (isOther || (n === 0 && !equal(hash, id))) throw forked();
  }
  if (!equal(last, head.hash)) throw forked();
}

async function hashAt(store: Store, room: Room | null, length: number): Promise<Uint8Array> {
  const hash = room === null ? null : await roomWitness(store, room.rowId, []).hashAt(length);
  if (hash === null) throw broken('hashes that do not join the log');
  return hash;
}

interface Step {
  readonly entry: NewEntry;
  /** After it. */
  readonly state: RoomState;
  readonly startsEra: boolean;
}

interface Judged {
  readonly state: RoomState;
  readonly steps: readonly Step[];
}

async function judgeAll(context: ReturnContext, room: Room | null, returned: ReturnedEntries): Promise<Judged> {
  const { from, hashes } = returned;
  const steps: Step[] = [];
  let state = room?.state ?? null;
  for (const { entry } of returned.entries) {
    const signedHash = sha256(signedBytes(entry));
    if (entry.n < from || !equal(signedHash, hashes[entry.n - from] ?? NO_HASH)) {
      throw broken('an entry that is not the one of its position');
    }
    const length = state?.length ?? 0;
    if (entry.n < length) continue;
    if (entry.n > length) throw broken('entries out of order');
    const entries = steps.map((step) => step.entry);
    const judged = await judgeReturned(context, state, { entry, rowId: room?.rowId ?? NO_ROW, entries });
    steps.push({ ...judged, startsEra: startsEra(entry) });
    state = judged.state;
  }
  if (state === null) throw notFound();
  return { state, steps };
}

function startsEra(entry: LogEntry): boolean {
  return entry.kind === 'statement' && eraOf(rosterStatement.parse(entry.envelope.signed)) !== null;
}

/** Entry by entry, so that who came and went between them is known as if it had happened here. */
async function storeReturned(
  database: Database,
  { now }: ReturnContext,
  { room, judged }: { readonly room: Room | null; readonly judged: Judged },
): Promise<{ readonly next: Room; readonly audience: Audience | null }> {
  const at = now();
  let next = room;
  const steps = [...judged.steps];
  if (next === null) {
    const [create, era] = steps.splice(0, 2);
    if (create === undefined || era === undefined) throw broken('a room begins with create and era 0');
    const entries = [create.entry, era.entry];
    const rowId = await storeRoom(database, { state: era.state, entries, at, incarnation: LOST });
    next = { rowId, state: compactState(era.state), eraAt: at, incarnation: LOST };
  }
  for (const { state, entry, startsEra } of steps) {
    const advance = { state, entries: [entry], at, startsEra };
    await storeAdvance(database, next, advance);
    next = advanced(next, advance);
  }
  if (judged.steps.length === 0) return { next, audience: null };
  await database
    .updateTable('rooms')
    .set({ restored_from: room?.state.length ?? 0 })
    .where('id', '=', next.rowId)
    .where('restored_from', 'is', null)
    .execute();
  return { next, audience: await allOf(database, next.rowId) };
}

async function allOf(database: Database, rowId: number): Promise<Audience> {
  const rows = await database.selectFrom('room_members').select('account_id').where('room_id', '=', rowId).execute();
  return { members: rows.map(({ account_id }) => account_id), left: [] };
}

function signedBytes(entry: LogEntry): Uint8Array {
  return entry.kind === 'statement' ? entry.envelope.signed : entry.record.signed;
}

function broken(what: string): ProtocolPeerFault {
  return new ProtocolPeerFault('log-broken', what);
}

function forked(): ProtocolPeerFault {
  return new ProtocolPeerFault('room-forked', 'the log here is another one than the cluster signed');
}

const NO_ROW = -1;
const NO_HASH = new Uint8Array();
/** A room that was lost whole belongs to no life yet. */
const LOST = 0;
