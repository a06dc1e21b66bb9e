import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { afterEach, assert, beforeEach, describe, test } from 'vitest';
import { clearAttempts, expireAttempts, readAttempts, recordFailures } from './attempts.ts';
import { databaseOf, numbers, numbersOf, openTestStore, put, rejected } from './store.fixture.ts';

let directory: string;
let path: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'sotto-store-'));
  path = join(directory, 'data', 'sotto.db');
});
afterEach(() => rmSync(directory, { recursive: true }));

describe('group commit', () => {
  test('a job that fails is undone alone', async () => {
    const store = await openTestStore(path);
    const results = await Promise.allSettled([
      store.transact((database) => put(database, 1)),
      store.transact(async (database) => {
        await put(database, 2);
        throw new Error('on purpose');
      }),
      store.transact((database) => put(database, 3)),
      store.transact((database) => put(database, 3)),
    ]);
    assert.deepEqual(
      results.map(({ status }) => status),
      ['fulfilled', 'rejected', 'fulfilled', 'rejected'],
    );
    assert.deepEqual(await numbers(store), [1, 3]);
    await store.close();
  });

  test('jobs run in order and see what those before them did', async () => {
    const store = await openTestStore(path);
    const seen = await Promise.all(
      [1, 2, 3].map((number) =>
        store.transact(async (database) => {
          await put(database, number);
          return numbersOf(database);
        }),
      ),
    );
    assert.deepEqual(seen, [[1], [1, 2], [1, 2, 3]]);
    await store.close();
  });

  test('nothing is read before it is committed', async () => {
    const store = await openTestStore(path);
    let during: number[] = [];
    await store.transact(async (database) => {
      await put(database, 1);
      during = await numbers(store);
    });
    assert.deepEqual(during, []);
    assert.deepEqual(await numbers(store), [1]);
    await store.close();
  });

  test('closing finishes what was begun and refuses the rest', async () => {
    const store = await openTestStore(path);
    const begun = store.transact((database) => put(database, 1));
    await store.close();
    await begun;
    await rejected(
      store.transact((database) => put(database, 2)),
      'bug',
    );
    const again = await openTestStore(path);
    assert.deepEqual(await numbers(again), [1]);
    await again.close();
  });
});

test('kill -9 loses nothing that was acknowledged and shows nothing by half', async () => {
  for (let round = 0; round < 3; round++) {
    const acknowledged = await killedWriter((await databaseOf(path))?.url ?? path, 40);
    const store = await openTestStore(path);
    const stored = await numbers(store);
    assert.includeMembers(stored, acknowledged);
    // Each job writes a pair: its number, and its number negated.
    for (const number of stored) assert.include(stored, -number);
    await store.close();
  }
});

test('failures are counted, forgiven and forgotten', async () => {
  const store = await openTestStore(path);
  const subjects = [Uint8Array.of(1), Uint8Array.of(2)] as const;
  await recordFailures(store, subjects, 10);
  await recordFailures(store, [subjects[0]], 20);
  assert.deepEqual(await readAttempts(store, subjects[0]), { failures: 2, lastAt: 20 });
  await store.close();
  const again = await openTestStore(path);
  assert.deepEqual(await readAttempts(again, subjects[1]), { failures: 1, lastAt: 10 });
  await clearAttempts(again, [subjects[0]]);
  assert.deepEqual(await readAttempts(again, subjects[0]), { failures: 0, lastAt: 0 });
  await expireAttempts(again, 11);
  assert.deepEqual(await readAttempts(again, subjects[1]), { failures: 0, lastAt: 0 });
  await again.close();
});

/** Starts a program that writes and says what was acknowledged; kills it in the middle of its work. */
async function killedWriter(database: string, atLeast: number): Promise<number[]> {
  const program = fileURLToPath(new URL('./writer.fixture.ts', import.meta.url));
  const child = spawn(process.execPath, [program, database], { stdio: ['ignore', 'pipe', 'inherit'] });
  const acknowledged: number[] = [];
  for await (const line of createInterface({ input: child.stdout })) {
    acknowledged.push(Number(line));
    if (acknowledged.length >= atLeast) break;
  }
  child.kill('SIGKILL');
  if (child.exitCode === null && child.signalCode === null) await once(child, 'exit');
  return acknowledged;
}
