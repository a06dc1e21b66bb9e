import { equal, Fault, hex } from '@sotto/bytes';
import { sha256 } from '@sotto/crypto';
import { type LogEntry, type Role, signedRecord } from '@sotto/protocol';
import { KeyboxPeerFault } from './fault.ts';
import { type InboxItem, writeInbox } from './inbox.ts';
import { logKey } from './key-log.ts';
import { isSignedKey, openRecord } from './open-record.ts';
import type { SqlStatement } from './ports.ts';
import type { RoomReader } from './room-batch.ts';

/** A record that counts and could not be opened: for want of its era's key, or because the server withholds its body. */
export interface Unopened {
  readonly n: number;
  readonly era: number;
  /** The author's role at n. */
  readonly role: Role;
  readonly class: 'content' | 'quiet';
  /** `body-pending`: without a body, and the log is not yet read as far as to know whether somebody deleted it. */
  readonly code: 'key-missing' | 'body-withheld' | 'body-pending' | 'dropped';
}

export function keepUnopened(room: Uint8Array, unopened: Unopened): SqlStatement {
  const { n, era, role, class: kind, code } = unopened;
  return {
    sql: 'INSERT OR REPLACE INTO unopened (room, n, era, role, class, code) VALUES (?, ?, ?, ?, ?, ?)',
    parameters: [room, n, era, role, kind, code],
  };
}

/** A record that was withheld from us until its author took it back is shown as deleted. */
export function dropUnopened(room: Uint8Array, n: number): SqlStatement {
  return { sql: "UPDATE unopened SET code = 'dropped' WHERE room = ? AND n = ?", parameters: [room, n] };
}

/** Opens what can be opened by now: with keys that came later, and with bodies that the server gives after all. */
export async function reopenRecords(reader: RoomReader, room: Uint8Array): Promise<void> {
  for (;;) {
    const found = await candidates(reader, room);
    let settled = 0;
    for (const unopened of found) if (await reopen(reader, room, unopened)) settled += 1;
    if (settled === 0 || found.length < MAX_AT_ONCE) return;
  }
}

/** True if the record needs no other look. */
async function reopen(reader: RoomReader, room: Uint8Array, unopened: Candidate): Promise<boolean> {
  const { keys } = reader.session;
  const { n } = unopened;
  const done = { sql: 'DELETE FROM unopened WHERE room = ? AND n = ?', parameters: [room, n] };
  const entry = unopened.code === 'dropped' ? null : await readRecord(reader, room, unopened);
  const item =
    unopened.code === 'dropped'
      ? standIn(unopened, 'dropped')
      : entry === null
        ? null
        : await opened(reader, { room, unopened, entry });
  if (item !== null) await keys.apply([writeInbox(room, item), done]);
  else if (unopened.code === 'body-pending') await keys.apply(accuse(reader, room, unopened));
  return item !== null;
}

/** Nobody deleted it, and the server does not give it. */
function accuse({ session }: RoomReader, room: Uint8Array, unopened: Candidate): readonly SqlStatement[] {
  const cause = new KeyboxPeerFault('body-withheld', 'the server withholds a record that nobody deleted');
  return [
    keepUnopened(room, { ...unopened, code: 'body-withheld' }),
    writeInbox(room, standIn(unopened, 'body-withheld')),
    logKey(session.clock, { event: 'refused/withheld', room: hex(room), n: unopened.n }, cause),
  ];
}

function standIn({ n, author, device, role, class: kind }: Candidate, code: string): InboxItem {
  return { n, author, device, role, class: kind, code, drops: [], body: null, floor: null, isNews: false };
}

/** Rooms that have something to open by now. */
export async function roomsToReopen({ session }: RoomReader): Promise<readonly Uint8Array[]> {
  const rows = await session.keys.query<{ room: Uint8Array }>(`SELECT DISTINCT room FROM unopened WHERE ${IS_DUE}`);
  return rows.map(({ room }) => room);
}

type Candidate = Unopened & {
  readonly signedHash: Uint8Array;
  readonly author: Uint8Array;
  readonly device: Uint8Array;
};
type RecordEntry = LogEntry & { readonly kind: 'record' };

async function candidates({ session }: RoomReader, room: Uint8Array): Promise<readonly Candidate[]> {
  return session.keys.query<Candidate>(
    `SELECT unopened.n, era, role, class, unopened.code, signed_hash AS signedHash, author, device FROM unopened JOIN log USING (room, n)
      WHERE room = ? AND ${IS_DUE}
      ORDER BY n LIMIT ${MAX_AT_ONCE}`,
    [room],
  );
}

/** The record as the server gives it now; null if that is not the one that was judged. */
async function readRecord(
  { session }: RoomReader,
  room: Uint8Array,
  { n, signedHash }: Candidate,
): Promise<RecordEntry | null> {
  const { entries } = await session.link.call('rooms.read', { room, from: n, limit: 1 });
  const [entry] = entries;
  return entry?.n === n && entry.kind === 'record' && equal(sha256(entry.record.signed), signedHash) ? entry : null;
}

async function opened(
  { session, eraKeys }: RoomReader,
  { room, unopened, entry }: { readonly room: Uint8Array; readonly unopened: Candidate; readonly entry: RecordEntry },
): Promise<InboxItem | null> {
  const { n, role, era } = unopened;
  const { signed, body } = entry.record;
  const [header, bodyHash] = signedRecord.parse(signed);
  const { author, device } = header;
  const place = { drops: [...header.drops], floor: null, isNews: true };
  const item = { n, author, device, role, class: header.class, ...place };
  const secret = await eraKeys.secret(room, era);
  if (secret === null || body === null || !equal(sha256(body), bodyHash)) return null;
  if (!isSignedKey(session, header, entry)) return null;
  try {
    const keys = { secret, sealedKey: entry.sealedKey };
    return { ...item, body: await openRecord(session, keys, { header, body }), code: null };
  } catch (cause) {
    if (!(cause instanceof Fault)) throw cause;
    return { ...item, body: null, code: cause.code };
  }
}

const IS_DUE = `(unopened.code <> 'body-pending' OR NOT EXISTS (SELECT 1 FROM ahead WHERE ahead.room = unopened.room))
  AND (unopened.code <> 'key-missing' OR EXISTS
  (SELECT 1 FROM era_secret WHERE era_secret.room = unopened.room AND era_secret.era = unopened.era))`;

/** Requests of one look at a room. */
const MAX_AT_ONCE = 200;
