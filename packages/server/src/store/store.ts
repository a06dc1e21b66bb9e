import type { Fault } from '@sotto/bytes';
import { ProtocolUsageFault } from '@sotto/protocol';
import type { Kysely } from 'kysely';
import type { Tables } from './tables.ts';

export type Database = Kysely<Tables>;

/** The engine behind a store. */
export type StoreKind = 'sqlite' | 'postgres';

/** The database of a home server. */
export interface Store {
  readonly kind: StoreKind;
  /**
   * Reads what is committed. Each query sees one state; a later query of the same call may see a newer one. The
   * callback only reads. Throws `unavailable` while the database is out of reach.
   */
  read<Result>(query: (database: Database) => Promise<Result>): Promise<Result>;
  /**
   * Runs `job` alone in a savepoint and resolves once its changes are on the disk; jobs that arrive together share
   * one commit. A job that throws changes nothing, and disturbs no other. It awaits queries of `database` and nothing
   * else, and a query that fails ends it. Throws what the job throws, `disk-full`, or `unavailable`: then the changes
   * may have been committed all the same, and whoever remembers a state must read it anew.
   */
  transact<Result>(job: (database: Database) => Promise<Result>): Promise<Result>;
  /** Resolves when the store serves no more, because another server has taken the database over. */
  readonly lost: Promise<Fault>;
  /** Finishes what was begun and closes files and connections. */
  close(): Promise<void>;
}

/** True for a fault of the moment: it says nothing about what was asked, and what was kept in memory may be old. */
export function isUnavailable(cause: unknown): boolean {
  return cause instanceof ProtocolUsageFault && cause.code === 'unavailable';
}
