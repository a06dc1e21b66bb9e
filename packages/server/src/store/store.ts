import { chmodSync, closeSync, mkdirSync, openSync } from 'node:fs';
import { dirname } from 'node:path';
import type { Kysely } from 'kysely';
import { groupCommit } from './group-commit.ts';
import { migrate } from './migrate.ts';
import { connect, queries } from './sqlite.ts';
import type { Tables } from './tables.ts';

export type Database = Kysely<Tables>;

/** The database of a home server. */
export interface Store {
  /**
   * Reads what is committed. Each query sees one state; a later query of the same call may see a newer one. The
   * callback only reads.
   */
  read<Result>(query: (database: Database) => Promise<Result>): Promise<Result>;
  /**
   * Runs `job` alone in a savepoint and resolves once its changes are on the disk; jobs that arrive together share
   * one commit. A job that throws changes nothing, and disturbs no other. It awaits queries of `database` and nothing
   * else. Throws what the job throws, or `disk-full`.
   */
  transact<Result>(job: (database: Database) => Promise<Result>): Promise<Result>;
  /** Finishes what was begun and closes the files. */
  close(): Promise<void>;
}

export interface StoreOptions {
  /** Largest size of the database in bytes; beyond it writing is `disk-full`. Null or missing: what the disk holds. */
  readonly maxBytes?: number | null;
}

/** Opens the database at `path`, made if it is missing, with mode 0600 in a folder of mode 0700. */
export function openStore(path: string, { maxBytes = null }: StoreOptions = {}): Store {
  makePrivate(path);
  const writing = connect(path, { readonly: false, maxBytes });
  migrate(writing);
  const reading = connect(path, { readonly: true, maxBytes: null });
  const reader = queries(reading);
  const commits = groupCommit(writing, queries(writing));
  return {
    read: (query) => query(reader),
    transact: (job) => commits.transact(job),
    async close() {
      await commits.drain();
      reading.close();
      writing.close();
    },
  };
}

/** SQLite gives its journals the mode of the database. */
function makePrivate(path: string): void {
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
  closeSync(openSync(path, 'a', 0o600));
  chmodSync(path, 0o600);
}
