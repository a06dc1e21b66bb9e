import type { Database } from '../store/store.ts';
import { type AttemptCount, FORGET_MILLISECONDS } from './attempt.ts';

/** The counts of the throttle in the store. Subjects are keyed hashes: the table names neither accounts nor sources. */
export async function readCount(database: Database, subject: Uint8Array): Promise<AttemptCount | null> {
  const row = await database
    .selectFrom('attempts')
    .select(['failures', 'last_at'])
    .where('subject', '=', subject)
    .executeTakeFirst();
  return row === undefined ? null : { count: row.failures, at: row.last_at };
}

export async function writeCount(database: Database, subject: Uint8Array, { count, at }: AttemptCount): Promise<void> {
  const values = { failures: count, last_at: at };
  await database
    .insertInto('attempts')
    .values({ subject, ...values })
    .onConflict((conflict) => conflict.column('subject').doUpdateSet(values))
    .execute();
}

export async function deleteCount(database: Database, subject: Uint8Array): Promise<void> {
  await database.deleteFrom('attempts').where('subject', '=', subject).execute();
}

/** Drops what says nothing any more. */
export async function sweepCounts(database: Database, now: number): Promise<void> {
  await database
    .deleteFrom('attempts')
    .where('last_at', '<', now - FORGET_MILLISECONDS)
    .execute();
}
