import { Fault } from '@sotto/bytes';
import { parseCheckpoint } from '@sotto/transparency';
import { logKeyOnce } from '../key-log.ts';
import type { Part, SqlStatement } from '../ports.ts';
import type { Session } from '../session.ts';

/** The newest checkpoint that this device verified. */
export interface KeptCheckpoint {
  readonly incarnation: number;
  readonly size: number;
  readonly note: Uint8Array;
  /** Public key of the placements in this log; null before the first epoch was looked at. */
  readonly vrf: Uint8Array | null;
  /** Epochs in which the own entry was checked, or that were there before this device followed the log. */
  readonly checked: number;
  /** When the server showed it last, by this machine's clock. */
  readonly seenAt: number;
}

/** What the log said of an account when it was looked up last. */
export interface KeptEntry {
  readonly incarnation: number;
  readonly size: number;
  readonly state: LogState;
  /** 0 for none. */
  readonly length: number;
  readonly at: number;
  /** Since when the log has been behind the chain; null if it is not. */
  readonly pendingSince: number | null;
}

/** `unseen`: the server does not show the entry to this account. */
export type LogState = 'current' | 'behind' | 'absent' | 'unseen';

/** A checkpoint that somebody's device verified, by its own word. */
export interface HeardCheckpoint {
  readonly device: Uint8Array;
  readonly who: string;
  readonly incarnation: number;
  readonly size: number;
  readonly note: Uint8Array;
  readonly comparedAt: number | null;
}

export async function readCheckpoint(keys: Part): Promise<KeptCheckpoint | null> {
  const [row] = await keys.query<KeptCheckpoint>(
    'SELECT incarnation, size, note, vrf, checked, seen_at AS seenAt FROM checkpoint ORDER BY incarnation DESC LIMIT 1',
  );
  return row ?? null;
}

/** The note of the newest checkpoint, for those who shall compare it with theirs. */
export async function newestNote(keys: Part): Promise<Uint8Array | null> {
  return (await readCheckpoint(keys))?.note ?? null;
}

export function writeCheckpoint({ incarnation, size, note, vrf, checked, seenAt }: KeptCheckpoint): SqlStatement {
  return {
    sql: 'INSERT OR REPLACE INTO checkpoint (incarnation, size, note, vrf, checked, seen_at) VALUES (?, ?, ?, ?, ?, ?)',
    parameters: [incarnation, size, note, vrf, checked, seenAt],
  };
}

export async function readEntry(keys: Part, account: Uint8Array): Promise<KeptEntry | null> {
  const [row] = await keys.query<KeptEntry>(
    'SELECT incarnation, size, state, length, at, pending_since AS pendingSince FROM log_entry WHERE account = ?',
    [account],
  );
  return row ?? null;
}

export function writeEntry(
  account: Uint8Array,
  { incarnation, size, state, length, at, pendingSince }: KeptEntry,
): SqlStatement {
  return {
    sql: `INSERT OR REPLACE INTO log_entry (account, incarnation, size, state, length, at, pending_since)
      VALUES (?, ?, ?, ?, ?, ?, ?)`,
    parameters: [account, incarnation, size, state, length, at, pendingSince],
  };
}

/**
 * Keeps what a device says that it saw, unless it said something newer: one checkpoint for each device, so that nobody fills
 * a vault. What is no checkpoint is told and forgotten.
 */
export function hear(
  { clock }: Pick<Session, 'clock'>,
  { device, who, note }: Pick<HeardCheckpoint, 'device' | 'who' | 'note'>,
): readonly SqlStatement[] {
  try {
    const { incarnation, size } = parseCheckpoint(note);
    return [
      {
        sql: `INSERT INTO heard (device, who, incarnation, size, note, compared_at) VALUES (?, ?, ?, ?, ?, NULL)
          ON CONFLICT (device) DO UPDATE SET incarnation = excluded.incarnation, size = excluded.size,
          note = excluded.note, compared_at = NULL
          WHERE excluded.incarnation > heard.incarnation
          OR (excluded.incarnation = heard.incarnation AND excluded.size > heard.size)`,
        parameters: [device, who, incarnation, size, note],
      },
    ];
  } catch (cause) {
    if (!(cause instanceof Fault) || cause.blame !== 'wire') throw cause;
    return [logKeyOnce(clock, { event: 'refused/checkpoint-malformed', who }, cause)];
  }
}

/** What was heard; the newest first. */
export async function readHeard(keys: Part): Promise<readonly HeardCheckpoint[]> {
  return keys.query<HeardCheckpoint>(
    `SELECT device, who, incarnation, size, note, compared_at AS comparedAt FROM heard
      ORDER BY incarnation DESC, size DESC, device`,
  );
}

export function markCompared({ device, note }: HeardCheckpoint, at: number): SqlStatement {
  return { sql: 'UPDATE heard SET compared_at = ? WHERE device = ? AND note = ?', parameters: [at, device, note] };
}

export function forgetHeard({ device, note }: HeardCheckpoint): SqlStatement {
  return { sql: 'DELETE FROM heard WHERE device = ? AND note = ?', parameters: [device, note] };
}
