import { decodeCbor, type Fault, hex } from '@sotto/bytes';
import { currentEra, mayRotate, mayWrite, ProtocolPolicyFault, quietKinds, recordSubmission } from '@sotto/protocol';
import { KeyboxPeerFault } from './fault.ts';
import { dueRows, type OutboxRow } from './outbox.ts';
import { heldFor } from './policy/suspended.ts';
import type { SqlStatement } from './ports.ts';
import { keepSeals } from './restored/originals.ts';
import { stopped } from './room-author.ts';
import type { RoomReader } from './room-batch.ts';
import { type KeptRoom, readRoom, writeRoom } from './room-store.ts';
import { syncRoom } from './room-sync.ts';
import { isRekeyDue, rotateDue, rotateRoom } from './rotation.ts';
import { sealRow } from './seal-record.ts';

/**
 * Sends everything queued for a room, in order: seals what is not sealed, makes the new era that is due, and seals
 * again what an era overtook. What the room does not take is marked and stays, what stands behind it goes on. Throws
 * the first of these refusals at the end, and at once what keeps the room from taking anything.
 */
export async function flushRoom(reader: RoomReader, id: Uint8Array): Promise<KeptRoom> {
  const refusals: Fault[] = [];
  for (let attempt = 0; attempt < MAX_ATTEMPTS; ) {
    let room = await syncRoom(reader, id);
    await forgetLogged(reader, id);
    if (attempt === 0 && refusals.length === 0) await sendAgain(reader, id);
    refusals.push(...(await refuseHopeless(reader, room)));
    const due = await dueRows(reader, id);
    if (due.length === 0 || (await mayWait(reader, room, due))) return ended(room, refusals);
    if (room.stopped !== null) throw stopped(room.stopped);
    const held = await heldFor(reader, room.state);
    if (held !== null && due.every(({ kind }) => kind === 'receipt')) return ended(room, refusals);
    if (held !== null) throw held;
    if (await isRekeyDue(reader, room)) room = await rotateDue(reader, id);
    await sealAll(reader, room);
    const refused = await sendAll(reader, id);
    if (refused !== null && FINAL.has(refused)) {
      room = await syncRoom(reader, id);
      await forgetLogged(reader, id);
      const rows = (await dueRows(reader, id)).slice(0, 1);
      refusals.push(...(await refuse(reader, room, { rows, code: refused })));
      continue;
    }
    attempt += 1;
    if (refused === 'rekey-due') await rotateRoom(reader, id);
    else if (refused !== null && refused !== 'era-superseded') throw refusal(refused);
  }
  throw new KeyboxPeerFault('answer-malformed', 'the room changed its era too often while sending');
}

function ended(room: KeptRoom, [fault]: readonly Fault[]): KeptRoom {
  if (fault !== undefined) throw fault;
  return room;
}

/** What the log shows was taken, though its acknowledgement was lost; and what was acknowledged and stands there now. */
async function forgetLogged({ session }: RoomReader, room: Uint8Array): Promise<void> {
  await session.keys.apply([
    {
      sql: `DELETE FROM outbox WHERE room = ? AND hash IN
        (SELECT signed_hash FROM log WHERE room = outbox.room AND device = ? AND code IS NULL)`,
      parameters: [room, session.identity.deviceId],
    },
    {
      sql: 'DELETE FROM sent WHERE room = ? AND hash IN (SELECT signed_hash FROM log WHERE room = sent.room)',
      parameters: [room],
    },
  ]);
}

/**
 * What was acknowledged and is not in the log that was just read: a server that was restored has lost it, and nobody
 * else ever saw it. The same bytes go again.
 */
async function sendAgain({ session }: RoomReader, room: Uint8Array): Promise<void> {
  await session.keys.apply([
    { sql: 'INSERT OR IGNORE INTO outbox SELECT * FROM sent WHERE room = ?', parameters: [room] },
    { sql: 'DELETE FROM sent WHERE room = ?', parameters: [room] },
  ]);
}

/** Marks what the room will not take as we stand there now: nothing once it is closed or left, no content of readers. */
async function refuseHopeless(reader: RoomReader, room: KeptRoom): Promise<readonly Fault[]> {
  const { state } = room;
  const role = state.members[hex(reader.session.identity.fingerprint)]?.role;
  const code = state.closed ? 'room-closed' : role === undefined ? 'not-a-member' : null;
  const due = await dueRows(reader, state.id);
  if (code !== null) return refuse(reader, room, { rows: due, code });
  if (role === undefined || mayWrite(role)) return [];
  return refuse(reader, room, { rows: due.filter(({ kind }) => !quietKinds.has(kind)), code: 'role-insufficient' });
}

/** Receipts alone wait for the era that somebody else has to make. */
async function mayWait(reader: RoomReader, room: KeptRoom, due: readonly OutboxRow[]): Promise<boolean> {
  const own = room.state.members[hex(reader.session.identity.fingerprint)];
  if (own === undefined || due.some(({ kind }) => kind !== 'receipt')) return false;
  return room.stopped !== null || (!mayRotate(own.role) && (await isRekeyDue(reader, room)));
}

async function sealAll(reader: RoomReader, room: KeptRoom): Promise<void> {
  const { keys } = reader.session;
  const era = currentEra(room.state).era;
  const rows = await dueRows(reader, room.state.id);
  const stale = rows.findIndex((row) => row.submission === null || row.era !== era);
  if (stale < 0) return;
  const [first] = rows.slice(stale);
  const from = first?.seq ?? room.ownSeq + 1;
  let seq = from - 1;
  let prev = from > room.ownSeq ? room.ownPrev : await hashBefore(reader, { room, seq: from });
  const changes: SqlStatement[] = [];
  for (const row of rows.slice(stale)) {
    seq += 1;
    const sealed = await sealRow(reader, room, { row, seq, prev });
    prev = sealed.hash;
    changes.push({
      sql: 'UPDATE outbox SET seq = ?, era = ?, hash = ?, submission = ? WHERE position = ?',
      parameters: [seq, era, sealed.hash, sealed.submission, row.position],
    });
  }
  await keys.apply([...changes, writeRoom({ ...room, ownSeq: Math.max(seq, room.ownSeq), ownPrev: prev })]);
}

/** Hash of our record before `seq`: of the outbox if it is still there, else of the log; the room id before the first. */
async function hashBefore(
  { session }: RoomReader,
  { room, seq }: { readonly room: KeptRoom; readonly seq: number },
): Promise<Uint8Array> {
  if (seq === 1) return room.state.id;
  const parameters = [room.state.id, seq - 1];
  const [queued] = await session.keys.query<{ hash: Uint8Array }>(
    'SELECT hash FROM outbox WHERE room = ? AND seq = ?',
    parameters,
  );
  const [logged] = await session.keys.query<{ hash: Uint8Array }>(
    'SELECT signed_hash AS hash FROM log WHERE room = ? AND seq = ? AND device = ? AND code IS NULL ORDER BY n LIMIT 1',
    [...parameters, session.identity.deviceId],
  );
  const hash = queued?.hash ?? logged?.hash;
  if (hash === undefined) throw new KeyboxPeerFault('vault-damaged', 'the own record before the next one is missing');
  return hash;
}

/** Sends sealed records in order; null when all were taken, else the code of the first refusal. */
async function sendAll(reader: RoomReader, room: Uint8Array): Promise<string | null> {
  const { session } = reader;
  for (;;) {
    const rows = (await dueRows(reader, room)).filter(({ submission }) => submission !== null);
    const batch = fitting(rows);
    if (batch.length === 0) return null;
    const records = batch.map(({ submission }) => recordSubmission.parse(decodeCbor(submission as Uint8Array)));
    const { positions, refused } = await session.link.call('records.append', { room, records });
    const taken = batch.slice(0, positions.length);
    await session.keys.apply([
      ...taken.flatMap(({ position }) => [
        { sql: 'INSERT OR REPLACE INTO sent SELECT * FROM outbox WHERE position = ?', parameters: [position] },
        { sql: 'DELETE FROM outbox WHERE position = ?', parameters: [position] },
      ]),
      ...records.slice(0, taken.length).flatMap(({ record, keys }) => {
        const seals = (keys ?? []).map(({ sealed }) => sealed);
        return keepSeals(room, record.signed, { seals, at: session.clock.now() });
      }),
    ]);
    if (refused !== null) return refused;
    if (positions.length === 0)
      throw new KeyboxPeerFault('answer-malformed', 'the server neither took nor refused a record');
  }
}

/** As many rows as one frame takes, at least one. */
function fitting(rows: readonly OutboxRow[]): readonly OutboxRow[] {
  let bytes = 0;
  const end = rows.findIndex(({ submission }, i) => {
    bytes += submission?.length ?? 0;
    return i === MAX_BATCH || (i > 0 && bytes > MAX_BATCH_BYTES);
  });
  return end < 0 ? rows : rows.slice(0, end);
}

/**
 * Marks rows as refused, forgets receipts among them, and unseals what stood behind so that sequence numbers stay
 * whole. Returns a fault unless there was nothing to mark.
 */
async function refuse(
  reader: RoomReader,
  room: KeptRoom,
  { rows, code }: { readonly rows: readonly OutboxRow[]; readonly code: string },
): Promise<readonly Fault[]> {
  if (rows.length === 0) return [];
  const { id } = room.state;
  const sealed = (await dueRows(reader, id)).find(({ seq }) => seq !== null);
  const changes: SqlStatement[] = rows.map(({ position, kind }) =>
    kind === 'receipt'
      ? { sql: 'DELETE FROM outbox WHERE position = ?', parameters: [position] }
      : { sql: 'UPDATE outbox SET code = ? WHERE position = ?', parameters: [code, position] },
  );
  changes.push({
    sql: 'UPDATE outbox SET seq = NULL, era = NULL, hash = NULL, submission = NULL WHERE room = ?',
    parameters: [id],
  });
  if (sealed?.seq != null) {
    const kept = (await readRoom(reader.session.keys, id)) ?? room;
    const ownPrev = await hashBefore(reader, { room, seq: sealed.seq });
    changes.push(writeRoom({ ...kept, ownSeq: sealed.seq - 1, ownPrev }));
  }
  await reader.session.keys.apply(changes);
  return rows.every(({ kind }) => kind === 'receipt') ? [] : [refusal(code)];
}

function refusal(code: string): Fault {
  if (code === 'seq-conflict' || code === 'seq-gap') {
    return new KeyboxPeerFault('state-forked', 'the server knows records of this device that this vault does not');
  }
  return new ProtocolPolicyFault(code as ProtocolPolicyFault['code'], `the room does not take it: ${code}`);
}

/** Refusals of the one record that they name, which no other attempt will change. */
const FINAL: ReadonlySet<string> = new Set([
  'blob-unknown',
  'role-insufficient',
  'record-invalid',
  'record-author-unknown',
  'not-a-member',
  'room-closed',
  'format-malformed',
  'format-unsupported',
]);
const MAX_ATTEMPTS = 6;
const MAX_BATCH = 64;
const MAX_BATCH_BYTES = 180 * 1024;
