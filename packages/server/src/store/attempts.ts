import type { Store } from './store.ts';

/** How often a subject (an account, a source, a pair of both; as a hash) failed in a row, and when last. */
export interface Attempts {
  readonly failures: number;
  /** Milliseconds since the epoch; 0 if never. */
  readonly lastAt: number;
}

export async function readAttempts(store: Store, subject: Uint8Array): Promise<Attempts> {
  const row = await store.read((database) =>
    database.selectFrom('attempts').select(['failures', 'last_at']).where('subject', '=', subject).executeTakeFirst(),
  );
  return row === undefined ? { failures: 0, lastAt: 0 } : { failures: row.failures, lastAt: row.last_at };
}

/** Counts one more failure of each subject; survives a restart. */
export async function recordFailures(store: Store, subjects: readonly Uint8Array[], now: number): Promise<void> {
  const values = subjects.map((subject) => ({ subject, failures: 1, last_at: now }));
  await store.transact((database) =>
    database
      .insertInto('attempts')
      .values(values)
      .onConflict((conflict) =>
        conflict.column('subject').doUpdateSet((row) => ({ failures: row('attempts.failures', '+', 1), last_at: now })),
      )
      .execute(),
  );
}

/** Forgets the subjects: they have proven themselves. */
export async function clearAttempts(store: Store, subjects: readonly Uint8Array[]): Promise<void> {
  await store.transact((database) => database.deleteFrom('attempts').where('subject', 'in', subjects).execute());
}

/** Forgets whoever has not failed since `before`. */
export async function expireAttempts(store: Store, before: number): Promise<void> {
  await store.transact((database) => database.deleteFrom('attempts').where('last_at', '<', before).execute());
}
