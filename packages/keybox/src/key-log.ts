import { Fault } from '@sotto/bytes';
import type { Clock, Part, SqlStatement } from './ports.ts';
import type { KeyLogView } from './views.ts';

/** What happened to keys, devices and trust, in words for the account's owner. */
export type KeyEvent =
  | 'contact'
  | 'verification'
  | 'device'
  | 'era'
  | 'key-request'
  | 'room'
  | 'refused'
  | 'gap'
  | 'head'
  | 'certificate'
  | 'passphrase'
  | 'policy'
  | 'call'
  | 'log';

/** The statement that adds an entry, for the transaction of what it tells of. Ids in `text` are public ones; no content. */
export function keyLogEntry(
  clock: Clock,
  entry: { readonly event: KeyEvent; readonly text: string; readonly cause?: unknown },
): SqlStatement {
  const code = entry.cause instanceof Fault ? entry.cause.code : null;
  return {
    sql: 'INSERT INTO key_log (at, kind, text, code) VALUES (?, ?, ?, ?)',
    parameters: [clock.now(), entry.event, entry.text, code],
  };
}

/** The same, for what a server may provoke again and again: nothing if the very same was told before. */
export function keyLogEntryOnce(clock: Clock, entry: Parameters<typeof keyLogEntry>[1]): SqlStatement {
  const { parameters = [] } = keyLogEntry(clock, entry);
  const [, kind, text, code] = parameters as [number, string, string, string | null];
  return {
    sql: `INSERT INTO key_log (at, kind, text, code) SELECT ?, ?, ?, ?
      WHERE NOT EXISTS (SELECT 1 FROM key_log WHERE kind = ? AND text = ? AND code IS ?)`,
    parameters: [...parameters, kind, text, code],
  };
}

/** Oldest first. */
export async function listKeyLog(keys: Part): Promise<readonly KeyLogView[]> {
  return keys.query<KeyLogView>('SELECT at, kind, text, code FROM key_log ORDER BY position');
}
