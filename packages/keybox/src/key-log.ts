import { Fault, type WireFault } from '@sotto/bytes';
import { type KeyLogEntry, type KeyLogKind, keyLogEntry as keyLogEntryFormat } from '@sotto/protocol';
import { KeyboxPeerFault } from './fault.ts';
import type { Clock, Part, SqlStatement } from './ports.ts';
import type { KeyLogView } from './views.ts';

/** The statement that adds an entry, for the transaction of what it tells of; of a `cause` the code is kept. */
export function logKey(clock: Clock, entry: KeyLogEntry, cause?: unknown): SqlStatement {
  return {
    sql: 'INSERT INTO key_log (at, entry, code) VALUES (?, ?, ?)',
    parameters: [clock.now(), encoded(entry), codeOf(cause)],
  };
}

/** The same, for what a server may provoke again and again: nothing if the very same was told before. */
export function logKeyOnce(clock: Clock, entry: KeyLogEntry, cause?: unknown): SqlStatement {
  const [bytes, code] = [encoded(entry), codeOf(cause)];
  return {
    sql: `INSERT INTO key_log (at, entry, code) SELECT ?, ?, ?
      WHERE NOT EXISTS (SELECT 1 FROM key_log WHERE entry = ? AND code IS ?)`,
    parameters: [clock.now(), bytes, code, bytes, code],
  };
}

/** Oldest first. Throws `vault-damaged` for what cannot have been written here. */
export async function listKeyLog(keys: Part): Promise<readonly KeyLogView[]> {
  const rows = await keys.query<KeyLogRow>('SELECT at, entry, code FROM key_log ORDER BY position');
  return rows.map(({ at, entry, code }) => viewOf({ at, code, entry: parsed(entry) }));
}

/** Whether bytes of another device are an entry that this version knows. */
export function isKeyLogEntry(entry: Uint8Array): boolean {
  try {
    keyLogEntryFormat.parse(entry);
    return true;
  } catch (cause) {
    if (cause instanceof Fault && cause.blame === 'wire') return false;
    throw cause;
  }
}

interface KeyLogRow {
  readonly at: number;
  readonly entry: Uint8Array;
  readonly code: string | null;
}

function viewOf({ at, code, entry }: Omit<KeyLogView, 'kind'>): KeyLogView {
  const [kind] = entry.event.split('/') as [KeyLogKind];
  return { at, kind, code, entry };
}

function parsed(entry: Uint8Array): KeyLogEntry {
  try {
    return keyLogEntryFormat.parse(entry);
  } catch (cause) {
    throw new KeyboxPeerFault('vault-damaged', 'an entry of the key log does not read', { cause: cause as WireFault });
  }
}

function encoded(entry: KeyLogEntry): Uint8Array {
  return keyLogEntryFormat.encode('reason' in entry ? { ...entry, reason: clip(entry.reason) } : entry);
}

function clip(reason: string): string {
  const text = reason.toWellFormed();
  return text.length <= MAX_REASON ? text : `${text.slice(0, MAX_REASON - 1).toWellFormed()}…`;
}

function codeOf(cause: unknown): string | null {
  return cause instanceof Fault ? cause.code : null;
}

const MAX_REASON = 300;
