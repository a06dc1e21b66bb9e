import { hex, parseHex } from '@sotto/bytes';
import type { Address, BodyContent } from '@sotto/protocol';
import type { Part, SqlStatement } from '../ports.ts';
import { readRooms } from '../room-store.ts';
import type { Session } from '../session.ts';
import type { Call } from './phone-state.ts';
import type { CallLogView, CallOutcome } from './views.ts';

/** What this device saw of a call itself; an offer that was answered or is over is not taken again, in this run or a later one. */
export function noteCall(call: Call, address: Address): readonly SqlStatement[] {
  const { direction, startedAt, answeredAt, endedAt, outcome } = call;
  return [
    {
      sql: `INSERT INTO call_seen (call, address, direction, started_at, answered_at, ended_at, outcome) VALUES (?, ?, ?, ?, ?, ?, ?)
        ON CONFLICT (call) DO UPDATE SET answered_at = excluded.answered_at, ended_at = excluded.ended_at, outcome = excluded.outcome`,
      parameters: [parseHex(call.token), address, direction, startedAt, answeredAt, endedAt, outcome],
    },
    {
      sql: `DELETE FROM call_seen WHERE call IN (SELECT call FROM call_seen ORDER BY started_at DESC LIMIT -1 OFFSET ${MAX_SEEN})`,
    },
  ];
}

/** Whether a call is over here, or was answered; one that still rang when its program ended may ring again. */
export async function isOver(keys: Part, token: Uint8Array): Promise<boolean> {
  const sql = 'SELECT call FROM call_seen WHERE call = ? AND (answered_at IS NOT NULL OR ended_at IS NOT NULL)';
  return (await keys.query(sql, [token])).length > 0;
}

/** The newest calls, last one first: what the records say, and what this device saw where there is none. */
export async function readCallLog(session: Session, limit: number): Promise<readonly CallLogView[]> {
  const peers = await directPeers(session);
  const recorded = await session.history.query<RecordedRow>('SELECT * FROM call ORDER BY started_at DESC LIMIT ?', [
    limit * 2,
  ]);
  const seen = await session.keys.query<SeenRow>(
    'SELECT * FROM call_seen WHERE ended_at IS NOT NULL AND outcome IS NOT NULL ORDER BY started_at DESC LIMIT ?',
    [limit],
  );
  const lines = new Map<string, CallLogView>();
  for (const row of recorded) {
    const address = peers.get(hex(row.room));
    if (address === undefined) continue;
    const isOwn = hex(row.author) === hex(session.identity.fingerprint);
    lines.set(hex(row.call), { ...timesOf(row), address, direction: isOwn ? 'out' : 'in', outcome: told(row, isOwn) });
  }
  for (const row of seen) {
    lines.set(hex(row.call), { ...timesOf(row), address: row.address, direction: row.direction, outcome: row.outcome });
  }
  return [...lines.values()].toSorted((left, right) => right.startedAt - left.startedAt).slice(0, limit);
}

/** Only the room of two people says whom a call was with. */
async function directPeers({ keys, identity }: Session): Promise<ReadonlyMap<string, Address>> {
  const own = hex(identity.fingerprint);
  const peers = new Map<string, Address>();
  for (const { state } of await readRooms(keys)) {
    if (state.type !== 'direct') continue;
    const peer = Object.entries(state.people).find(([fingerprint]) => fingerprint !== own)?.[1];
    if (peer !== undefined) peers.set(hex(state.id), peer);
  }
  return peers;
}

/** To whom was called, a call that the caller gave up is one that was missed. */
function told({ outcome }: RecordedRow, isOwn: boolean): CallOutcome {
  return outcome === 'cancelled' && !isOwn ? 'missed' : outcome;
}

function timesOf(row: SeenRow | RecordedRow): Pick<CallLogView, 'startedAt' | 'answeredAt' | 'endedAt'> {
  return { startedAt: row.started_at, answeredAt: row.answered_at, endedAt: row.ended_at };
}

interface Times {
  readonly call: Uint8Array;
  readonly started_at: number;
  readonly answered_at: number | null;
  readonly ended_at: number;
}

interface SeenRow extends Times {
  readonly address: Address;
  readonly direction: 'in' | 'out';
  readonly outcome: CallOutcome;
}

interface RecordedRow extends Times {
  readonly room: Uint8Array;
  readonly author: Uint8Array;
  readonly outcome: BodyContent<'call'>['outcome'];
}

/** Calls that a device remembers to have seen. */
const MAX_SEEN = 1000;
