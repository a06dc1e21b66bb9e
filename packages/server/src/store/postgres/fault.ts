import type { Fault } from '@sotto/bytes';
import { ProtocolPolicyFault, ProtocolUsageFault } from '@sotto/protocol';
import { DatabaseError } from 'pg';
import { ServerUsageFault } from '../../fault.ts';

/** A connection that broke under a query, or was never made. */
export class ConnectionLost extends Error {
  override readonly name = 'ConnectionLost';
}

/** What a failure of PostgreSQL means for everything that shares its transaction; null for a query's own fault. */
export function storageFault(cause: unknown): Fault | null {
  if (cause instanceof ConnectionLost) return unavailable(cause);
  if (!(cause instanceof DatabaseError)) return null;
  if (DISK_TROUBLES.has(cause.code ?? '')) {
    return new ProtocolPolicyFault('disk-full', 'the server cannot store more', { cause });
  }
  const isFatal = cause.severity === 'FATAL' || cause.severity === 'PANIC';
  return isFatal || PASSING.test(cause.code ?? '') ? unavailable(cause) : null;
}

export function unavailable(cause?: unknown): ProtocolUsageFault {
  const message = "the server's database is out of reach: try again later";
  return new ProtocolUsageFault('unavailable', message, cause === undefined ? {} : { cause });
}

/** Why a start fails. */
export function openingFault(cause: unknown): unknown {
  if (cause instanceof DatabaseError && !/^5[37]/.test(cause.code ?? '')) {
    return new ServerUsageFault('database-unusable', `PostgreSQL refuses: ${cause.message} (${cause.code})`, { cause });
  }
  if (!(cause instanceof ConnectionLost) && !(cause instanceof DatabaseError)) return cause;
  return new ServerUsageFault('database-unreachable', `the database cannot be reached: ${cause.message}`, { cause });
}

/** disk_full, io_error */
const DISK_TROUBLES: ReadonlySet<string> = new Set(['53100', '58030']);
/** Connections, rolled-back transactions, resources, cancellation and shutdown, a standby that does not write. */
const PASSING = /^(?:08|40|53|57)|^25006$/;
