import { z } from 'zod/mini';
import { boundedBytes, count, emptyMap, hash32 } from '../format.ts';
import { MAX_MEMBERS } from '../limits.ts';
import { type Operation, operation } from '../operation.ts';

/**
 * Brings sealed entries of an era before the statement that starts it, from a position on. `root` is what the statement
 * will sign; entries of another root take the place of all that the device staged. Throws `not-found`,
 * `role-insufficient`, `member-limit`.
 */
export const erasStage: Operation<
  'eras.stage',
  {
    readonly room: Uint8Array;
    readonly root: Uint8Array;
    readonly from: number;
    readonly entries: readonly Uint8Array[];
  },
  Record<string, never>
> = operation({
  name: 'eras.stage',
  scopes: ['device'],
  input: z.strictObject({
    room: hash32,
    root: hash32,
    from: count,
    entries: z.array(boundedBytes(8192, 1)).check(z.minLength(1), z.maxLength(MAX_MEMBERS)),
  }),
  output: emptyMap,
});
