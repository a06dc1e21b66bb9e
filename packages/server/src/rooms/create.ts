import { equal } from '@sotto/bytes';
import { ProtocolPeerFault, type RoomState, type RoomType, type StatementSubmission } from '@sotto/protocol';
import type { HandlerContext } from '../handler.ts';
import type { Database } from '../store/store.ts';
import { type NewEntry, writeEntries } from './entry.ts';
import { admitMembers } from './members.ts';
import { compactState, encodeState } from './room.ts';
import { judgeStatement } from './statement.ts';
import { roomWitness } from './witness.ts';

/** A new room that was judged and is not yet stored. */
export interface NewRoom {
  readonly state: RoomState;
  readonly entries: readonly NewEntry[];
  readonly at: number;
}

export interface RoomCreation {
  readonly statements: readonly StatementSubmission[];
  /** Fingerprint of the account that brings it. */
  readonly author: Uint8Array;
  /** The device that brings it; null where any of the account's does. */
  readonly device: Uint8Array | null;
  readonly types: readonly RoomType[];
}

/** Judges `create` and era 0. Throws their faults, and `roster-invalid` for any other pair of statements. */
export async function judgeRoom(
  { store, suites, now }: Pick<HandlerContext, 'store' | 'suites' | 'now'>,
  { statements, author, device, types }: RoomCreation,
): Promise<NewRoom> {
  const entries: NewEntry[] = [];
  let state: RoomState | null = null;
  for (const submission of statements) {
    const judged = await judgeStatement(suites, state, { submission, witness: roomWitness(store, NO_ROW, entries) });
    if (judged.statement.type !== EXPECTED[entries.length]) throw invalid('a room begins with create and era 0');
    const isOwn = equal(judged.statement.author, author) && (device === null || equal(judged.statement.device, device));
    if (!isOwn) throw invalid('not by the device that brings it');
    state = judged.state;
    entries.push(judged.entry);
  }
  if (state === null || entries.length !== EXPECTED.length) throw invalid('a room begins with create and era 0');
  if (!types.includes(state.type)) throw invalid('not a type of room that is made so');
  return { state, entries, at: now() };
}

/** Stores a new room with its first members, of the present life of the data unless told otherwise. Gives its row. */
export async function storeRoom(
  database: Database,
  { state, entries, at, incarnation = null }: NewRoom & { readonly incarnation?: number | null },
): Promise<number> {
  const { id, type, length, hash } = state;
  const row = await database
    .insertInto('rooms')
    .values(({ selectFrom }) => ({
      room: id,
      type,
      length,
      hash,
      state: encodeState(compactState(state)),
      era_at: at,
      incarnation: incarnation ?? selectFrom('cluster').select('incarnation'),
    }))
    .returning('id')
    .executeTakeFirstOrThrow();
  await writeEntries(database, row.id, { entries, at });
  await admitMembers(database, row.id, Object.values(state.members));
  return row.id;
}

function invalid(what: string): ProtocolPeerFault {
  return new ProtocolPeerFault('roster-invalid', `roster: ${what}`);
}

const EXPECTED = ['create', 'era'];
const NO_ROW = -1;
