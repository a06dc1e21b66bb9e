import { z } from 'zod/mini';
import { type Address, address } from '../address.ts';
import { emptyMap } from '../format.ts';
import { type Operation, operation } from '../operation.ts';
import { capabilities, type Presence, type PresenceChoice, presence, presenceChoices } from '../presence.ts';

/** Says how this connection's device wants to be seen; it ends with the connection, and nothing of it is stored. */
export const presenceSet: Operation<
  'presence.set',
  { readonly state: PresenceChoice; readonly lastSeen: boolean; readonly capabilities: readonly string[] },
  Record<string, never>
> = operation({
  name: 'presence.set',
  scopes: ['device'],
  input: z.strictObject({ state: z.enum(presenceChoices), lastSeen: z.boolean(), capabilities }),
  output: emptyMap,
});

/** How the mutual contacts after an address are seen, in the order of addresses; the last page is empty. */
export const presenceList: Operation<
  'presence.list',
  { readonly after: Address | null },
  { readonly contacts: readonly Presence[] }
> = operation({
  name: 'presence.list',
  scopes: ['device'],
  input: z.strictObject({ after: z.nullable(address) }),
  output: z.strictObject({ contacts: z.array(presence).check(z.maxLength(100)) }),
});
