import { BugFault } from '@sotto/bytes';
import { ProtocolPolicyFault } from '@sotto/protocol';
import type { Kysely } from 'kysely';
import { type Connection, sqliteCode } from './sqlite.ts';
import type { Tables } from './tables.ts';

export interface GroupCommit {
  transact<Result>(job: Job<Result>): Promise<Result>;
  /** Resolves when nothing waits any more; later jobs are refused. */
  drain(): Promise<void>;
}

type Job<Result> = (database: Kysely<Tables>) => Promise<Result>;

/**
 * One writer: it takes all jobs that wait, runs each in its own savepoint, commits once, and only then answers them.
 * While a commit is on its way to the disk the next batch gathers.
 */
export function groupCommit(connection: Connection, database: Kysely<Tables>): GroupCommit {
  const waiting: Ticket[] = [];
  let running: Promise<void> | null = null;
  let closed = false;

  const work = async () => {
    // Everything that arrived in this turn of the event loop belongs to the first batch already.
    await new Promise((resolve) => setImmediate(resolve));
    while (waiting.length > 0) await commitBatch(connection, database, waiting.splice(0, MAX_BATCH));
    running = null;
  };

  return {
    transact<Result>(job: Job<Result>): Promise<Result> {
      if (closed) return Promise.reject(new BugFault('the store is closed'));
      return new Promise<Result>((resolve, reject) => {
        waiting.push({ job, resolve: resolve as (result: unknown) => void, reject });
        running ??= work();
      });
    },
    async drain() {
      closed = true;
      await running;
    },
  };
}

interface Ticket {
  readonly job: Job<unknown>;
  readonly resolve: (result: unknown) => void;
  readonly reject: (cause: unknown) => void;
}

async function commitBatch(connection: Connection, database: Kysely<Tables>, batch: readonly Ticket[]): Promise<void> {
  const answers: (() => void)[] = [];
  try {
    connection.exec('begin immediate');
    for (const ticket of batch) answers.push(await runJob(connection, database, ticket));
    connection.exec('commit');
  } catch (cause) {
    if (connection.inTransaction) connection.exec('rollback');
    const fault = storageFault(cause);
    for (const { reject } of batch) reject(fault);
    return;
  }
  for (const answer of answers) answer();
}

async function runJob(connection: Connection, database: Kysely<Tables>, ticket: Ticket): Promise<() => void> {
  connection.exec('savepoint job');
  try {
    const result = await ticket.job(database);
    connection.exec('release job');
    return () => ticket.resolve(result);
  } catch (cause) {
    if (isDiskTrouble(cause)) throw cause;
    connection.exec('rollback to job');
    connection.exec('release job');
    return () => ticket.reject(cause);
  }
}

/** The disk's troubles end the whole batch: none of its jobs can be promised any more. */
function storageFault(cause: unknown): unknown {
  return isDiskTrouble(cause) ? new ProtocolPolicyFault('disk-full', 'the server cannot store more', { cause }) : cause;
}

function isDiskTrouble(cause: unknown): boolean {
  return /^SQLITE_(?:FULL|IOERR)/.test(sqliteCode(cause) ?? '');
}

const MAX_BATCH = 1000;
