import { encodeCbor, hex } from '@sotto/bytes';
import { type Body, type BodyContent, type BodyKind, body as bodyFormat } from '@sotto/protocol';
import { KeyboxUsageFault } from './fault.ts';
import { writeInbox } from './inbox.ts';
import type { RoomReader } from './room-batch.ts';
import { readRoom } from './room-store.ts';
import type { OutboxView } from './views.ts';

/** A record to be written. */
export interface Draft<Kind extends BodyKind = BodyKind> {
  /** Drawn unless it is given. */
  readonly id?: Uint8Array;
  readonly kind: Kind;
  readonly content: BodyContent<Kind>;
  readonly class?: 'content' | 'quiet';
  readonly drops?: readonly number[];
  /** Makes sending idempotent: the same key in the same room is the same record. */
  readonly key?: string;
  /** Milliseconds since the epoch before which it is not sent. */
  readonly notBefore?: number;
}

/** A record on its way; `seq`, `era`, `hash` and `submission` once it is sealed, `code` once it was refused. */
export interface OutboxRow {
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
  const id = draft.id ?? primitives.randomBytes(16);
  const at = clock.now();
  const body = { id, at, kind: draft.kind, content: draft.content } as unknown as Body;
  const queued = encodeCbor({
    body: bodyFormat.encode(body),
    class: draft.class ?? 'content',
    drops: draft.drops ?? [],
  });
  const role = (await readRoom(keys, room))?.state.members[hex(identity.fingerprint)]?.role ?? 'reader';
  const { fingerprint: author, deviceId: device } = identity;
  const item = { n: null, author, device, drops: [], role, class: draft.class ?? 'content' } as const;
  const place = { floor: null, isNews: true } as const;
  await keys.apply([
    {
      sql: 'INSERT INTO outbox (room, id, kind, body, at, not_before) VALUES (?, ?, ?, ?, ?, ?)',
      parameters: [room, id, draft.kind, queued, at, draft.notBefore ?? 0],
    },
    // A change of something that others see already shows when it is theirs, too.
    ...(SHOWN.has(draft.kind) ? [writeInbox(room, { ...item, ...place, body, code: null })] : []),
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

/** What is to be sent now, in the order in which it goes. */
export async function dueRows({ session }: RoomReader, room: Uint8Array): Promise<readonly OutboxRow[]> {
  return session.keys.query<OutboxRow>(
    'SELECT * FROM outbox WHERE room = ? AND code IS NULL AND (seq IS NOT NULL OR not_before <= ?) ORDER BY seq IS NULL, seq, position',
    [room, session.clock.now()],
  );
}

/** Everything that waits or was refused, but what the account keeps for itself. */
export async function listQueued({ session }: RoomReader): Promise<readonly OutboxView[]> {
  const rows = await session.keys.query<OutboxRow>('SELECT * FROM outbox WHERE room <> ? ORDER BY position', [
    session.identity.accountRoom,
  ]);
  return rows.map(({ id, room, kind, at, code }) => ({ id: hex(id), room: hex(room), kind, at, code }));
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

/** The record that a key stands for in a room; null if nothing was sent under it. */
export async function findKey(
  keys: RoomReader['session']['keys'],
  { room, key }: { readonly room: Uint8Array; readonly key: string },
): Promise<Uint8Array | null> {
  const [row] = await keys.query<{ id: Uint8Array }>('SELECT id FROM send_key WHERE room = ? AND key = ?', [room, key]);
  return row?.id ?? null;
}

/** Kinds that show as soon as they are queued. */
const SHOWN: ReadonlySet<BodyKind> = new Set(['read', 'room-mark', 'draft', 'message', 'file', 'receipt']);
