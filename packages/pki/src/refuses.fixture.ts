import { Fault } from '@sotto/bytes';
import { assert } from 'vitest';

/** Asserts that `act` ends in a fault, of this code unless it is null. */
export async function refuses(code: string | null, act: () => Promise<unknown>): Promise<void> {
  const fault = await act().then(
    () => null,
    (cause: unknown) => cause,
  );
  if (!(fault instanceof Fault)) assert.fail('not refused by a fault');
  if (code !== null) assert.strictEqual(fault.code, code);
}
