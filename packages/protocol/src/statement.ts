import { z } from 'zod/mini';
import { type Address, address } from './address.ts';
import { type DeviceDescription, deviceDescription } from './device.ts';
import { boundedBytes, count, type Format, fixedBytes, hash32, milliseconds, versionedFormat } from './format.ts';
import { MAX_DEVICES, MAX_STATEMENT_BYTES } from './limits.ts';

/** Public keys of one user-key generation as a statement publishes them; see `Suite.userKeys`. */
export interface UserKeyGeneration {
  readonly generation: number;
  readonly room: Uint8Array;
  readonly container: Uint8Array;
  /** Secret keys wrapped under the generation's seed where the suite cannot derive them, else empty. */
  readonly wrapped: Uint8Array;
}

export interface GenesisBody {
  readonly address: Address;
  readonly device: DeviceDescription;
  readonly userKey: UserKeyGeneration;
  /** SHA-256 of the home server's CA certificate. */
  readonly ca: Uint8Array;
  /** SHA-256 of the organisation's public policy key. */
  readonly policyKey: Uint8Array;
}

export interface DeviceAddBody {
  readonly device: DeviceDescription;
  /** The user-key generation whose seed is sealed to the new device. */
  readonly generation: number;
  readonly sealedSeed: Uint8Array;
  /** Of a device on a borrowed computer: when it revokes itself, or the others do. Null for one that stays. */
  readonly expiresAt: number | null;
}

export interface BundleSetBody {
  readonly version: number;
  /** SHA-256 of the sealed account bundle. */
  readonly hash: Uint8Array;
}

/** A new user-key generation, sealed to every device that stays. */
export interface UserKeyChange {
  /** One above the generation before. */
  readonly userKey: UserKeyGeneration;
  /** One for each device that is active after the statement, ascending by device id. */
  readonly seeds: readonly SealedSeed[];
  /** The seed before, wrapped under the new one: see `wrapPreviousSeed`. */
  readonly previous: Uint8Array;
}

export interface SealedSeed {
  /** Device id. */
  readonly device: Uint8Array;
  readonly sealed: Uint8Array;
}

export interface DeviceRevokeBody {
  /** Device id. */
  readonly device: Uint8Array;
  readonly change: UserKeyChange;
}

export interface PassphraseChangeBody {
  /** The new roaming device; null where roaming is off from now on. */
  readonly roaming: DeviceDescription | null;
  readonly change: UserKeyChange;
  readonly bundle: BundleSetBody;
}

/** One link of an account's sigchain; its hash is over the signed bytes. */
export type Statement = StatementFrame &
  (
    | { readonly type: 'genesis'; readonly body: GenesisBody }
    | { readonly type: 'device.add'; readonly body: DeviceAddBody }
    | { readonly type: 'bundle.set'; readonly body: BundleSetBody }
    | { readonly type: 'device.revoke'; readonly body: DeviceRevokeBody }
    | { readonly type: 'userkey.rotate'; readonly body: { readonly change: UserKeyChange } }
    | { readonly type: 'passphrase.change'; readonly body: PassphraseChangeBody }
  );

interface StatementFrame {
  readonly v: 1;
  readonly suite: number;
  /** The fingerprint; null in genesis alone. */
  readonly account: Uint8Array | null;
  readonly seq: number;
  readonly prev: Uint8Array | null;
  readonly at: number;
  /** Device ids, in the order of the signatures. */
  readonly signers: readonly Uint8Array[];
}

const frame = {
  v: z.literal(1),
  suite: z.int().check(z.minimum(1), z.maximum(0xffff)),
  account: z.nullable(hash32),
  seq: count,
  prev: z.nullable(hash32),
  at: milliseconds,
  signers: z.array(fixedBytes(32)).check(z.minLength(1), z.maxLength(4)),
};

const userKeyGeneration: z.ZodMiniType<UserKeyGeneration> = z.strictObject({
  generation: count,
  room: boundedBytes(4096, 1),
  container: boundedBytes(4096, 1),
  wrapped: boundedBytes(16_384),
});

const genesisBody: z.ZodMiniType<GenesisBody> = z.strictObject({
  address,
  device: deviceDescription,
  userKey: userKeyGeneration,
  ca: hash32,
  policyKey: hash32,
});

const bundleSetBody: z.ZodMiniType<BundleSetBody> = z.strictObject({
  version: z.int().check(z.positive()),
  hash: hash32,
});

const userKeyChange: z.ZodMiniType<UserKeyChange> = z.strictObject({
  userKey: userKeyGeneration,
  seeds: z
    .array(z.strictObject({ device: hash32, sealed: boundedBytes(8192, 1) }))
    .check(z.minLength(1), z.maxLength(MAX_DEVICES)),
  previous: boundedBytes(256, 1),
});

const statementTypes: readonly Statement['type'][] = [
  'genesis',
  'device.add',
  'bundle.set',
  'device.revoke',
  'userkey.rotate',
  'passphrase.change',
];

/** The bytes that a sigchain's signatures are over. */
export const statement: Format<Statement> = versionedFormat<Statement>(
  'statement',
  z.discriminatedUnion('type', [
    z.strictObject({ ...frame, type: z.literal('genesis'), body: genesisBody }),
    z.strictObject({
      ...frame,
      type: z.literal('device.add'),
      body: z.strictObject({
        device: deviceDescription,
        generation: count,
        sealedSeed: boundedBytes(8192, 1),
        expiresAt: z.nullable(milliseconds),
      }),
    }),
    z.strictObject({ ...frame, type: z.literal('bundle.set'), body: bundleSetBody }),
    z.strictObject({
      ...frame,
      type: z.literal('device.revoke'),
      body: z.strictObject({ device: hash32, change: userKeyChange }),
    }),
    z.strictObject({ ...frame, type: z.literal('userkey.rotate'), body: z.strictObject({ change: userKeyChange }) }),
    z.strictObject({
      ...frame,
      type: z.literal('passphrase.change'),
      body: z.strictObject({ roaming: z.nullable(deviceDescription), change: userKeyChange, bundle: bundleSetBody }),
    }),
  ]),
  { maxBytes: MAX_STATEMENT_BYTES, field: 'type', known: statementTypes },
);
