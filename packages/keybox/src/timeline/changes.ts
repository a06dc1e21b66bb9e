import { hex } from '@sotto/bytes';
import type { Address, Role, RoomState, RosterStatement } from '@sotto/protocol';
import type { Part, SqlStatement } from '../ports.ts';

type RoomChangeKind = 'added' | 'removed' | 'left' | 'role' | 'policy' | 'era' | 'closed';

/** What a statement changed in a room, to be shown among its messages. */
export interface RoomChangeView {
  readonly room: string;
  /** Position in the room's log. */
  readonly n: number;
  /** Milliseconds since the epoch, by the clock of the device that signed. */
  readonly at: number;
  readonly kind: RoomChangeKind;
  readonly by: Address;
  /** Who came, went, or has another role. */
  readonly who: Address | null;
  readonly role: Role | null;
  /** The era that it began; null if it began none. */
  readonly era: number | null;
}

/** Keeps what a statement that counted changed; null for what nobody needs to be shown. `state` is the one after it. */
export function keepChange(state: RoomState, statement: RosterStatement, n: number): SqlStatement | null {
  const kind = KINDS[statement.type];
  const began = state.eras.findLast((era) => era.n === n)?.era ?? null;
  // Every room begins with an era.
  if (kind === null || (kind === 'era' && began === 0)) return null;
  const { at, author } = statement;
  return {
    sql: 'INSERT OR REPLACE INTO room_change (room, n, at, kind, author, subject, role, era) VALUES (?, ?, ?, ?, ?, ?, ?, ?)',
    parameters: [state.id, n, at, kind, author, subjectOf(statement), roleOf(statement), began],
  };
}

/** The changes of a room from a position up to and without another, in the order of its log. */
export async function changesBetween(
  keys: Part,
  state: RoomState,
  [from, to]: readonly [number, number],
): Promise<readonly RoomChangeView[]> {
  const rows = await keys.query<ChangeRow>(
    'SELECT n, at, kind, author, subject, role, era FROM room_change WHERE room = ? AND n >= ? AND n < ? ORDER BY n',
    [state.id, from, Math.min(to, Number.MAX_SAFE_INTEGER)],
  );
  const { people } = state;
  return rows.flatMap(({ author, subject, ...row }) => {
    const by = people[hex(author)];
    const who = subject === null ? null : people[hex(subject)];
    return by === undefined || who === undefined ? [] : [{ ...row, room: hex(state.id), by, who }];
  });
}

function subjectOf({ type, author, body }: RosterStatement): Uint8Array | null {
  if (type === 'member.add') return body.member.fingerprint;
  if (type === 'member.remove' || type === 'role.set') return body.fingerprint;
  return type === 'leave' ? author : null;
}

function roleOf({ type, body }: RosterStatement): Role | null {
  return type === 'role.set' || type === 'member.add' ? body.role : null;
}

interface ChangeRow {
  readonly n: number;
  readonly at: number;
  readonly kind: RoomChangeKind;
  readonly author: Uint8Array;
  readonly subject: Uint8Array | null;
  readonly role: Role | null;
  readonly era: number | null;
}

const KINDS: Readonly<Record<RosterStatement['type'], RoomChangeKind | null>> = {
  create: null,
  'member.add': 'added',
  'member.remove': 'removed',
  leave: 'left',
  'role.set': 'role',
  'policy.set': 'policy',
  era: 'era',
  close: 'closed',
  'continue-from': null,
  complaint: null,
};
