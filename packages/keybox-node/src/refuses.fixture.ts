import { Fault } from '@sotto/bytes';
import { assert } from 'vitest';

/** The work fails with a fault of that code. */
export async function refuses(work: Promise<unknown>, code: string): Promise<void> {
  const cause = await work.then(
    () => null,
    (thrown: unknown) => thrown,
  );
  if (!(cause instanceof Fault)) throw cause ?? new Error(`nothing was thrown where ${code} is due`);
  assert.strictEqual(cause.code, code, cause.stack);
}
