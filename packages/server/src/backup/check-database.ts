import { equal, Fault, hex } from '@sotto/bytes';
import { sha256 } from '@sotto/crypto';
import { envelope, logHash, restoreChain, signedRecord } from '@sotto/protocol';
import { ServerUsageFault } from '../fault.ts';
import type { Connection } from '../store/sqlite.ts';

/** SQLite's own examination of pages, indexes and references. Throws `backup-damaged`. */
export function checkIntegrity(connection: Connection): void {
  const found = connection.pragma('integrity_check(1)', { simple: true });
  if (found !== 'ok') throw new ServerUsageFault('backup-damaged', 'SQLite finds the database damaged');
  const [dangling] = connection.pragma('foreign_key_check') as unknown[];
  if (dangling !== undefined) throw new ServerUsageFault('backup-damaged', 'a row refers to one that is missing');
}

type Tell = (subject: string, problem: string) => void;

/** Follows the hash chain of every room's log from its first entry to the head beside it. Gives their number. */
export function checkRooms(connection: Connection, tell: Tell): number {
  const rooms = connection.prepare('select id, room, length, hash from rooms order by id').all() as RoomRow[];
  const entries = connection.prepare(
    'select n, kind, signed_hash, log_hash, signed, body from room_entries where room_id = ? order by n',
  );
  for (const room of rooms) {
    const problem = roomProblem(room, entries.iterate(room.id) as Iterable<EntryRow>);
    if (problem !== null) tell(subjectOf('room', room.room), problem);
  }
  return rooms.length;
}

interface RoomRow {
  readonly id: number;
  readonly room: Uint8Array;
  readonly length: number;
  readonly hash: Uint8Array;
}

interface EntryRow {
  readonly n: number;
  readonly kind: string;
  readonly signed_hash: Uint8Array;
  readonly log_hash: Uint8Array;
  readonly signed: Uint8Array;
  readonly body: Uint8Array | null;
}

function roomProblem({ room, length, hash }: RoomRow, entries: Iterable<EntryRow>): string | null {
  let n = 0;
  let last: Uint8Array = room;
  for (const entry of entries) {
    if (entry.n !== n) return `entry ${n} is missing`;
    const signedHash = sha256(entry.signed);
    if (!equal(signedHash, entry.signed_hash)) return `entry ${n} is not the one that was accepted`;
    last = n === 0 ? signedHash : logHash(last, n, signedHash);
    if (!equal(last, entry.log_hash)) return `the hash chain breaks at entry ${n}`;
    if (n === 0 && !equal(signedHash, room)) return 'the log begins with the statement of another room';
    if (entry.kind === 'record' && !isOwnBody(entry)) return `the body of entry ${n} is not the one that was signed`;
    n++;
  }
  if (n !== length) return `the log has ${n} entries instead of ${length}`;
  return equal(last, hash) ? null : 'the log leads to another head than the stored one';
}

function isOwnBody({ signed, body }: EntryRow): boolean {
  return body === null || equal(sha256(body), signedRecord.parse(signed)[1]);
}

/** Follows every account's sigchain from its genesis to the length beside it. Gives their number. */
export function checkChains(connection: Connection, tell: Tell): number {
  const accounts = connection
    .prepare('select id, address, fingerprint, chain_length from accounts where fingerprint is not null order by id')
    .all() as AccountRow[];
  const statements = connection.prepare('select envelope from statements where account_id = ? order by seq');
  for (const account of accounts) {
    const rows = statements.all(account.id) as { readonly envelope: Uint8Array }[];
    const problem = chainProblem(account, rows);
    if (problem !== null) tell(subjectOf('chain', account.fingerprint), problem);
  }
  return accounts.length;
}

interface AccountRow {
  readonly id: number;
  readonly address: string;
  readonly fingerprint: Uint8Array;
  readonly chain_length: number;
}

function chainProblem(
  { address, fingerprint, chain_length: length }: AccountRow,
  rows: readonly { readonly envelope: Uint8Array }[],
): string | null {
  if (rows.length !== length) return `the sigchain has ${rows.length} statements instead of ${length}`;
  try {
    const chain = restoreChain(rows.map((row) => envelope.parse(Uint8Array.from(row.envelope))));
    if (!equal(chain.fingerprint, fingerprint)) return 'the sigchain begins with the genesis of another account';
    return chain.address === address ? null : 'the sigchain is of another address';
  } catch (cause) {
    if (!(cause instanceof Fault) || cause.blame === 'bug') throw cause;
    return cause.message;
  }
}

function subjectOf(kind: 'room' | 'chain', id: Uint8Array): string {
  return `${kind} ${hex(id)}`;
}
