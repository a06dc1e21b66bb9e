import { z } from 'zod/mini';
import { type Envelope, envelope } from '../envelope.ts';
import { boundedBytes, count, hash32, milliseconds } from '../format.ts';
import { type SignedHead, signedHead } from '../head.ts';
import { type Operation, operation } from '../operation.ts';

/** Lays a link request down for ten minutes. `link-used` if the mailbox was in use before; few of an account at a time. */
export const linksOffer: Operation<
  'links.offer',
  { readonly mailbox: Uint8Array; readonly request: Uint8Array },
  { readonly expiresAt: number }
> = operation({
  name: 'links.offer',
  scopes: ['account'],
  input: z.strictObject({ mailbox: hash32, request: boundedBytes(16_384, 1) }),
  output: z.strictObject({ expiresAt: milliseconds }),
});

/** The request of the caller's own account in a mailbox. Refused: `link-unknown`, `link-used`, `link-expired`. */
export const linksRead: Operation<
  'links.read',
  { readonly mailbox: Uint8Array },
  { readonly request: Uint8Array; readonly expiresAt: number }
> = operation({
  name: 'links.read',
  scopes: ['device'],
  input: z.strictObject({ mailbox: hash32 }),
  output: z.strictObject({ request: boundedBytes(16_384, 1), expiresAt: milliseconds }),
});

/** Appends the `device.add` of the new device and lays the answer down, both or neither. Repeating it is answered alike. */
export const linksAnswer: Operation<
  'links.answer',
  { readonly mailbox: Uint8Array; readonly answer: Uint8Array; readonly envelope: Envelope },
  { readonly head: SignedHead }
> = operation({
  name: 'links.answer',
  scopes: ['device'],
  input: z.strictObject({ mailbox: hash32, answer: boundedBytes(16_384, 1), envelope: envelope.schema }),
  output: z.strictObject({ head: signedHead }),
});

/** The answer in a mailbox; null as long as there is none. Refused: `link-unknown`, `link-expired`. */
export const linksPoll: Operation<
  'links.poll',
  { readonly mailbox: Uint8Array },
  { readonly answer: Uint8Array | null }
> = operation({
  name: 'links.poll',
  scopes: ['account'],
  input: z.strictObject({ mailbox: hash32 }),
  output: z.strictObject({ answer: z.nullable(boundedBytes(16_384, 1)) }),
});

/**
 * Puts a recovery kit in force: the `device.revoke` of the one before if there is one, the `device.add` of the new
 * recovery device, and its sealed bundle, all or nothing. `kit` is the SHA-256 of its lookup id.
 */
export const recoverySet: Operation<
  'recovery.set',
  { readonly kit: Uint8Array; readonly bundle: Uint8Array; readonly statements: readonly Envelope[] },
  { readonly head: SignedHead }
> = operation({
  name: 'recovery.set',
  scopes: ['device'],
  input: z.strictObject({
    kit: hash32,
    bundle: boundedBytes(32_768, 1),
    statements: z.array(envelope.schema).check(z.minLength(1), z.maxLength(2)),
  }),
  output: z.strictObject({ head: signedHead }),
});

/** The sealed bundle of a kit. `recovery-unknown` for a lookup id that is not in force (any more). */
export const recoveryOpen: Operation<
  'recovery.open',
  { readonly lookup: Uint8Array },
  { readonly bundle: Uint8Array }
> = operation({
  name: 'recovery.open',
  scopes: ['anonymous', 'device'],
  input: z.strictObject({ lookup: hash32 }),
  output: z.strictObject({ bundle: boundedBytes(32_768, 1) }),
});

/** Reads the sigchain of the account of a kit. `recovery-unknown` as `recovery.open`. */
export const recoveryChain: Operation<
  'recovery.chain',
  { readonly lookup: Uint8Array; readonly from: number },
  { readonly fingerprint: Uint8Array; readonly statements: readonly Envelope[]; readonly head: SignedHead }
> = operation({
  name: 'recovery.chain',
  scopes: ['anonymous'],
  input: z.strictObject({ lookup: hash32, from: count }),
  output: z.strictObject({
    fingerprint: hash32,
    statements: z.array(envelope.schema).check(z.maxLength(16)),
    head: signedHead,
  }),
});
