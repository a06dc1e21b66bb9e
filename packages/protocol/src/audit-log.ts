import { equal } from '@sotto/bytes';
import { taggedHash } from '@sotto/crypto';
import { z } from 'zod/mini';
import { ProtocolPeerFault } from './fault.ts';
import { boundedText, count, type Extent, type Format, hash32, milliseconds, versionedFormat } from './format.ts';

/** What an audit log tells of: administration and security, never who talks with whom. */
export const auditEvents = [
  'server.started',
  'server.stopped',
  'sign-in.failed',
  'account.created',
  'account.suspended',
  'account.resumed',
  'account.deleted',
  'account.role-set',
  'account.restored',
  'account.passphrase-changed',
  'device.added',
  'device.revoked',
  'invitation.created',
  'invitation.revoked',
  'session.ended',
  'policy.published',
  'server.restored',
] as const;
export type AuditEvent = (typeof auditEvents)[number];

/** One entry of the audit log; `n` counts from 0. */
export interface AuditEntry {
  readonly v: 1;
  readonly n: number;
  readonly at: number;
  /** Fingerprint of the account that did it; null for the server itself and for strangers. */
  readonly actor: Uint8Array | null;
  readonly event: AuditEvent;
  /** What it was done to: an address, a device's name behind one, a label. */
  readonly subject: string | null;
  readonly detail: { readonly [name: string]: string | number };
  /** Hash of the entry before; 32 zero bytes in the first. */
  readonly prev: Uint8Array;
}

export const auditEntry: Format<AuditEntry> = versionedFormat<AuditEntry>(
  'audit entry',
  z.strictObject({
    v: z.literal(1),
    n: count,
    at: milliseconds,
    actor: z.nullable(hash32),
    event: z.enum(auditEvents),
    subject: z.nullable(boundedText(512)),
    detail: z.record(z.string().check(z.maxLength(32)), z.union([boundedText(256), z.int()])),
    prev: hash32,
  }),
  { maxBytes: 4096, field: 'event', known: auditEvents },
);

/** The hash that the next entry names, and that a signed head of kind `audit` is over. */
export function auditHash(encoded: Uint8Array): Uint8Array<ArrayBuffer> {
  return taggedHash('sotto/audit/v1', encoded);
}

/** What comes before the first entry. */
export const auditRoot: Uint8Array = new Uint8Array(32);

/** A stretch of the log that leads to `end`. */
export interface AuditStretch {
  /** Position of the first entry. */
  readonly from: number;
  readonly entries: readonly Uint8Array[];
  readonly end: Extent;
}

/** What a stretch says once it is verified; `hashes[i]` is the log's hash after entry `from + i`. */
export interface VerifiedAudit {
  readonly entries: readonly AuditEntry[];
  readonly hashes: readonly Uint8Array[];
}

/**
 * Verifies that a stretch is one chain which ends in the extent that the cluster signed. Throws `audit-broken` for
 * entries that were left out, put in, changed or reordered.
 */
export function verifyAudit({ from, entries, end }: AuditStretch): VerifiedAudit {
  const parsed: AuditEntry[] = [];
  const hashes: Uint8Array[] = [];
  for (const [i, encoded] of entries.entries()) {
    const entry = auditEntry.parse(encoded);
    if (entry.n !== from + i) throw broken('a position was left out or repeated');
    const before = hashes.at(-1) ?? (entry.n === 0 ? auditRoot : entry.prev);
    if (!equal(entry.prev, before)) throw broken('an entry does not follow the one before it');
    parsed.push(entry);
    hashes.push(auditHash(encoded));
  }
  const last = hashes.at(-1);
  if (from + entries.length !== end.length || (last !== undefined && !equal(last, end.hash))) {
    throw broken('the entries do not lead to the signed head');
  }
  return { entries: parsed, hashes };
}

function broken(what: string): ProtocolPeerFault {
  return new ProtocolPeerFault('audit-broken', `audit log: ${what}`);
}
