import { z } from 'zod/mini';
import { type Envelope, envelope } from '../envelope.ts';
import { boundedBytes, emptyMap, fixedBytes, hash32, milliseconds } from '../format.ts';
import { type SignedHead, signedHead } from '../head.ts';
import { type Operation, operation } from '../operation.ts';

/**
 * Appends one statement to a sigchain: `device.add`, `device.revoke` or `userkey.rotate`. The statement proves itself;
 * anonymous callers may bring only what a recovery device signed. Compare-and-swap on `seq`, `chain-stale` for the
 * loser; repeating the same bytes is answered alike.
 */
export const chainsAppend: Operation<'chains.append', { readonly envelope: Envelope }, { readonly head: SignedHead }> =
  operation({
    name: 'chains.append',
    scopes: ['anonymous', 'account', 'device'],
    input: z.strictObject({ envelope: envelope.schema }),
    output: z.strictObject({ head: signedHead }),
  });

/** When and whether each device of the account was seen, as far as the server says. */
export const devicesList: Operation<
  'devices.list',
  Record<string, never>,
  {
    readonly devices: readonly {
      readonly device: Uint8Array;
      readonly connected: boolean;
      readonly lastSeenAt: number | null;
    }[];
  }
> = operation({
  name: 'devices.list',
  scopes: ['device'],
  input: emptyMap,
  output: z.strictObject({
    devices: z
      .array(z.strictObject({ device: hash32, connected: z.boolean(), lastSeenAt: z.nullable(milliseconds) }))
      .check(z.maxLength(1000)),
  }),
});

/**
 * Keeps the wrapped vault secret of the calling device's installation beside the one that is there, until
 * `vaults.confirm`; `exemption` is the SHA-256 of the token that spares it the account's throttle.
 */
export const vaultsStore: Operation<
  'vaults.store',
  { readonly id: Uint8Array; readonly blob: Uint8Array; readonly exemption: Uint8Array },
  Record<string, never>
> = operation({
  name: 'vaults.store',
  scopes: ['device'],
  input: z.strictObject({ id: fixedBytes(16), blob: boundedBytes(1024, 1), exemption: hash32 }),
  output: emptyMap,
});

/** Drops every wrapped secret of the calling device's vault but the one with this SHA-256. `not-found` if it is not there. */
export const vaultsConfirm: Operation<
  'vaults.confirm',
  { readonly id: Uint8Array; readonly blob: Uint8Array },
  Record<string, never>
> = operation({
  name: 'vaults.confirm',
  scopes: ['device'],
  input: z.strictObject({ id: fixedBytes(16), blob: hash32 }),
  output: emptyMap,
});

/** First half of an OPAQUE registration for the caller's own account; changes nothing yet. */
export const passphraseStart: Operation<
  'passphrase.start',
  { readonly request: Uint8Array },
  { readonly response: Uint8Array }
> = operation({
  name: 'passphrase.start',
  scopes: ['device'],
  input: z.strictObject({ request: boundedBytes(64, 32) }),
  output: z.strictObject({ response: boundedBytes(128, 32) }),
});

/** Second half: new record, new bundle and the `passphrase.change` that names it, all or nothing. */
export const passphraseFinish: Operation<
  'passphrase.finish',
  { readonly record: Uint8Array; readonly bundle: Uint8Array; readonly envelope: Envelope },
  { readonly head: SignedHead }
> = operation({
  name: 'passphrase.finish',
  scopes: ['device'],
  input: z.strictObject({
    record: boundedBytes(512, 64),
    bundle: boundedBytes(65_536, 1),
    envelope: envelope.schema,
  }),
  output: z.strictObject({ head: signedHead }),
});
