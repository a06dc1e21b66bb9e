import { z } from 'zod/mini';
import { type Address, address } from '../address.ts';
import { type Envelope, envelope } from '../envelope.ts';
import { boundedBytes, count, emptyMap, milliseconds } from '../format.ts';
import { type Operation, operation } from '../operation.ts';

/** `requested` by me, `incoming` from them, `mutual`, `blocked` by me. */
export const contactStates = ['requested', 'incoming', 'mutual', 'blocked'] as const;
export type ContactState = (typeof contactStates)[number];

/** Sends a signed request. Always answered alike, so that it says nothing about whether the address exists. */
export const contactsRequest: Operation<
  'contacts.request',
  { readonly envelope: Envelope },
  Record<string, never>
> = operation({
  name: 'contacts.request',
  scopes: ['device'],
  input: z.strictObject({ envelope: envelope.schema }),
  output: emptyMap,
});

/** Accepts a request that is pending. */
export const contactsAccept: Operation<
  'contacts.accept',
  { readonly envelope: Envelope },
  Record<string, never>
> = operation({
  name: 'contacts.accept',
  scopes: ['device'],
  input: z.strictObject({ envelope: envelope.schema }),
  output: emptyMap,
});

export const contactsBlock: Operation<
  'contacts.block',
  { readonly address: Address },
  Record<string, never>
> = operation({
  name: 'contacts.block',
  scopes: ['device'],
  input: z.strictObject({ address }),
  output: emptyMap,
});

export const contactsRemove: Operation<
  'contacts.remove',
  { readonly address: Address },
  Record<string, never>
> = operation({
  name: 'contacts.remove',
  scopes: ['device'],
  input: z.strictObject({ address }),
  output: emptyMap,
});

export const contactsList: Operation<
  'contacts.list',
  Record<string, never>,
  { readonly contacts: readonly { readonly address: Address; readonly state: ContactState }[] }
> = operation({
  name: 'contacts.list',
  scopes: ['device'],
  input: emptyMap,
  output: z.strictObject({
    contacts: z.array(z.strictObject({ address, state: z.enum(contactStates) })).check(z.maxLength(10_000)),
  }),
});

/** What lies in a device's mailbox; `seq` rises and is the cursor. */
export interface MailboxItem {
  readonly seq: number;
  readonly at: number;
  readonly kind: 'contact';
  /** An encoded envelope. */
  readonly item: Uint8Array;
}

export const mailboxesRead: Operation<
  'mailboxes.read',
  { readonly after: number; readonly limit: number },
  { readonly items: readonly MailboxItem[]; readonly last: number }
> = operation({
  name: 'mailboxes.read',
  scopes: ['device'],
  input: z.strictObject({ after: count, limit: z.int().check(z.minimum(1), z.maximum(100)) }),
  output: z.strictObject({
    items: z.array(
      z.strictObject({ seq: count, at: milliseconds, kind: z.literal('contact'), item: boundedBytes(65_536, 1) }),
    ),
    last: count,
  }),
});

/** Frees everything up to and including `upTo`. */
export const mailboxesAcknowledge: Operation<
  'mailboxes.acknowledge',
  { readonly upTo: number },
  Record<string, never>
> = operation({
  name: 'mailboxes.acknowledge',
  scopes: ['device'],
  input: z.strictObject({ upTo: count }),
  output: emptyMap,
});
