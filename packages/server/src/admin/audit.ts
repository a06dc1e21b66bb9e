import { type AuditEntry, type AuditEvent, auditEntry, auditHash, auditRoot } from '@sotto/protocol';
import type { Database } from '../store/store.ts';

/** What is told; position and hash are the log's own matter. */
export interface AuditNote {
  readonly at: number;
  /** Fingerprint of the account that did it; null for the server and for strangers. */
  readonly actor: Uint8Array | null;
  readonly event: AuditEvent;
  readonly subject?: string | null;
  readonly detail?: AuditEntry['detail'];
}

/** Appends to the audit log, in the transaction of the change that is told. */
export async function appendAudit(database: Database, note: AuditNote): Promise<void> {
  const { at, actor, event, subject = null, detail = {} } = note;
  // The update comes first: its row lock puts those who append in a line, whatever the engine.
  const { length, hash } = await database
    .updateTable('audit_head')
    .set((row) => ({ length: row('length', '+', 1) }))
    .where('id', '=', 1)
    .returning(['length', 'hash'])
    .executeTakeFirstOrThrow();
  const n = length - 1;
  const entry = auditEntry.encode({ v: 1, n, at, actor, event, subject, detail, prev: hash ?? auditRoot });
  await database.insertInto('audit_entries').values({ n, entry }).execute();
  await database
    .updateTable('audit_head')
    .set({ hash: auditHash(entry) })
    .where('id', '=', 1)
    .execute();
}

/** Encoded entries from a position on. */
export async function auditEntries(
  database: Database,
  { from, limit }: { readonly from: number; readonly limit: number },
): Promise<readonly Uint8Array[]> {
  const rows = await database
    .selectFrom('audit_entries')
    .select('entry')
    .where('n', '>=', from)
    .orderBy('n')
    .limit(limit)
    .execute();
  return rows.map(({ entry }) => entry);
}

/** The newest entry that tells of an event; null for none. */
export async function lastEntry(database: Database, event: AuditEvent): Promise<AuditEntry | null> {
  for (let below = Number.MAX_SAFE_INTEGER; ; ) {
    const rows = await database
      .selectFrom('audit_entries')
      .select(['n', 'entry'])
      .where('n', '<', below)
      .orderBy('n', 'desc')
      .limit(200)
      .execute();
    for (const row of rows) {
      const entry = auditEntry.parse(row.entry);
      if (entry.event === event) return entry;
    }
    const last = rows.at(-1);
    if (last === undefined) return null;
    below = last.n;
  }
}
