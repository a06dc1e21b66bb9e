import { Fault, hex } from '@sotto/bytes';
import {
  chainExtent,
  type Envelope,
  ProtocolPeerFault,
  type RosterBody,
  type RosterFrame,
  type RosterStatement,
  type RosterType,
  rosterStatement,
  type StatementSubmission,
  type TableRow,
} from '@sotto/protocol';
import type { PreparedEra } from './era-keys.ts';
import { handIn } from './era-parts.ts';
import { KeyboxPeerFault } from './fault.ts';
import { keepSeals } from './restored/originals.ts';
import type { RoomReader } from './room-batch.ts';
import type { KeptRoom } from './room-store.ts';
import { syncRoom } from './room-sync.ts';
import { checkLogAgrees } from './transparency/evidence.ts';

/** A roster statement to be made, with what lies beside it. */
export type Draft = {
  [Type in RosterType]: {
    readonly type: Type;
    readonly body: RosterBody<Type>;
    readonly rows?: readonly TableRow[];
    readonly entries?: readonly Uint8Array[];
  };
}[RosterType];

/**
 * Appends a roster statement. `draft` is asked again after every lost race, with the room as the winner left it; it
 * answers null when nothing is left to do.
 */
export async function appendStatement(
  reader: RoomReader,
  id: Uint8Array,
  draft: (room: KeptRoom) => Promise<Draft | null>,
): Promise<KeptRoom> {
  for (let attempt = 0; attempt < MAX_ATTEMPTS; attempt++) {
    const room = await syncRoom(reader, id);
    if (room.stopped !== null) throw stopped(room.stopped);
    const made = await draft(room);
    if (made === null) return room;
    await checkLogAgrees(reader.session);
    const statement = await submission(reader, made, frameAfter(room));
    const { keys, clock } = reader.session;
    const { envelope, entries } = statement;
    await keys.apply(keepSeals(id, envelope.signed, { seals: entries, at: clock.now() }));
    const taken = await handIn(reader.session, id, { statement }).catch(lostRace);
    if (taken !== null) return syncRoom(reader, id);
  }
  throw new KeyboxPeerFault('answer-malformed', `room ${hex(id)}: lost the race for the next statement too often`);
}

/** Signs a statement with this device. */
export async function submission(
  { session, chains }: RoomReader,
  draft: Draft,
  place: Pick<RosterFrame, 'room' | 'prevStatement' | 'logHead'>,
): Promise<StatementSubmission> {
  const { identity, clock } = session;
  const chain = await chains.known(identity.fingerprint);
  if (chain === null) throw new KeyboxPeerFault('vault-damaged', 'the own chain is missing from the vault');
  const statement = {
    v: 1,
    suite: identity.suite.id,
    ...place,
    author: identity.fingerprint,
    device: identity.deviceId,
    chain: chainExtent(chain),
    at: clock.now(),
    type: draft.type,
    body: draft.body,
  } as RosterStatement;
  const signed = rosterStatement.encode(statement);
  const signature = await identity.suite.signature.sign(identity.signing.secretKey, 'sotto/roster/v1', signed);
  const envelope: Envelope = { signed, signatures: [signature] };
  return { envelope, rows: draft.rows ?? [], entries: draft.entries ?? [] };
}

/** What a prepared era puts beside its statement. */
export function besideEra({ changed, entries }: PreparedEra): {
  readonly rows: readonly TableRow[];
  readonly entries: readonly Uint8Array[];
} {
  return { rows: changed, entries };
}

/** Why nothing is sent in a room that was stopped, with the code of what stopped it. */
export function stopped(code: string): Fault {
  const message = 'nothing is sent in this room until it is decided which past is the true one';
  if (code === 'state-forked')
    return new KeyboxPeerFault(code, 'another copy of this vault wrote: enrol this device anew');
  return new ProtocolPeerFault(code as ProtocolPeerFault['code'], message);
}

function frameAfter({ state }: KeptRoom): Pick<RosterFrame, 'room' | 'prevStatement' | 'logHead'> {
  return { room: state.id, prevStatement: state.statementHash, logHead: { length: state.length, hash: state.hash } };
}

function lostRace(cause: unknown): null {
  if (cause instanceof Fault && cause.code === 'roster-stale') return null;
  throw cause;
}

const MAX_ATTEMPTS = 8;
