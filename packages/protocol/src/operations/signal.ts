import { z } from 'zod/mini';
import { type Address, address } from '../address.ts';
import { boundedBytes, emptyMap } from '../format.ts';
import { MAX_SIGNAL_CONTAINER_BYTES } from '../limits.ts';
import { type Operation, operation } from '../operation.ts';

/**
 * Passes a container to the devices of a mutual contact and to one's own that are connected, and keeps nothing. Answered
 * alike whoever the address is.
 */
export const signalsSend: Operation<
  'signals.send',
  { readonly to: Address; readonly container: Uint8Array },
  Record<string, never>
> = operation({
  name: 'signals.send',
  scopes: ['device'],
  input: z.strictObject({ to: address, container: boundedBytes(MAX_SIGNAL_CONTAINER_BYTES, 1) }),
  output: emptyMap,
});
