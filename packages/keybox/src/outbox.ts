import { type CborValue, decodeCbor, encodeCbor, type Fault, hex } from '@sotto/bytes';
import { Secret, sha256 } from '@sotto/crypto';
import {
  type Body,
  type BodyContent,
  type BodyKind,
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
  recordSubmission,
  resourceKey,
  type SealedMessageKey,
  sealBody,
  sealEntry,
} from '@sotto/protocol';
import { KeyboxPeerFault, KeyboxUsageFault } from './fault.ts';
import { writeInbox } from './inbox.ts';
import type { SqlStatement } from './ports.ts';
import { stopped } from './room-author.ts';
import type { RoomReader } from './room-batch.ts';
import { type KeptRoom, readRoom, writeRoom } from './room-store.ts';
import { syncRoom } from './room-sync.ts';
import { isRekeyDue, rotateRoom } from './rotation.ts';

/** A record to be written. */
export interface Draft<Kind extends BodyKind = BodyKind> {
  readonly kind: Kind;
  readonly content: BodyContent<Kind>;
  readonly class?: 'content' | 'quiet';
  readonly drops?: readonly number[];
  /** Makes sending idempotent: the same key in the same room is the same record. */
  readonly key?: string;
  /** Milliseconds since the epoch before which it is not sent. */
  readonly notBefore?: number;
}

interface OutboxRow {
  readonly position: number;
  readonly room: Uint8Array;
  readonly id: Uint8Array;
  readonly kind: BodyKind;
  readonly seq: number | null;
  readonly era: number | null;
  readonly hash: Uint8Array | null;
  readonly submission: Uint8Array | null;
  readonly body: Uint8Array;
  readonly at: number;
  readonly code: string | null;
}

/**
 * Puts a record into the outbox: durable, and visible in the own history, when it resolves. Returns its id; with a
 * `key` that was used before, the id of then.
 */
export async function enqueue<Kind extends BodyKind>(
  { session }: RoomReader,
  room: Uint8Array,
  draft: Draft<Kind>,
): Promise<Uint8Array> {
  const { keys, clock, identity, primitives } = session;
  const earlier = draft.key === undefined ? null : await findKey(session.keys, { room, key: draft.key });
  if (earlier !== null) return earlier;
  const id = primitives.randomBytes(16);
  const at = clock.now();
  const body = { id, at, kind: draft.kind, content: draft.content } as unknown as Body;
  const queued = encodeCbor({
    body: bodyFormat.encode(body),
    class: draft.class ?? 'content',
    drops: draft.drops ?? [],
  });
  const role = (await readRoom(keys, room))?.state.members[hex(identity.fingerprint)]?.role ?? 'reader';
  const { fingerprint: author, deviceId: device } = identity;
  await keys.apply([
    {
      sql: 'INSERT INTO outbox (room, id, kind, body, at, not_before) VALUES (?, ?, ?, ?, ?, ?)',
      parameters: [room, id, draft.kind, queued, at, draft.notBefore ?? 0],
    },
    writeInbox(room, { n: null, author, device, drops: [], role, class: draft.class ?? 'content', body, code: null }),
    ...(draft.key === undefined
      ? []
      : [{ sql: 'INSERT INTO send_key (room, key, id) VALUES (?, ?, ?)', parameters: [room, draft.key, id] }]),
  ]);
  return id;
}

/** The rooms that have something to send now. */
export async function roomsWithOutbox({ session }: RoomReader): Promise<readonly Uint8Array[]> {
  const rows = await session.keys.query<{ room: Uint8Array }>(
    'SELECT room FROM outbox WHERE not_before <= ? AND code IS NULL GROUP BY room ORDER BY min(position)',
    [session.clock.now()],
  );
  return rows.map(({ room }) => room);
}

/**
 * Sends everything queued for a room, in order: seals what is not sealed, makes the new era that is due, and seals
 * again what an era overtook. Throws what the server refuses; what it took is taken.
 */
export async function flushRoom(reader: RoomReader, id: Uint8Array): Promise<KeptRoom> {
  for (let attempt = 0; attempt < MAX_ATTEMPTS; attempt++) {
    let room = await syncRoom(reader, id);
    await forgetLogged(reader, id);
    if ((await dueRows(reader, id)).length === 0) return room;
    if (room.stopped !== null) throw stopped(room.stopped);
    await checkStanding(reader, room);
    if (await isRekeyDue(reader, room)) room = await rotateRoom(reader, id);
    await sealAll(reader, room);
    const refused = await sendAll(reader, id);
    if (refused === null) return syncRoom(reader, id);
    if (refused === 'rekey-due') await rotateRoom(reader, id);
    else if (refused !== 'era-superseded') throw await giveUp(reader, { room: id, code: refused });
  }
  throw new KeyboxPeerFault('answer-malformed', 'the room changed its era too often while sending');
}

/** Takes a record back that was not sealed yet, or that the server refused. */
export async function dropRecord({ session }: RoomReader, id: Uint8Array): Promise<void> {
  const [row] = await session.keys.query<OutboxRow>('SELECT * FROM outbox WHERE id = ?', [id]);
  if (row === undefined) throw new KeyboxUsageFault('not-found', 'nothing of that id is in the outbox');
  if (row.submission !== null) {
    throw new KeyboxUsageFault('queued', 'it may have reached the server already; flush the outbox to know');
  }
  await session.keys.apply([
    { sql: 'DELETE FROM outbox WHERE id = ?', parameters: [id] },
    { sql: 'DELETE FROM send_key WHERE id = ?', parameters: [id] },
  ]);
}

async function dueRows({ session }: RoomReader, room: Uint8Array): Promise<readonly OutboxRow[]> {
  return session.keys.query<OutboxRow>(
    'SELECT * FROM outbox WHERE room = ? AND code IS NULL AND (seq IS NOT NULL OR not_before <= ?) ORDER BY seq IS NULL, seq, position',
    [room, session.clock.now()],
  );
}

/** What the log shows was taken, though its acknowledgement was lost. */
async function forgetLogged({ session }: RoomReader, room: Uint8Array): Promise<void> {
  await session.keys.apply([
    {
      sql: `DELETE FROM outbox WHERE room = ? AND hash IN
        (SELECT signed_hash FROM log WHERE room = outbox.room AND device = ? AND code IS NULL)`,
      parameters: [room, session.identity.deviceId],
    },
  ]);
}

/** A room that will never take records again keeps them, marked, until they are dropped. */
async function checkStanding(reader: RoomReader, { state }: KeptRoom): Promise<void> {
  const { identity } = reader.session;
  const code = state.closed
    ? 'room-closed'
    : state.members[hex(identity.fingerprint)] === undefined
      ? 'not-a-member'
      : null;
  if (code !== null) throw await giveUp(reader, { room: state.id, code });
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

async function sealRow(
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
  };
  const keyed = state.keying === 'per-message' ? await sealMessageKey(reader, { state, header: unkeyed }) : null;
  const header: RecordHeader = keyed === null ? unkeyed : { ...unkeyed, keys: keyed.keys };
  const keys = { resourceKey: resourceKey(secret), messageKey: keyed?.messageKey ?? null };
  const body = await sealBody(primitives, keys, { header, body: bodyFormat.parse(queued.body) });
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
    const chain = await chains.known(fingerprint);
    if (chain === null) throw new KeyboxPeerFault('vault-damaged', 'the chain of a member is missing from the vault');
    sealed.push({ fingerprint, generation, sealed: await sealEntry(suites, chain, { binding, secret: messageKey }) });
  }
  const commitment = messageKeyCommitment(messageKey, header);
  return { messageKey, keys: { commitment, rows: messageKeyRowsHash(sealed.map(messageKeyRow)) }, sealed };
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
    await session.keys.apply(
      taken.map(({ position }) => ({ sql: 'DELETE FROM outbox WHERE position = ?', parameters: [position] })),
    );
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

/** Marks what the room does not take, and unseals what stood behind it so that sequence numbers stay whole. */
async function giveUp(
  { session }: RoomReader,
  { room, code }: { readonly room: Uint8Array; readonly code: string },
): Promise<Fault> {
  const { keys } = session;
  const kept = await readRoom(keys, room);
  const [first] = await keys.query<OutboxRow>(
    'SELECT * FROM outbox WHERE room = ? AND seq IS NOT NULL ORDER BY seq LIMIT 1',
    [room],
  );
  const changes: SqlStatement[] = [
    {
      sql: `UPDATE outbox SET code = ? WHERE position = (SELECT position FROM outbox WHERE room = ? AND code IS NULL ORDER BY seq IS NULL, seq, position LIMIT 1)`,
      parameters: [code, room],
    },
    {
      sql: 'UPDATE outbox SET seq = NULL, era = NULL, hash = NULL, submission = NULL WHERE room = ?',
      parameters: [room],
    },
  ];
  if (kept !== null && first?.seq != null) {
    const seq = first.seq - 1;
    const prev = await hashBefore({ session } as RoomReader, { room: kept, seq: first.seq });
    changes.push(writeRoom({ ...kept, ownSeq: seq, ownPrev: prev }));
  }
  await keys.apply(changes);
  return refusal(code);
}

function refusal(code: string): Fault {
  if (code === 'seq-conflict' || code === 'seq-gap') {
    return new KeyboxPeerFault('state-forked', 'the server knows records of this device that this vault does not');
  }
  return new ProtocolPolicyFault(code as ProtocolPolicyFault['code'], `the room does not take it: ${code}`);
}

async function findKey(
  keys: RoomReader['session']['keys'],
  { room, key }: { readonly room: Uint8Array; readonly key: string },
): Promise<Uint8Array | null> {
  const [row] = await keys.query<{ id: Uint8Array }>('SELECT id FROM send_key WHERE room = ? AND key = ?', [room, key]);
  return row?.id ?? null;
}

const MAX_ATTEMPTS = 6;
const MAX_BATCH = 64;
const MAX_BATCH_BYTES = 180 * 1024;
