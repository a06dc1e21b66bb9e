import type { BodyContent } from '@sotto/protocol';
import type { SqlStatement } from '../ports.ts';

/** Keeps a record of the log: of a call the first one counts. */
export function callStatement(
  row: { readonly room: Uint8Array; readonly author: Uint8Array; readonly n: number | null },
  { call, startedAt, answeredAt, endedAt, outcome }: BodyContent<'call'>,
): SqlStatement {
  return {
    sql: 'INSERT OR IGNORE INTO call (room, call, author, n, started_at, answered_at, ended_at, outcome) VALUES (?, ?, ?, ?, ?, ?, ?, ?)',
    parameters: [row.room, call, row.author, row.n, startedAt, answeredAt, endedAt, outcome],
  };
}
