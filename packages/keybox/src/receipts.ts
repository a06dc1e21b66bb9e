import { equal, hex } from '@sotto/bytes';
import type { History } from './history.ts';
import { enqueue } from './outbox.ts';
import type { RoomReader } from './room-batch.ts';
import type { KeptRoom } from './room-store.ts';

/**
 * Queues a delivery receipt if messages of others came since the last one; at most one a minute per room, so that a
 * receipt tells little about when somebody is at the keyboard.
 */
export async function queueDelivered(reader: RoomReader, history: History, room: KeptRoom): Promise<void> {
  const { identity } = reader.session;
  const { state } = room;
  const mine = await history.receipt(state.id, identity.fingerprint);
  const newest = await history.newestOfOthers(state.id);
  if (newest <= mine.delivered || !mayReceipt(reader, room) || !(await mayBeTold(reader, room))) return;
  await queue(reader, room, { kind: 'delivered', delivered: newest, read: mine.read });
}

/** Queues a read receipt up to and including position `n`, and a note of it for the own devices. */
export async function queueRead(
  reader: RoomReader,
  history: History,
  { room, n }: { readonly room: KeptRoom; readonly n: number },
): Promise<void> {
  const { identity } = reader.session;
  const mine = await history.receipt(room.state.id, identity.fingerprint);
  const length = Math.min(n + 1, room.state.length);
  if (length <= mine.read || !mayReceipt(reader, room)) return;
  await noteRead(reader, room.state.id, length);
  if (!(await mayBeTold(reader, room))) return;
  await queue(reader, room, { kind: 'read', delivered: Math.max(length, mine.delivered), read: length });
}

/** Who is no contact any more learns from a direct room neither that we are there nor what we read. */
async function mayBeTold({ session, isContact }: RoomReader, { state }: KeptRoom): Promise<boolean> {
  if (state.type !== 'direct') return true;
  const others = Object.values(state.members).filter(
    ({ fingerprint }) => !equal(fingerprint, session.identity.fingerprint),
  );
  for (const { fingerprint } of others) if (!(await isContact(fingerprint))) return false;
  return true;
}

function mayReceipt({ session }: RoomReader, { state, stopped, ahead }: KeptRoom): boolean {
  return (
    state.type !== 'account' &&
    !state.closed &&
    // The log is not judged as far as the receipt would name it.
    ahead === null &&
    stopped === null &&
    state.members[hex(session.identity.fingerprint)] !== undefined
  );
}

/** For the other devices of this account. */
async function noteRead(reader: RoomReader, room: Uint8Array, length: number): Promise<void> {
  const content = { room, upTo: await extentAt(reader, room, length) };
  await enqueue(reader, reader.session.identity.accountRoom, { kind: 'read', content, class: 'quiet' });
}

async function queue(
  reader: RoomReader,
  { state }: KeptRoom,
  mark: { readonly kind: 'delivered' | 'read'; readonly delivered: number; readonly read: number },
): Promise<void> {
  const { keys, clock } = reader.session;
  const delivered = await extentAt(reader, state.id, mark.delivered);
  const read = mark.read === 0 ? null : await extentAt(reader, state.id, mark.read);
  const { kind } = mark;
  const [last] = await keys.query<{ value: Uint8Array }>('SELECT value FROM meta WHERE name = ?', [
    lastName(kind, state.id),
  ]);
  const lastAt = last === undefined ? 0 : Number(new TextDecoder('utf-8').decode(last.value));
  const notBefore = earliest(lastAt, clock.now());
  if (notBefore > 0 && kind === 'delivered') return;
  // One that is still waiting is overtaken: receipts are cumulative.
  await keys.apply([
    {
      sql: "DELETE FROM outbox WHERE room = ? AND kind = 'receipt' AND seq IS NULL AND not_before > ?",
      parameters: [state.id, clock.now()],
    },
  ]);
  const content = { delivered, read };
  await enqueue(reader, state.id, { kind: 'receipt', content, class: 'quiet', notBefore });
  await keys.apply([
    {
      sql: 'INSERT OR REPLACE INTO meta (name, value) VALUES (?, ?)',
      parameters: [lastName(kind, state.id), new TextEncoder().encode(String(Math.max(clock.now(), notBefore)))],
    },
  ]);
}

/** When the next receipt may go: 0 for now. `lastAt` is when the last one went, or is due to go. */
function earliest(lastAt: number, now: number): number {
  if (lastAt > now + MINUTE) return 0;
  if (lastAt > now) return lastAt;
  return lastAt + MINUTE > now ? lastAt + MINUTE : 0;
}

async function extentAt(
  { session }: RoomReader,
  room: Uint8Array,
  length: number,
): Promise<{ length: number; hash: Uint8Array }> {
  const [row] = await session.keys.query<{ hash: Uint8Array }>('SELECT hash FROM log WHERE room = ? AND n = ?', [
    room,
    length - 1,
  ]);
  return { length, hash: row?.hash ?? room };
}

function lastName(kind: string, room: Uint8Array): string {
  return `receipt/${kind}/${hex(room)}`;
}

const MINUTE = 60_000;
