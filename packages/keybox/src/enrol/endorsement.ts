import { equal } from '@sotto/bytes';
import { Secret, type Suite } from '@sotto/crypto';
import {
  activeDevices,
  type Chain,
  type ChainDevice,
  currentUserKey,
  type DeviceDescription,
  type DeviceKind,
  type DeviceSecrets,
  ProtocolPeerFault,
  sealSeed,
} from '@sotto/protocol';
import { type ChainStep, type Signer, signNextStatement } from '../chain-statement.ts';
import { freeDeviceName } from '../device-secrets.ts';
import type { Platform } from '../ports.ts';

/** A device of the account that can speak for it now: its id, its signing key, and the newest user-key seed. */
export interface Endorser extends Signer {
  readonly seed: Secret;
}

/** Signs the `device.add` that admits a device at the end of the chain, under a name that was never used in it. */
export async function endorse(
  platform: Pick<Platform, 'suites' | 'clock'>,
  chain: Chain,
  {
    endorser,
    device,
    expiresAt = null,
  }: { readonly endorser: Endorser; readonly device: DeviceDescription; readonly expiresAt?: number | null },
): Promise<ChainStep> {
  const suite = platform.suites.byId(chain.suite);
  const named = { ...device, name: freeDeviceName(chain, device.name) };
  const { generation } = currentUserKey(chain);
  const binding = { account: chain.fingerprint, device: named, generation };
  const sealedSeed = await sealSeed(suite, endorser.seed, binding);
  const body = { device: named, generation, sealedSeed, expiresAt };
  return signNextStatement(platform, chain, { content: { type: 'device.add', body }, signers: [endorser] });
}

/** The active device of the chain to which these secrets belong. Throws `bundle-invalid` if there is none. */
export async function deviceOfSecrets(
  suite: Suite,
  chain: Chain,
  { secrets, kind }: { readonly secrets: DeviceSecrets; readonly kind: DeviceKind },
): Promise<ChainDevice> {
  using signing = new Secret(secrets.signing);
  const publicKey = await suite.signature.publicKey(signing);
  const found = activeDevices(chain).find((device) => device.kind === kind && equal(device.signing, publicKey));
  if (found !== undefined) return found;
  throw new ProtocolPeerFault('bundle-invalid', `the sigchain does not list the ${kind} device that was sealed`);
}
