import { BugFault, type Fault } from '@sotto/bytes';
import type { Database } from './store.ts';

/** Resolves in a later turn of the event loop. */
export type NextTurn = () => Promise<void>;

export interface GroupCommit {
  transact<Result>(job: Job<Result>): Promise<Result>;
  /** Resolves when nothing waits any more; later jobs are refused. */
  drain(): Promise<void>;
}

/** The one connection that writes. */
export interface Writer {
  /** Jobs that share one commit at most. */
  readonly maxBatch: number;
  /** Begins a transaction and gives what its jobs ask. */
  begin(): Promise<Database>;
  savepoint(): Promise<void>;
  /** Keeps what was done since the savepoint. */
  release(): Promise<void>;
  /** Takes back what was done since the savepoint. */
  undo(): Promise<void>;
  /** Resolves once the transaction is on the disk. */
  commit(): Promise<void>;
  /** Ends a transaction that failed, as far as there is one. */
  abandon(): Promise<void>;
  /** What a failure means for all jobs of the batch; null for one that concerns its own job alone. */
  batchFault(cause: unknown): Fault | null;
}

type Job<Result> = (database: Database) => Promise<Result>;

/**
 * One writer: it takes all jobs that wait, runs each in its own savepoint, commits once, and only then answers them.
 * While a commit is on its way to the disk the next batch gathers.
 */
export function groupCommit(writer: Writer, nextTurn: NextTurn = eventLoopTurn): GroupCommit {
  const waiting: Ticket[] = [];
  let running: Promise<void> | null = null;
  let closed = false;

  const work = async () => {
    // Everything that arrived in this turn of the event loop belongs to the first batch already.
    await nextTurn();
    while (waiting.length > 0) await commitBatch(writer, waiting.splice(0, writer.maxBatch));
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

function eventLoopTurn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

interface Ticket {
  readonly job: Job<unknown>;
  readonly resolve: (result: unknown) => void;
  readonly reject: (cause: unknown) => void;
}

async function commitBatch(writer: Writer, batch: readonly Ticket[]): Promise<void> {
  const answers: (() => void)[] = [];
  try {
    const database = await writer.begin();
    const run = batch.length === 1 ? runAlone : runJob;
    for (const ticket of batch) answers.push(await run(writer, database, ticket));
    await writer.commit();
  } catch (cause) {
    await writer.abandon();
    const fault = writer.batchFault(cause) ?? cause;
    for (const { reject } of batch) reject(fault);
    return;
  }
  for (const answer of answers) answer();
}

/** Without a savepoint: what fails is the whole batch. */
async function runAlone(_writer: Writer, database: Database, ticket: Ticket): Promise<() => void> {
  const result = await ticket.job(database);
  return () => ticket.resolve(result);
}

async function runJob(writer: Writer, database: Database, ticket: Ticket): Promise<() => void> {
  await writer.savepoint();
  try {
    const result = await ticket.job(database);
    await writer.release();
    return () => ticket.resolve(result);
  } catch (cause) {
    if (writer.batchFault(cause) !== null) throw cause;
    await writer.undo();
    return () => ticket.reject(cause);
  }
}
