import { z } from 'zod/mini';
import { type Address, address } from './address.ts';
import { milliseconds } from './format.ts';
import { type SignedHead, signedHead } from './head.ts';

/** What somebody chooses to be seen as; `invisible` is to others what `offline` is. */
export const presenceChoices = ['online', 'away', 'busy', 'invisible'] as const;
export type PresenceChoice = (typeof presenceChoices)[number];

/** What contacts see. */
const presenceStates = ['online', 'away', 'busy', 'offline'] as const;
export type PresenceState = (typeof presenceStates)[number];

/** How a mutual contact is seen now: the server's word, apart from the head, which the cluster signed. */
export interface Presence {
  readonly address: Address;
  readonly state: PresenceState;
  /** When the contact was last seen, to the minute; null unless they are offline and let it be told. */
  readonly lastSeenAt: number | null;
  /** What the contact's clients say they can do, sorted. */
  readonly capabilities: readonly string[];
  /** Of the contact's sigchain. */
  readonly head: SignedHead;
}

/** Names of what a client can do. */
export const capabilities: z.ZodMiniType<readonly string[]> = z
  .array(z.string().check(z.regex(/^[a-z][a-z0-9-]{0,31}$/)))
  .check(z.maxLength(32));

export const presence: z.ZodMiniType<Presence> = z.strictObject({
  address,
  state: z.enum(presenceStates),
  lastSeenAt: z.nullable(milliseconds),
  capabilities,
  head: signedHead,
});
