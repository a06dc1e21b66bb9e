import { BugFault } from '@sotto/bytes';
import type { Writer } from '../group-commit.ts';
import type { Database } from '../store.ts';
import { storageFault } from './fault.ts';
import type { WriterLink } from './link.ts';
import type { DatabaseSession } from './session.ts';

/** Batches over the one connection that writes. */
export class PostgresWriter implements Writer {
  readonly maxBatch: number = MAX_BATCH;
  readonly batchFault: Writer['batchFault'] = storageFault;
  readonly #link: WriterLink;
  #session: DatabaseSession | null = null;

  constructor(link: WriterLink) {
    this.#link = link;
  }

  async begin(): Promise<Database> {
    this.#session = await this.#link.ready();
    await this.#run('begin');
    return this.#session.database;
  }

  savepoint(): Promise<void> {
    return this.#run('savepoint job');
  }

  release(): Promise<void> {
    return this.#run('release job');
  }

  undo(): Promise<void> {
    return this.#run('rollback to job; release job');
  }

  async commit(): Promise<void> {
    const session = this.#session as DatabaseSession;
    const { command } = await session.client.run('commit');
    // A transaction that failed before is rolled back by its commit, without an error.
    if (command !== 'COMMIT') throw new BugFault('a batch that was not committed');
    this.#session = null;
  }

  async abandon(): Promise<void> {
    const session = this.#session;
    this.#session = null;
    if (session === null) return;
    // Whatever is open ends with the connection.
    if (session.client.isBroken || !(await isRolledBack(session))) await this.#link.drop(session);
  }

  async #run(sql: string): Promise<void> {
    await (this.#session as DatabaseSession).client.run(sql);
  }
}

async function isRolledBack({ client }: DatabaseSession): Promise<boolean> {
  try {
    return (await client.run('rollback')).command === 'ROLLBACK';
  } catch (cause) {
    if (storageFault(cause) === null) throw cause;
    return false;
  }
}

/** PostgreSQL keeps 64 subtransactions of a session at hand for the readers' snapshots. */
const MAX_BATCH = 60;
