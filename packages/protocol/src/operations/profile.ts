import { z } from 'zod/mini';
import { type Envelope, envelope } from '../envelope.ts';
import { boundedBytes, count, emptyMap, hash32 } from '../format.ts';
import { MAX_PROFILE_BYTES } from '../limits.ts';
import { type Operation, operation } from '../operation.ts';

const sealedProfile = boundedBytes(MAX_PROFILE_BYTES, 1);

/**
 * Puts the account's sealed profile in the place of an older version; `version` is the newest one afterwards, and
 * `accepted` whether it is this one. Keys that were given for another profile key are forgotten.
 */
export const profilesSet: Operation<
  'profiles.set',
  { readonly envelope: Envelope; readonly sealed: Uint8Array },
  { readonly version: number; readonly accepted: boolean }
> = operation({
  name: 'profiles.set',
  scopes: ['device'],
  input: z.strictObject({ envelope: envelope.schema, sealed: sealedProfile }),
  output: z.strictObject({ version: count, accepted: z.boolean() }),
});

/** The profile key of the present version, sealed to one reader. */
export interface GivenProfileKey {
  readonly reader: Uint8Array;
  /** Of the reader's user key. */
  readonly generation: number;
  readonly sealed: Uint8Array;
}

const generation = count;

/** Leaves the profile key for readers; nothing happens if another key is in force by now. */
export const profilesGive: Operation<
  'profiles.give',
  { readonly keyId: Uint8Array; readonly keys: readonly GivenProfileKey[] },
  Record<string, never>
> = operation({
  name: 'profiles.give',
  scopes: ['device'],
  input: z.strictObject({
    keyId: hash32,
    keys: z.array(z.strictObject({ reader: hash32, generation, sealed: boundedBytes(2600, 1) })).check(z.maxLength(64)),
  }),
  output: emptyMap,
});

/** The profile of an account whose sigchain the caller may read; null if there is none. `key` is the caller's, if given. */
export const profilesRead: Operation<
  'profiles.read',
  { readonly account: Uint8Array },
  {
    readonly profile: {
      readonly envelope: Envelope;
      readonly sealed: Uint8Array;
      readonly key: Omit<GivenProfileKey, 'reader'> | null;
    } | null;
  }
> = operation({
  name: 'profiles.read',
  scopes: ['device'],
  input: z.strictObject({ account: hash32 }),
  output: z.strictObject({
    profile: z.nullable(
      z.strictObject({
        envelope: envelope.schema,
        sealed: sealedProfile,
        key: z.nullable(z.strictObject({ generation, sealed: boundedBytes(8192, 1) })),
      }),
    ),
  }),
});
