import { type SealBinding, type Secret, type Suite, sha256, type UserKeyPairs } from '@sotto/crypto';
import { type DeviceDescription, deviceId } from './device.ts';
import type { UserKeyGeneration } from './statement.ts';

/** Whom a user-key seed is sealed to: a device of an account. */
export interface SeedBinding {
  /** Fingerprint of the account. */
  readonly account: Uint8Array;
  readonly device: DeviceDescription;
  readonly generation: number;
}

/** Seals the seed of a user-key generation to a device, for `device.add`. */
export async function sealSeed(suite: Suite, seed: Secret, binding: SeedBinding): Promise<Uint8Array<ArrayBuffer>> {
  const plaintext = seed.unsafeExpose('sealed to a device of the same account');
  return suite.kem.seal(binding.device.kem, sealBinding(suite, binding), plaintext);
}

/**
 * Opens a sealed seed and checks it against the public keys that the chain names for the generation. Throws
 * `open-failed`.
 */
export async function openSeed(
  suite: Suite,
  { kem, sealed }: { readonly kem: Secret; readonly sealed: Uint8Array },
  { published, ...binding }: Omit<SeedBinding, 'generation'> & { readonly published: UserKeyGeneration },
): Promise<{ readonly seed: Secret; readonly pairs: UserKeyPairs }> {
  const { generation, room, container, wrapped } = published;
  const seed = await suite.kem.open(kem, sealBinding(suite, { ...binding, generation }), sealed);
  return { seed, pairs: await suite.userKeys.open(seed, { room, container, wrapped }) };
}

function sealBinding(suite: Suite, { account, device, generation }: SeedBinding): SealBinding {
  const context = { account, device: deviceId(suite.id, device), recipient: sha256(device.kem), generation };
  return { purpose: 'sotto/seal/user-key-seed/v1', context };
}
