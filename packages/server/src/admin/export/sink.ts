import { hex } from '@sotto/bytes';
import { type AuditEntry, auditEntry, auditHash } from '@sotto/protocol';

/** An outside log that takes audit entries in order. */
export interface AuditSink {
  /** How it is called in the logs and in its cursor: a path or a URL. */
  readonly name: string;
  /** Position of the first entry that it has not got; null where the store must remember that. */
  next(): Promise<number | null>;
  /** Resolves when the entries are as safe as this log can make them. */
  write(entries: readonly ExportedEntry[]): Promise<void>;
  close(): Promise<void>;
}

/** An entry as outside logs get it. */
export interface ExportedEntry {
  readonly entry: AuditEntry;
  /** The hash that the next entry names, hexadecimal. */
  readonly hash: string;
}

export function exportedEntry(encoded: Uint8Array): ExportedEntry {
  return { entry: auditEntry.parse(encoded), hash: hex(auditHash(encoded)) };
}

/** One line of JSON, without a line break. */
export function auditLine({ entry, hash }: ExportedEntry): string {
  const { n, at, actor, event, subject, detail, prev } = entry;
  const by = actor === null ? null : hex(actor);
  return JSON.stringify({
    n,
    at: new Date(at).toISOString(),
    event,
    actor: by,
    subject,
    detail,
    prev: hex(prev),
    hash,
  });
}
