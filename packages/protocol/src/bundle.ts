import { deriveKey, openCommitting, type Primitives, type Secret, sealCommitting } from '@sotto/crypto';
import { z } from 'zod/mini';
import type { Address } from './address.ts';
import { boundedBytes, type Extent, extent, type Format, fixedBytes, format, hash32 } from './format.ts';

/** What the passcode opens: enough to find, unlock and check the account on any machine. */
export interface AccountBundle {
  readonly v: 1;
  /** Rises with every bundle; 0 is the one made before genesis, which names no chain. */
  readonly version: number;
  /** The account unlock key U, 32 bytes. */
  readonly unlockKey: Uint8Array;
  /** Unlock keys of passphrases before this one, newest first, for vaults that were not opened since. */
  readonly olderUnlockKeys: readonly Uint8Array[];
  /** Secret keys of the roaming device, suite-encoded; null where roaming is off or takes the kit as well. */
  readonly roaming: DeviceSecrets | null;
  /** The same, sealed under the recovery kit once more: see `sealKitRoaming`. */
  readonly kitRoaming: Uint8Array | null;
  readonly fingerprint: Uint8Array | null;
  /** The chain just before the `bundle.set` that names this bundle. */
  readonly chain: Extent | null;
  readonly accountRoom: Uint8Array | null;
  readonly caFingerprint: Uint8Array;
}

export interface DeviceSecrets {
  readonly signing: Uint8Array;
  readonly kem: Uint8Array;
  /** PKCS#8. */
  readonly certificateKey: Uint8Array;
}

/** Secret keys of a device that is no installation: of a roaming or a recovery device. */
export const deviceSecrets: Format<DeviceSecrets> = format(
  'device keys',
  z.strictObject({
    signing: boundedBytes(8192, 1),
    kem: boundedBytes(8192, 1),
    certificateKey: boundedBytes(8192, 1),
  }),
);

/** Passphrases whose vaults can still be opened; a device that slept through more of them is linked anew. */
export const MAX_OLDER_UNLOCK_KEYS = 8;

export const accountBundle: Format<AccountBundle> = format(
  'account bundle',
  z.strictObject({
    v: z.literal(1),
    version: z.int().check(z.nonnegative()),
    unlockKey: fixedBytes(32),
    olderUnlockKeys: z.array(fixedBytes(32)).check(z.maxLength(MAX_OLDER_UNLOCK_KEYS)),
    roaming: z.nullable(deviceSecrets.schema),
    kitRoaming: z.nullable(boundedBytes(32_768, 1)),
    fingerprint: z.nullable(hash32),
    chain: z.nullable(extent),
    accountRoom: z.nullable(hash32),
    caFingerprint: hash32,
  }),
);

/** What a sealed bundle is bound to; the purpose is the label. */
export interface BundleBinding {
  readonly address: Address;
  readonly suite: number;
}

/** Seals a bundle under the passcode (the OPAQUE export key), committing. */
export async function sealBundle(
  primitives: Primitives,
  passcode: Secret,
  { bundle, binding }: { readonly bundle: AccountBundle; readonly binding: BundleBinding },
): Promise<Uint8Array<ArrayBuffer>> {
  using key = bundleKey(passcode);
  return sealCommitting(primitives, key, bundleBinding(binding), accountBundle.encode(bundle));
}

/** Throws `open-failed` or `format-malformed`. */
export async function openBundle(
  primitives: Primitives,
  passcode: Secret,
  { sealed, binding }: { readonly sealed: Uint8Array; readonly binding: BundleBinding },
): Promise<AccountBundle> {
  using key = bundleKey(passcode);
  return accountBundle.parse(await openCommitting(primitives, key, bundleBinding(binding), sealed));
}

function bundleKey(passcode: Secret): Secret {
  return deriveKey(passcode, 'sotto/account-bundle/v1');
}

function bundleBinding({ address, suite }: BundleBinding): {
  label: string;
  context: { address: string; suite: number };
} {
  return { label: 'sotto/account-bundle/v1', context: { address, suite } };
}
