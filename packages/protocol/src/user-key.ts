import {
  deriveKey,
  openCommitting,
  type Primitives,
  type SealBinding,
  Secret,
  type Suite,
  sealCommitting,
  sha256,
  type UserKeyPairs,
} from '@sotto/crypto';
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

/** Whose seed is wrapped under which generation: `generation` is the newer one. */
export interface PreviousSeedBinding {
  /** Fingerprint of the account. */
  readonly account: Uint8Array;
  readonly generation: number;
}

/** Wraps the seed of the generation before under the new seed, committing: who has the newest opens all. */
export async function wrapPreviousSeed(
  primitives: Primitives,
  { seed, previous }: { readonly seed: Secret; readonly previous: Secret },
  binding: PreviousSeedBinding,
): Promise<Uint8Array<ArrayBuffer>> {
  const context = previousContext(binding);
  using key = deriveKey(seed, PREVIOUS, context);
  const plaintext = previous.unsafeExpose('wrapped under the next generation of the same account');
  return sealCommitting(primitives, key, { label: PREVIOUS, context }, plaintext);
}

/** Throws `open-failed`. The caller checks the seed against the keys that the chain names for its generation. */
export async function unwrapPreviousSeed(
  primitives: Primitives,
  { seed, wrapped }: { readonly seed: Secret; readonly wrapped: Uint8Array },
  binding: PreviousSeedBinding,
): Promise<Secret> {
  const context = previousContext(binding);
  using key = deriveKey(seed, PREVIOUS, context);
  const opened = await openCommitting(primitives, key, { label: PREVIOUS, context }, wrapped);
  const secret = new Secret(opened);
  opened.fill(0);
  return secret;
}

function previousContext({ account, generation }: PreviousSeedBinding) {
  return { account, generation };
}

function sealBinding(suite: Suite, { account, device, generation }: SeedBinding): SealBinding {
  const context = { account, device: deviceId(suite.id, device), recipient: sha256(device.kem), generation };
  return { purpose: 'sotto/seal/user-key-seed/v1', context };
}

const PREVIOUS = 'sotto/user-key/previous/v1';
