import { concat, crockford32, equal, parseCrockford32, utf8 } from '@sotto/bytes';
import {
  type CommittingBinding,
  deriveKey,
  openCommitting,
  type Primitives,
  Secret,
  sealCommitting,
  sha256,
} from '@sotto/crypto';
import { z } from 'zod/mini';
import { type Address, address } from './address.ts';
import { type DeviceSecrets, deviceSecrets } from './bundle.ts';
import { ProtocolWireFault } from './fault.ts';
import { type Extent, extent, type Format, format, hash32 } from './format.ts';

/** What a recovery key opens: who the account is, and the secrets of its recovery device. */
export interface RecoveryBundle {
  readonly v: 1;
  readonly address: Address;
  readonly suite: number;
  readonly fingerprint: Uint8Array;
  /** The chain with the `device.add` of the recovery device as its last statement. */
  readonly chain: Extent;
  readonly caFingerprint: Uint8Array;
  readonly accountRoom: Uint8Array;
  /** Id of the recovery device. */
  readonly device: Uint8Array;
  readonly secrets: DeviceSecrets;
}

const recoveryBundle: Format<RecoveryBundle> = format(
  'recovery bundle',
  z.strictObject({
    v: z.literal(1),
    address,
    suite: z.int().check(z.minimum(1), z.maximum(0xffff)),
    fingerprint: hash32,
    chain: extent,
    caFingerprint: hash32,
    accountRoom: hash32,
    device: hash32,
    secrets: deviceSecrets.schema,
  }),
);

/** What follows from a recovery key, each by its own label. */
export interface RecoveryKeys extends Disposable {
  /** Under which the server finds the bundle; it keeps only the SHA-256 of it. */
  readonly lookup: Uint8Array;
  readonly bundle: Secret;
  /** Opens `kitRoaming` of the account bundle. */
  readonly roaming: Secret;
}

export function recoveryKeys(key: Secret): RecoveryKeys {
  using lookup = deriveKey(key, 'sotto/recovery/lookup/v1');
  const bundle = deriveKey(key, 'sotto/recovery/bundle/v1');
  const roaming = deriveKey(key, 'sotto/recovery/roaming/v1');
  return {
    lookup: lookup.unsafeExpose('an identifier that is sent to the server'),
    bundle,
    roaming,
    [Symbol.dispose]() {
      bundle.dispose();
      roaming.dispose();
    },
  };
}

/** The key as it is printed: 16 bytes and 4 of checksum, eight groups of four characters of Crockford's base 32. */
export function formatRecoveryKey(key: Secret): string {
  const text = key.use((bytes) => crockford32(concat(bytes, checksum(bytes))));
  return (text.match(/.{4}/g) as string[]).join('-');
}

/** Reads what a person typed: any case and grouping. Throws `recovery-key-malformed` for every typing error. */
export function parseRecoveryKey(text: string): Secret {
  const bytes = decoded(text);
  const key = bytes?.subarray(0, KEY_BYTES);
  if (bytes?.length !== KEY_BYTES + CHECKSUM_BYTES || key === undefined || !equal(checksum(key), bytes.subarray(16))) {
    throw new ProtocolWireFault(
      'recovery-key-malformed',
      'not a recovery key: compare it with the kit, letter by letter',
    );
  }
  const secret = new Secret(key);
  bytes.fill(0);
  return secret;
}

/** Seals a recovery bundle for the kit whose lookup id is given, committing. */
export async function sealRecoveryBundle(
  primitives: Primitives,
  { lookup, bundle: key }: RecoveryKeys,
  bundle: RecoveryBundle,
): Promise<Uint8Array<ArrayBuffer>> {
  return sealCommitting(primitives, key, bundleBinding(lookup), recoveryBundle.encode(bundle));
}

/** Throws `open-failed` or `format-malformed`. */
export async function openRecoveryBundle(
  primitives: Primitives,
  { lookup, bundle: key }: RecoveryKeys,
  sealed: Uint8Array,
): Promise<RecoveryBundle> {
  return recoveryBundle.parse(await openCommitting(primitives, key, bundleBinding(lookup), sealed));
}

/** Seals the secrets of a roaming device under the kit, for an account bundle whose sign-in takes passphrase and kit. */
export async function sealKitRoaming(
  primitives: Primitives,
  { roaming }: RecoveryKeys,
  { account, secrets }: { readonly account: Uint8Array; readonly secrets: DeviceSecrets },
): Promise<Uint8Array<ArrayBuffer>> {
  return sealCommitting(primitives, roaming, roamingBinding(account), deviceSecrets.encode(secrets));
}

/** Throws `open-failed` or `format-malformed`. */
export async function openKitRoaming(
  primitives: Primitives,
  { roaming }: RecoveryKeys,
  { account, sealed }: { readonly account: Uint8Array; readonly sealed: Uint8Array },
): Promise<DeviceSecrets> {
  return deviceSecrets.parse(await openCommitting(primitives, roaming, roamingBinding(account), sealed));
}

function decoded(text: string): Uint8Array | null {
  try {
    return parseCrockford32(text);
  } catch {
    // Whatever is wrong with it, the caller says the same.
    return null;
  }
}

function checksum(key: Uint8Array): Uint8Array {
  return sha256(utf8('sotto/recovery/checksum/v1'), key).subarray(0, CHECKSUM_BYTES);
}

function bundleBinding(lookup: Uint8Array): CommittingBinding {
  return { label: 'sotto/recovery/bundle/v1', context: { kit: sha256(lookup) } };
}

function roamingBinding(account: Uint8Array): CommittingBinding {
  return { label: 'sotto/recovery/roaming/v1', context: { account } };
}

const KEY_BYTES = 16;
const CHECKSUM_BYTES = 4;
