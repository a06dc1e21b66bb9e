import { Fault, hex, parseHex } from '@sotto/bytes';
import type { Address } from '@sotto/protocol';
import { enqueue } from './outbox.ts';
import type { RoomReader } from './room-batch.ts';
import type { OutboxView } from './views.ts';

/** A message to a contact with whom there is no room yet, written while no room could be made. */
export interface Intention {
  readonly id: Uint8Array;
  readonly address: Address;
  readonly text: string;
  /** Makes sending idempotent, as in the outbox. */
  readonly key: string | null;
}

interface IntentionRow extends Intention {
  readonly at: number;
  readonly code: string | null;
}

/** Keeps it until a room can be made: durable when it resolves. Returns its id; for a key that was used before, that of then. */
export async function intend(
  { session }: RoomReader,
  { address, text, key }: Omit<Intention, 'id'>,
): Promise<Uint8Array> {
  const { keys, primitives, clock } = session;
  const sql = 'SELECT * FROM intention WHERE address = ? AND key = ?';
  const [earlier] = key === null ? [] : await keys.query<IntentionRow>(sql, [address, key]);
  if (earlier !== undefined) return earlier.id;
  const id = primitives.randomBytes(16);
  await keys.apply([
    {
      sql: 'INSERT INTO intention (id, address, text, key, at) VALUES (?, ?, ?, ?, ?)',
      parameters: [id, address, text, key, clock.now()],
    },
  ]);
  return id;
}

/**
 * Moves what was intended into the outbox of the room that `roomOf` finds or makes, each under the id that it was given.
 * What an address is refused for is marked and stays; returns these refusals, and whether anything moved. Throws
 * `unreachable`, `channel-broken`.
 */
export async function carryOut(
  reader: RoomReader,
  roomOf: (address: Address) => Promise<Uint8Array>,
): Promise<{ readonly moved: boolean; readonly faults: readonly Fault[] }> {
  const faults: Fault[] = [];
  const waiting = (await rows(reader)).filter(({ code }) => code === null);
  for (const { id, address, text, key } of waiting) {
    try {
      const content = { text, format: 'plain', replyTo: null, thread: null, mentions: [] } as const;
      // The key makes a crash between the two lines harmless.
      await enqueue(reader, await roomOf(address), {
        kind: 'message',
        content,
        id,
        key: key ?? `intention/${hex(id)}`,
      });
      await remove(reader, id);
    } catch (cause) {
      if (!(cause instanceof Fault) || cause.blame === 'bug' || mayPass(cause)) throw cause;
      faults.push(cause);
      await mark(reader, id, cause.code);
    }
  }
  return { moved: waiting.length > faults.length, faults };
}

/** What waits for a room; `room` is the address that it goes to. */
export async function listIntended(reader: RoomReader): Promise<readonly OutboxView[]> {
  return (await rows(reader)).map(({ id, address, at, code }) => ({
    id: hex(id),
    room: address,
    kind: 'message',
    at,
    code,
  }));
}

/** False if nothing of that id is intended. */
export async function dropIntended(reader: RoomReader, id: string): Promise<boolean> {
  const isThere = (await rows(reader)).some((row) => hex(row.id) === id);
  if (isThere) await remove(reader, parseHex(id));
  return isThere;
}

/** True for what a later attempt may mend. */
export function mayPass(cause: unknown): cause is Fault {
  return isAway(cause) || (cause instanceof Fault && PASSING.has(cause.code));
}

/** True if there is no way to the server at present. */
export function isAway(cause: unknown): cause is Fault {
  return cause instanceof Fault && AWAY.has(cause.code);
}

function rows({ session }: RoomReader): Promise<readonly IntentionRow[]> {
  return session.keys.query<IntentionRow>('SELECT * FROM intention ORDER BY position');
}

async function remove({ session }: RoomReader, id: Uint8Array): Promise<void> {
  await session.keys.apply([{ sql: 'DELETE FROM intention WHERE id = ?', parameters: [id] }]);
}

async function mark({ session }: RoomReader, id: Uint8Array, code: string): Promise<void> {
  await session.keys.apply([{ sql: 'UPDATE intention SET code = ? WHERE id = ?', parameters: [code, id] }]);
}

const PASSING: ReadonlySet<string> = new Set(['head-too-old', 'disk-full', 'device-revoked', 'rollback', 'split-view']);
const AWAY: ReadonlySet<string> = new Set(['unreachable', 'channel-broken']);
